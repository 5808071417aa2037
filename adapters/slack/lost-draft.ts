/** A message of an unfinished reply whose beginning nobody saw end: looked for, so that the reply goes on in it. */
import { z } from "zod";
import { isDirect } from "./address.ts";
import type { ViewDeps } from "./draft-view.ts";
import { isDraft } from "./message.ts";

const read = z.looseObject({
  messages: z.array(z.looseObject({ ts: z.string(), bot_id: z.string().nullish(), metadata: z.unknown().optional() })),
});

/** Every part has some. */
const named = z.looseObject({ event_type: z.string().min(1) });

/** Two clocks are never the same. */
const SKEW_S = 60;
const LIMIT = 100;

/**
 * Its id, or undefined. A posted one is known by its metadata; a stream cannot carry any, and where other programs may
 * write, too, nobody can tell whose it is.
 */
export async function findLostDraft(
  { api, clock, channel, thread, turn }: ViewDeps,
  kind: "posted" | "streamed",
): Promise<string | undefined> {
  if (kind === "streamed" && !isDirect(channel)) return undefined;
  const oldest = (clock.now().getTime() / 1_000 - SKEW_S).toFixed(6);
  const range = { channel, ts: thread, oldest, limit: LIMIT, include_all_metadata: true };
  const answer = await api.call((client) => client.conversations.replies(range));
  const { messages = [] } = answer.kind === "done" ? (read.safeParse(answer.value).data ?? {}) : {};
  const found = messages.findLast(({ ts, bot_id: bot, metadata }) =>
    kind === "posted" ? isDraft(turn, metadata) : ts !== thread && Boolean(bot) && !named.safeParse(metadata).success,
  );
  return found?.ts;
}
