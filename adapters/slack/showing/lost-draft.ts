/** A message of an unfinished reply whose beginning nobody saw end: looked for, so that views and send.ts go on in it. */
import { z } from "zod";
import type { Failure } from "../failure.ts";
import { isDraft, isNamed } from "../metadata.ts";
import type { ViewDeps } from "./draft-view.ts";

const read = z.looseObject({
  messages: z.array(z.looseObject({ ts: z.string(), user: z.string().nullish(), metadata: z.unknown().optional() })),
});

const asked = z.looseObject({ user_id: z.string().min(1) });

/** Two clocks are never the same. */
const SKEW_S = 60;
const LIMIT = 100;

type Where = Pick<ViewDeps, "api" | "clock" | "channel" | "thread" | "turn">;
type Kind = "posted" | "streamed" | "either";

/**
 * Its id, or undefined when there is none; begun a moment ago unless `since` says when. A posted one is known by its
 * metadata; a stream cannot carry any: it is what we said in the thread that has none, as all else that we say has.
 */
export async function lookForDraft(
  { api, clock, channel, thread, turn }: Where,
  kind: Kind,
  since: number = clock.now().getTime(),
  signal?: AbortSignal,
): Promise<{ readonly kind: "looked"; readonly ts: string | undefined } | Failure> {
  const oldest = (since / 1_000 - SKEW_S).toFixed(6);
  const range = { channel, ts: thread, oldest, limit: LIMIT, include_all_metadata: true };
  const answer = await api.call((client) => client.conversations.replies(range), signal);
  if (answer.kind !== "done") return answer;
  const { messages = [] } = read.safeParse(answer.value).data ?? {};
  const posted = messages.findLast(({ metadata }) => isDraft(turn, metadata));
  if (posted !== undefined || kind === "posted") return { kind: "looked", ts: posted?.ts };
  // In a channel other programs may write, too.
  const self = await api.call((client) => client.auth.test(), signal);
  if (self.kind !== "done") return self;
  const us = asked.safeParse(self.value).data?.user_id;
  const streamed = messages.findLast(
    ({ ts, user, metadata }) => ts !== thread && us !== undefined && user === us && !isNamed(metadata),
  );
  return { kind: "looked", ts: streamed?.ts };
}

/** The same, where not to know is as good as that there is none. */
export async function findLostDraft(where: Where, kind: Kind, since?: number): Promise<string | undefined> {
  const found = await lookForDraft(where, kind, since);
  return found.kind === "looked" ? found.ts : undefined;
}
