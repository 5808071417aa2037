/** A settled reply waits to be fetched: it is in the transcript already, and GET /api/messages/:id shows it. */
import type { OutPart, SendResult } from "#core";

export const send = (part: OutPart): SendResult => ({ kind: "sent", externalId: part.id });
