/** A message of an unfinished reply that came to be when its turn had ended: taken away once it is sure to be no reply's. */
import { z } from "zod";
import { isLastPart, isReply } from "../metadata.ts";
import type { Pause } from "../pause.ts";
import type { ViewDeps } from "./draft-view.ts";

export type OrphanDeps = Pick<ViewDeps, "api" | "channel" | "thread" | "turn"> & {
  readonly pause: Pause;
  readonly signal: AbortSignal;
};

const read = z.looseObject({
  messages: z.array(z.looseObject({ ts: z.string(), metadata: z.unknown().optional() })),
});

/** Before each look. Whoever delivers later than that looks for the message first, and writes the reply over it. */
const PAUSES_MS = [500, 2_000, 10_000, 30_000];
const SKEW_S = 60;
const LIMIT = 200;

/** Never rejects for what Slack answers. Another process may deliver the reply, into this message or beside it. */
export async function takeAway(ts: string, deps: OrphanDeps): Promise<void> {
  const { api, channel, thread, turn, pause, signal } = deps;
  const range = { channel, ts: thread, oldest: (Number(ts) - SKEW_S).toFixed(6), limit: LIMIT };
  for (const ms of PAUSES_MS) {
    await pause(ms, signal);
    if (signal.aborted) return;
    const answer = await api.call((client) => client.conversations.replies({ ...range, include_all_metadata: true }));
    const { messages = [] } = answer.kind === "done" ? (read.safeParse(answer.value).data ?? {}) : {};
    const own = messages.find((message) => message.ts === ts);
    if (own && isReply(own.metadata)) return;
    if (!own || !messages.some(({ metadata }) => isLastPart(turn, metadata))) continue;
    await api.call((client) => client.chat.delete({ channel, ts }));
    return;
  }
}
