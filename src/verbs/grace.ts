/** How long a secret stays good beside the one that takes its place. Used by hooks.ts and receivers.ts. */
import { z } from "zod";

/** Hours; a day when nobody says. */
export const grace = z.coerce
  .number("the grace must be a number of hours")
  .min(0, "the grace cannot be negative")
  .max(24 * 30, "the grace is at most 720 hours, 30 days")
  .default(24);

export const graceEnd = (hours: number, now: Date): Date => new Date(now.getTime() + hours * 3_600_000);
