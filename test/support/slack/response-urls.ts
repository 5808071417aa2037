/** Addresses that come with a command or a click: five answers within thirty minutes. Used by peer.ts. */
import { randomUUID } from "node:crypto";
import type { Clock } from "#core";
import type { Ephemeral } from "./chat.ts";
import type { Json, Workspace } from "./workspace.ts";

type Issued = { readonly channel: string; readonly user: string; readonly at: number; used: number };

const USES = 5;
const LIFE_MS = 30 * 60_000;

export function createResponseUrls(workspace: Workspace, clock: Clock, ephemerals: Ephemeral[]) {
  const issued = new Map<string, Issued>();
  const answers: Json[] = [];
  return {
    /** All that was answered by such addresses. */
    answers: answers as readonly Json[],
    issue(channel: string, user: string): string {
      const path = `/response/${randomUUID()}`;
      issued.set(path, { channel, user, at: clock.now().getTime(), used: 0 });
      return path;
    },
    async use(path: string, body: Json): Promise<{ readonly status: number; readonly body: Json | string }> {
      const url = issued.get(path);
      if (!url) return { status: 404, body: { ok: false, error: "invalid_url" } };
      if (clock.now().getTime() - url.at >= LIFE_MS) return { status: 404, body: { ok: false, error: "expired_url" } };
      if (url.used >= USES) return { status: 404, body: { ok: false, error: "used_url" } };
      if (!body["text"] && !body["blocks"] && !body["delete_original"])
        return { status: 400, body: { ok: false, error: "no_text" } };
      url.used += 1;
      answers.push({ ...body, channel: url.channel, user: url.user });
      const { text = "", blocks = [], thread_ts: thread = null } = body;
      if (body["response_type"] === "in_channel")
        await workspace.call("chat.postMessage", { channel: url.channel, text, blocks });
      else if (thread === null || (await workspace.isActive(url.channel, thread)))
        ephemerals.push({ channel: url.channel, user: url.user, text, blocks, thread, via: "response_url" });
      return { status: 200, body: "ok" };
    },
  };
}
