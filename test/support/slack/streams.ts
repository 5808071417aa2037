/** Native streaming by its real rules: a thread, five minutes by the peer's clock, and the reader's own stop. */
import type { Clock } from "#core";
import { refused, type Methods } from "./method.ts";
import { blocksOverLimit, overLimit } from "./limits.ts";
import type { Json, Workspace } from "./workspace.ts";

type Stream = {
  readonly channel: string;
  readonly ts: string;
  readonly startedAt: number;
  text: string;
  state: "open" | "stopped" | "stopped_by_user" | "expired";
};

export type Streams = ReturnType<typeof createStreams>;

const LIFE_MS = 5 * 60_000;

export function createStreams(workspace: Workspace, clock: Clock, onPosted: (channel: string, thread: string) => void) {
  const all: Stream[] = [];
  const find = (channel: string, ts: string): Stream | undefined => {
    const stream = all.find((one) => one.channel === channel && one.ts === ts);
    if (stream?.state === "open" && clock.now().getTime() - stream.startedAt >= LIFE_MS) stream.state = "expired";
    return stream;
  };
  const keep = (stream: Stream, blocks?: unknown) =>
    workspace.call("chat.update", {
      channel: stream.channel,
      ts: stream.ts,
      text: stream.text,
      ...(blocks === undefined ? {} : { blocks }),
    });
  const open = async (args: Json): Promise<Stream | Json> => {
    const stream = find(args["channel"], args["ts"]);
    if (!stream) return refused("message_not_found");
    if (stream.state === "stopped_by_user") return refused("stopped_by_user");
    return stream.state === "open" ? stream : refused("message_not_in_streaming_state");
  };
  const methods: Methods = {
    async "chat.startStream"(args) {
      if (!args["thread_ts"]) return refused("invalid_arguments");
      const isDirect = String(args["channel"]).startsWith("D");
      if (!isDirect && (!args["recipient_user_id"] || !args["recipient_team_id"])) return refused("missing_recipient");
      const over = overLimit(args, "stream") ?? chunksOver(args);
      if (over) return refused(over);
      const text = textOf(args);
      const { channel, thread_ts } = args;
      const answer = await workspace.call("chat.postMessage", { channel, thread_ts, text: text === "" ? " " : text });
      if (!answer["ok"]) return answer;
      all.push({ channel: answer["channel"], ts: answer["ts"], startedAt: clock.now().getTime(), text, state: "open" });
      onPosted(channel, thread_ts);
      return { ok: true, channel: answer["channel"], ts: answer["ts"] };
    },
    async "chat.appendStream"(args) {
      const over = overLimit(args, "stream") ?? chunksOver(args);
      if (over) return refused(over);
      const stream = await open(args);
      if (!isStream(stream)) return stream;
      stream.text += textOf(args);
      await keep(stream);
      return { ok: true, channel: stream.channel, ts: stream.ts };
    },
    async "chat.stopStream"(args) {
      const over = overLimit(args, "stream") ?? chunksOver(args);
      if (over) return refused(over);
      const stream = await open(args);
      if (!isStream(stream)) return stream;
      stream.text += textOf(args);
      stream.state = "stopped";
      const { message } = await keep(stream, args["blocks"]);
      return { ok: true, channel: stream.channel, ts: stream.ts, message };
    },
  };
  return {
    methods,
    wasPosted: onPosted,
    isOpen: (channel: string, ts: string): boolean => find(channel, ts)?.state === "open",
    /** As the reader does with the button beside a growing message; the newest one of the channel. */
    stop(channel: string): void {
      const stream = all.findLast((one) => one.channel === channel && one.state === "open");
      if (!stream) throw new Error("nothing streams there");
      stream.state = "stopped_by_user";
    },
    all: all as readonly Readonly<Stream>[],
  };
}

const isStream = (value: Stream | Json): value is Stream => "startedAt" in value;

/** Markdown of the call itself or of its chunks. */
function textOf({ markdown_text: markdown = "", chunks = [] }: Json): string {
  return markdown + chunks.map((chunk: Json) => (chunk["type"] === "markdown_text" ? chunk["text"] : "")).join("");
}

function chunksOver({ chunks = [], blocks }: Json): string | undefined {
  if (textOf({ chunks }).length > 12_000) return "msg_too_long";
  return blocks === undefined ? undefined : blocksOverLimit(blocks);
}
