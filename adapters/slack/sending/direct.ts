/** A person's direct conversation, where it is said what nothing else takes any more. Used by send.ts and write-over.ts. */
import type { SlackApi } from "../api.ts";
import type { NotSent } from "../failure.ts";

/** However opening it ends, nothing was written into it. */
export async function directWith(user: string, api: SlackApi, signal: AbortSignal): Promise<string | NotSent> {
  const opened = await api.call((client) => client.conversations.open({ users: user }), signal);
  if (opened.kind === "unknown") return { ...opened, kind: "not_sent", retry: true };
  if (opened.kind === "not_sent") return opened;
  return opened.value.channel?.id ?? { kind: "not_sent", retry: false, code: "no_direct_conversation" };
}
