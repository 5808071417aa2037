/** Writes over a message of our own: the draft of a reply, or a card that is not true any more. One write. Used by send.ts. */
import type { ChatUpdateArguments } from "@slack/web-api";
import type { AdapterHost, OutPart, SendResult } from "#core";
import { commandUserOf } from "../address.ts";
import type { Called, SlackApi } from "../api.ts";
import { ts as messageId } from "../ids.ts";
import { buttons, partMessage } from "../message.ts";
import { partMetadata } from "../metadata.ts";
import { directWith } from "./direct.ts";
import { resultOf } from "./result.ts";
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

/** Undefined for a part that replaces nothing. What cannot be replaced any more is no loss, and counts as done. */
export async function amended(part: OutPart, deps: WriteDeps, signal: AbortSignal): Promise<SendResult | undefined> {
  const { amends: ts, address } = part;
  if (ts === null) return undefined;
  const done: SendResult = { kind: "sent", externalId: ts };
  // What was answered by a response URL has no such id, and nobody reaches it again.
  if (!messageId.safeParse(ts).success) return done;
  const user = commandUserOf(address);
  // Where what was said by commands stands when no response URL showed it.
  const channel = user === undefined ? address.container : await directWith(user, deps.api, signal);
  if (typeof channel !== "string") return channel.retry ? resultOf(channel, ts) : done;
  const thread = user === undefined ? address.root : null;
  const answer = await writeOver(part, { channel, thread, ts }, deps, signal);
  if (answer.kind === "done" || (answer.kind === "not_sent" && !answer.retry)) return done;
  return resultOf(answer, ts);
}
