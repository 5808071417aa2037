/** A message of an unfinished reply whose beginning nobody saw end: looked for, so that the reply goes on in it. */
import { z } from "zod";
import type { ViewDeps } from "./draft-view.ts";
import { isDraft } from "./message.ts";

const read = z.looseObject({
  messages: z.array(z.looseObject({ ts: z.string(), user: z.string().nullish(), metadata: z.unknown().optional() })),
});

/** Every part has some. */
const named = z.looseObject({ event_type: z.string().min(1) });
const asked = z.looseObject({ user_id: z.string().min(1) });

/** Two clocks are never the same. */
const SKEW_S = 60;
const LIMIT = 100;

/**
 * Its id, or undefined; begun a moment ago unless `since` says when. A posted one is known by its metadata; a stream
 * cannot carry any: it is what we said in the thread that is no part of a reply.
 */
export async function findLostDraft(
  { api, clock, channel, thread, turn }: ViewDeps,
  kind: "posted" | "streamed" | "either",
  since: number = clock.now().getTime(),
): Promise<string | undefined> {
  const oldest = (since / 1_000 - SKEW_S).toFixed(6);
  const range = { channel, ts: thread, oldest, limit: LIMIT, include_all_metadata: true };
  const answer = await api.call((client) => client.conversations.replies(range));
  const { messages = [] } = answer.kind === "done" ? (read.safeParse(answer.value).data ?? {}) : {};
  const posted = messages.findLast(({ metadata }) => isDraft(turn, metadata));
  if (posted !== undefined || kind === "posted") return posted?.ts;
  // In a channel other programs may write, too.
  const self = await api.call((client) => client.auth.test());
  const us = self.kind === "done" ? asked.safeParse(self.value).data?.user_id : undefined;
  const streamed = messages.findLast(
    ({ ts, user, metadata }) => ts !== thread && us !== undefined && user === us && !named.safeParse(metadata).success,
  );
  return streamed?.ts;
}
