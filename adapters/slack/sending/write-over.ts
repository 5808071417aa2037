/** Writes over a message of our own: the draft of a reply, or a card that is not true any more. One write. Used by send.ts. */
import type { ChatUpdateArguments } from "@slack/web-api";
import type { AdapterHost, OutPart, SendResult } from "#core";
import type { Called, SlackApi } from "../api.ts";
import type { Failure } from "../failure.ts";
import { buttons, partMessage, partMetadata } from "../message.ts";
import type { Tries } from "./tries.ts";

export type WriteDeps = {
  readonly api: SlackApi;
  readonly tries: Tries;
  readonly host: Pick<AdapterHost, "agentName" | "clock">;
};

type At = { readonly channel: string; readonly thread: string | null; readonly ts: string };

/** What Slack says of blocks that it does not like; the words alone will do then. */
const BAD_BLOCKS = new Set(["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"]);

export const isBadBlocks = (answer: Called<unknown>): boolean =>
  answer.kind === "not_sent" && BAD_BLOCKS.has(answer.code);

export async function writeOver(part: OutPart, at: At, { api, host, tries }: WriteDeps, signal: AbortSignal) {
  const { text, blocks } = partMessage(part, host);
  const { channel, ts } = at;
  tries.begun(part, { channel, thread: at.thread, at: host.clock.now().getTime(), isSafe: true });
  const args: ChatUpdateArguments = { channel, ts, text, blocks, metadata: partMetadata(part) };
  const answer = await api.call((client) => client.chat.update(args), signal);
  if (!isBadBlocks(answer)) return busy(answer);
  // Whoever has to decide needs the buttons more than the looks.
  const bare = { ...args, text: part.body, blocks: [...buttons(part.actions)] };
  return api.call((client) => client.chat.update(bare), signal);
}

/** A stream that is still open closes a moment later. */
const BUSY_MS = 2_000;
const busy = <T>(answer: Called<T>): Called<T> =>
  answer.kind === "not_sent" && answer.code === "streaming_state_conflict"
    ? { ...answer, retry: true, afterMs: BUSY_MS }
    : answer;

/** Ids of messages; what was answered by a response URL has none, and nobody reaches it again. */
const MESSAGE = /^\d{1,12}\.\d{1,9}$/;

/** Undefined for a part that replaces nothing. What cannot be replaced any more is no loss, and counts as done. */
export async function amended(part: OutPart, deps: WriteDeps, signal: AbortSignal): Promise<SendResult | undefined> {
  const { amends: ts, address } = part;
  if (ts === null) return undefined;
  const done: SendResult = { kind: "sent", externalId: ts };
  if (!MESSAGE.test(ts)) return done;
  const channel = await channelOf(part, deps.api, signal);
  if (typeof channel !== "string") return channel.retry ? resultOf(channel) : done;
  const thread = address.root?.startsWith("@") ? null : address.root;
  const answer = await writeOver(part, { channel, thread, ts }, deps, signal);
  if (answer.kind === "done" || (answer.kind === "not_sent" && !answer.retry)) return done;
  return resultOf(answer);
}

/** Where what was said by commands stands when no response URL showed it: in the direct conversation. */
async function channelOf({ address }: OutPart, api: SlackApi, signal: AbortSignal): Promise<string | Failure> {
  if (!address.root?.startsWith("@")) return address.container;
  const users = address.root.slice(1);
  const opened = await api.call((client) => client.conversations.open({ users }), signal);
  if (opened.kind === "unknown") return { ...opened, kind: "not_sent", retry: true };
  if (opened.kind !== "done") return opened;
  return opened.value.channel?.id ?? { kind: "not_sent", retry: false, code: "no_direct_conversation" };
}

function resultOf({ kind, code, retry, afterMs }: Failure): SendResult {
  if (kind === "unknown") return { kind, code };
  return { kind, retry, code, ...(afterMs === undefined ? {} : { afterMs }) };
}
