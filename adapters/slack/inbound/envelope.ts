/** A payload of Slack with what Nova knows about it beside: all that the pure parts read. Made by receive.ts. */
import { z } from "zod";

export const envelope = z.object({
  /** Nova's own team and account. */
  team: z.string().min(1),
  bot: z.object({ user: z.string().min(1), id: z.string().min(1).nullable() }),
  /** Names of people by their ids, as far as they are known. */
  names: z.record(z.string(), z.string()).default({}),
  /** The sealed address that answers this command, and until when it does. */
  handle: z
    .object({ sealed: z.string().min(1), expiresAt: z.number() })
    .nullable()
    .default(null),
  /** Parsed JSON or form that nobody has looked at. */
  body: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;

/** The outer part of every event. */
export const eventBody = z.object({
  type: z.literal("event_callback"),
  event_id: z.string().min(1).max(200),
  event: z.looseObject({ type: z.string() }),
});
