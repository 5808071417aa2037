/** What `nova receivers` returns, form by form. Drawn by receivers-words.ts. */
import { z } from "zod";

const receiver = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  state: z.enum(["active", "disabled"]),
  disabledWhy: z.string().nullable(),
  createdAt: z.coerce.date(),
  failingSince: z.coerce.date().nullable(),
});
export type ShownReceiver = z.infer<typeof receiver>;

const delivery = z.object({
  id: z.string(),
  receiver: z.string(),
  event: z.string(),
  state: z.enum(["waiting", "delivered", "failed"]),
  attempts: z.int(),
  lastCode: z.string().nullable(),
  createdAt: z.coerce.date(),
  lastAt: z.coerce.date().nullable(),
  nextAt: z.coerce.date().nullable(),
});
export type ShownDelivery = z.infer<typeof delivery>;

const issued = z.object({
  receiver,
  secret: z.string(),
  /** Until then the secret before signs, too; null where there is none. */
  formerGoodUntil: z.coerce.date().nullable(),
  /** What else is worth knowing, a sentence each. */
  notes: z.array(z.string()),
});
export type IssuedReceiver = z.infer<typeof issued>;

const tried = z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), advice: z.string(), ms: z.number() });
export type TriedReceiver = z.infer<typeof tried>;

export const output = z.union([
  z.object({ receivers: z.array(receiver) }),
  issued,
  z.object({ removed: z.string() }),
  z.object({ tried }),
  z.object({ deliveries: z.array(delivery) }),
  z.object({ replayed: delivery }),
]);
export type ReceiversOutput = z.infer<typeof output>;
