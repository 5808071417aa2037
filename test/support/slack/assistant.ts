/** Status lines, suggested prompts and titles of assistant threads, kept for a test to look at. Used by peer.ts. */
import { refused, type Methods } from "./method.ts";
import type { Json } from "./workspace.ts";

export type Status = {
  readonly channel: string;
  readonly thread: string;
  /** Empty: taken away, by the bot or because it posted. */
  readonly status: string;
  readonly lines: readonly string[];
};
export type Prompts = { readonly channel: string; readonly thread: string | null; readonly prompts: readonly Json[] };

export function createAssistant() {
  const statuses: Status[] = [];
  const prompts: Prompts[] = [];
  const titles: Json[] = [];
  const methods: Methods = {
    async "assistant.threads.setStatus"({
      channel_id: channel,
      thread_ts: thread,
      status,
      loading_messages: lines = [],
    }) {
      if (!channel || !thread || typeof status !== "string") return refused("invalid_arguments");
      if (lines.length > 10) return refused("invalid_arguments");
      statuses.push({ channel, thread, status, lines });
      return { ok: true };
    },
    async "assistant.threads.setSuggestedPrompts"({ channel_id: channel, thread_ts: thread = null, prompts: some }) {
      if (!channel || !Array.isArray(some) || some.length === 0 || some.length > 4) return refused("invalid_arguments");
      if (some.some(({ title, message }: Json) => !title || !message)) return refused("invalid_arguments");
      prompts.push({ channel, thread, prompts: some });
      return { ok: true };
    },
    async "assistant.threads.setTitle"({ channel_id: channel, thread_ts: thread, title }) {
      if (!channel || !thread || !title) return refused("invalid_arguments");
      titles.push({ channel, thread, title });
      return { ok: true };
    },
  };
  return {
    methods,
    statuses,
    prompts,
    titles,
    /** A message of the bot takes the status of its thread away. */
    wasPosted(channel: string, thread: string): void {
      const last = statuses.findLast((one) => one.channel === channel && one.thread === thread);
      if (last && last.status !== "") statuses.push({ channel, thread, status: "", lines: [] });
    },
  };
}
