/** Looks into a channel for a part whose fate is in doubt. Made by index.ts, used by send.ts and reconcile.ts. */
import { z } from "zod";
import type { OutPart } from "#core";
import { partNonce } from "../message.ts";
import type { Rest } from "../rest.ts";
import type { Tries } from "./tries.ts";

export type Found =
  | { readonly kind: "sent"; readonly message: string }
  | { readonly kind: "absent" }
  | { readonly kind: "cannot_tell" };

const listed = z.array(
  z.object({
    id: z.string(),
    content: z.string(),
    timestamp: z.coerce.date(),
    edited_timestamp: z.coerce.date().nullish().catch(null),
    nonce: z.coerce.string().optional(),
    author: z.object({ id: z.string() }),
  }),
);
const self = z.object({ id: z.string() });

export type Place = {
  readonly channel: string;
  readonly content: string;
  /** When the message was made that the part may have been written into; the part's own time unless it is said. */
  readonly from?: Date;
};

const LIMIT = 100;
/** Two clocks are never the same. */
const SKEW_MS = 10_000;

export function createLook(rest: Rest, tries: Tries) {
  let me: string | undefined;

  async function ownId(signal?: AbortSignal): Promise<string | undefined> {
    if (me !== undefined) return me;
    const answer = await rest.call({ method: "GET", route: "/users/@me" }, signal);
    me = answer.kind === "done" ? self.safeParse(answer.body).data?.id : undefined;
    return me;
  }

  return async (part: OutPart, at: Place, signal?: AbortSignal): Promise<Found> => {
    const own = await ownId(signal);
    const route = `/channels/${at.channel}/messages` as const;
    const answer = await rest.call({ method: "GET", route, query: { limit: String(LIMIT) } }, signal);
    const messages = answer.kind === "done" ? listed.safeParse(answer.body).data : undefined;
    if (own === undefined || !messages) return { kind: "cannot_tell" };
    const since = part.at.getTime() - SKEW_MS;
    const found = messages.find(
      ({ id, author, content, timestamp, edited_timestamp: edited, nonce }) =>
        author.id === own &&
        content.trim() === at.content.trim() &&
        (edited ?? timestamp).getTime() >= since &&
        // The same words of another turn; what was written over has the nonce of its first words.
        (nonce === undefined || edited || nonce === partNonce(part)) &&
        !tries.isOther(part.id, id),
    );
    if (found) return { kind: "sent", message: found.id };
    // A full page that does not reach back to the part may have left it out.
    const oldest = messages.at(-1);
    const earliest = Math.min(since, at.from?.getTime() ?? since);
    const reachesBack = messages.length < LIMIT || (oldest !== undefined && oldest.timestamp.getTime() < earliest);
    return { kind: reachesBack ? "absent" : "cannot_tell" };
  };
}

export type Look = ReturnType<typeof createLook>;
