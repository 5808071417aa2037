/** Posting, changing and reading messages: emulate's Slack with the limits that it does not know. Used by peer.ts. */
import { overLimit } from "./limits.ts";
import { refused, type Methods } from "./method.ts";
import type { Streams } from "./streams.ts";
import type { Json, Workspace } from "./workspace.ts";

export type Ephemeral = {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly thread: string | null;
  /** How it came: by the method, in the answer to a command, or by a response URL. */
  readonly via: "method" | "ack" | "response_url";
};

export function chatMethods(workspace: Workspace, streams: Streams, ephemerals: Ephemeral[]): Methods {
  const bare = (message: Json): Json => {
    const { metadata: _, ...rest } = message;
    return rest;
  };
  const read = (method: string) => async (args: Json) => {
    const answer = await workspace.call(method, args);
    if (!answer["ok"]) return answer;
    const messages = (answer["messages"] as Json[]).filter(({ ts }) => inRange(ts, args));
    const whole = args["include_all_metadata"] === true || args["include_all_metadata"] === "true";
    return { ...answer, messages: whole ? messages : messages.map(bare) };
  };
  return {
    async "chat.postMessage"(args) {
      const over = overLimit(args, "post");
      if (over) return refused(over);
      const answer = await workspace.call("chat.postMessage", asText(args));
      if (answer["ok"]) streams.wasPosted(args["channel"], args["thread_ts"]);
      return answer;
    },
    async "chat.update"(args) {
      if (streams.isOpen(args["channel"], args["ts"])) return refused("streaming_state_conflict");
      const over = overLimit(args, "update");
      return over ? refused(over) : workspace.call("chat.update", asText(args));
    },
    async "chat.delete"(args) {
      return workspace.call("chat.delete", args);
    },
    async "chat.postEphemeral"(args) {
      const over = overLimit(args, "post");
      if (over) return refused(over);
      const answer = await workspace.call("chat.postEphemeral", asText(args));
      const { channel, user, text = "", blocks = [], thread_ts: thread = null } = asText(args);
      const isSeen = thread === null || (await workspace.isActive(channel, thread));
      if (answer["ok"] && isSeen) ephemerals.push({ channel, user, text, blocks, thread, via: "method" });
      return answer;
    },
    "conversations.history": read("conversations.history"),
    "conversations.replies": read("conversations.replies"),
  };
}

/** What is written as Markdown is kept as the text. */
function asText({ markdown_text: markdown, ...args }: Json): Json {
  return markdown === undefined ? args : { ...args, text: markdown };
}

function inRange(ts: string, { oldest, latest, inclusive }: Json): boolean {
  const at = Number(ts);
  const isWithin = inclusive === true || inclusive === "true" ? 0 : 1e-7;
  return (
    (oldest === undefined || at >= Number(oldest) + isWithin) &&
    (latest === undefined || at <= Number(latest) - isWithin)
  );
}
