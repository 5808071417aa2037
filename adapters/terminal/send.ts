/** A settled reply to whoever waits for it. It is in the transcript already, so an absent person misses nothing. */
import type { OutPart, SendResult } from "#core";
import type { Desk } from "./desk.ts";

export function send(part: OutPart, desk: Pick<Desk, "sent">): SendResult {
  desk.sent(part);
  return { kind: "sent", externalId: part.id };
}
