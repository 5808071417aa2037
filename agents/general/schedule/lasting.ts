/** Words for a time that were said a while ago, so that they still mean what they meant then. Used by scheduler.ts. */
import { dated, dateOf, daysLater, momentOf, readWhen, wallOf, type Here } from "#core";
import type { Order } from "./orders.ts";

/** `then`: where and when they were said; `now`: when they are read. */
export async function lasting(words: string, then: Here, now: Date): Promise<string> {
  const { zone } = then;
  const read = await readWhen(words, then);
  if (read.kind === "when" && read.when.kind === "at") {
    const { at } = read.when;
    const again = await readWhen(words, { zone, now });
    const isSame = again.kind === "when" && again.when.kind === "at" && again.when.at.getTime() === at.getTime();
    return isSame ? words : dated(at, zone);
  }
  const day = wallOf(then.now, zone);
  const date = (days: number): string => dateOf(momentOf(daysLater(day, days), zone), zone);
  if (date(0) === dateOf(now, zone)) return words;
  return DAYS.reduce((text, [name, days]) => text.replace(name, () => date(days)), words);
}

/** As they count from the day that they are said on. */
const DAYS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:the )?day after tomorrow\b|(?<!\p{L})übermorgen\b/iu, 2],
  [/\btomorrow\b|(?<!(?:am|jeden|diesen) )\bmorgen\b/i, 1],
  [/\btoday\b|\bheute\b|\bthis(?= (?:morning|afternoon|evening)\b)/i, 0],
];

/** The same of the time that an order names. */
export async function lastingOrder(order: Order, then: Here, now: Date): Promise<Order> {
  switch (order.kind) {
    case "remind":
    case "ask":
      return { ...order, when: await lasting(order.when, then, now) };
    case "change":
      return order.change === "time" ? { ...order, to: await lasting(order.to, then, now) } : order;
    case "several":
    case "cancel":
    case "list":
      return order;
  }
}
