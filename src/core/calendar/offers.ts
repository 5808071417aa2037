/** What a question about a time offers: words that read for certain when they come back. Pure. */
import type { Here, ReadWhen } from "./when.ts";
import type { DayPart, TimeOfDay } from "./time-of-day.ts";
import { dated, tellClock } from "./told.ts";
import { daysLater, wallOf, type Wall } from "./zone.ts";

/** No question offers more. */
const MOST = 5;

const HOURS: Readonly<Record<DayPart | "any", readonly number[]>> = {
  morning: [8, 9, 10],
  afternoon: [13, 15, 17],
  evening: [18, 19, 20],
  any: [9, 14, 18],
};

/** Likely times of a part of the day, or of a day. */
export const partTimes = (part: DayPart | undefined): readonly TimeOfDay[] =>
  HOURS[part ?? "any"].map((hour) => ({ hour, minute: 0, sure: true }));

/** The hours of today that are left to the evening, at most three. */
export const restOfEvening = (today: Wall): readonly TimeOfDay[] =>
  [21, 22, 23].filter((hour) => hour > today.hour).map((hour) => ({ hour, minute: 0, sure: true }));

export function momentsAsked(question: string, moments: readonly Date[], here: Here): ReadWhen {
  const options = [...new Set(moments.map((at) => momentWords(at, here)))].slice(0, MOST);
  return { kind: "unclear", question, options };
}

/** From this hour on "tomorrow" may be read when it is today. */
const LATE = 22;

/** "today at 17:00", "tomorrow at 09:00", "3 May 2027 at 09:00": reads back as the same moment. */
function momentWords(at: Date, { zone, now }: Here): string {
  const [day, today] = [wallOf(at, zone), wallOf(now, zone)];
  if (today.hour >= LATE) return dated(at, zone);
  const clock = tellClock(at, zone);
  const isDay = (other: typeof day) => other.year === day.year && other.month === day.month && other.day === day.day;
  if (isDay(today)) return `today at ${clock}`;
  if (isDay(daysLater(today, 1))) return `tomorrow at ${clock}`;
  return dated(at, zone);
}
