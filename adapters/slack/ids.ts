/** Slack's ids as they come in, and the time that lies in a message's id. Read by everything that reads a payload. */
import { z } from "zod";

/** Ids are short and of one word; whatever else stands there is not Slack's. */
export const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
/** A message's id: seconds with a fraction. */
export const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

/** `otherwise` where the id holds no time. */
export function timeOf(ts: string, otherwise: Date): Date {
  const at = new Date(Number(ts) * 1_000);
  return Number.isNaN(at.getTime()) ? otherwise : at;
}
