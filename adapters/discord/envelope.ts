/** What is put around an event of Discord's so that it can be read by itself: who we are there. Put around by doors/gateway.ts; read by parse.ts and inbound/revision.ts. */
import { z } from "zod";
import { snowflake } from "./platform.ts";

export const EVENTS = [
  "MESSAGE_CREATE",
  "MESSAGE_UPDATE",
  "MESSAGE_DELETE",
  "MESSAGE_DELETE_BULK",
  "INTERACTION_CREATE",
] as const;

export const envelope = z.object({
  application: snowflake,
  /** Our own account. */
  bot: snowflake,
  event: z.enum(EVENTS),
  /** As the gateway or a signed post had it; nobody has looked at it. */
  data: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;
