/** A settled reply to every open tab of its person. It is in the transcript already, so an absent person misses nothing. */
import { personId, type OutPart, type SendResult } from "#core";
import { partEvent, type Names } from "./event.ts";
import type { Feed } from "./feed.ts";

export function send(part: OutPart, feed: Pick<Feed, "push">, names: Names): SendResult {
  feed.push(personId(part.address.container), partEvent(part, names));
  return { kind: "sent", externalId: part.id };
}
