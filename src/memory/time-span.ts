/** The days that a question speaks of: "in March", "before July 2025", "last week". Called by rank.ts and query.ts. */
import { MONTHS } from "./time-words.ts";

/** From `from` on and before `to`, in milliseconds; open where it is infinite. */
export type TimeSpan = { readonly from: number; readonly to: number };

const DAY = 24 * 60 * 60 * 1000;
const MONTH = MONTHS.join("|");

const NAMED = new RegExp(`\\b(in|of|during|before|since|after)\\s+(${MONTH})\\b(?:\\s+(\\d{4})\\b)?`, "i");
const LATELY = /\b(?:(yesterday|today)|(last|this)\s+(week|month|year))\b/i;

/** By the calendar of UTC. A month without a year is the last one that has begun by `now`. */
export function spanIn(question: string, now: Date): TimeSpan | undefined {
  const [, word = "", name = "", year] = NAMED.exec(question) ?? [];
  if (name !== "") return besides(word.toLowerCase(), monthOf(name.toLowerCase(), year, now));
  const [, day, which, unit] = LATELY.exec(question) ?? [];
  if (day !== undefined) return daysAgo(day.toLowerCase() === "today" ? 0 : 1, now);
  return which === undefined ? undefined : periodOf(unit ?? "", which.toLowerCase() === "this" ? 0 : 1, now);
}

const UNTOLD = new RegExp(`\\b(?:(?:before|since|after)\\s+(?:${MONTH})|what\\s+time)\\b`, "gi");

/**
 * Lower-case words that ask for a time and stand in no answer: a line from since September does not say "September", and
 * "what time" is another "when".
 */
export const untoldIn = (question: string): ReadonlySet<string> =>
  new Set(Array.from(question.matchAll(UNTOLD), ([words]) => words.toLowerCase().split(/\s+/)).flat());

function monthOf(name: string, year: string | undefined, now: Date): TimeSpan {
  const month = MONTHS.findIndex((each) => each === name);
  const begun = month <= now.getUTCMonth() ? now.getUTCFullYear() : now.getUTCFullYear() - 1;
  return monthsFrom(year === undefined ? begun : Number(year), month, 1);
}

const monthsFrom = (year: number, month: number, count: number): TimeSpan => ({
  from: Date.UTC(year, month),
  to: Date.UTC(year, month + count),
});

function besides(word: string, { from, to }: TimeSpan): TimeSpan {
  if (word === "before") return { from: -Infinity, to: from };
  if (word === "since") return { from, to: Infinity };
  return word === "after" ? { from: to, to: Infinity } : { from, to };
}

function daysAgo(days: number, now: Date): TimeSpan {
  const from = Math.floor(now.getTime() / DAY) * DAY - days * DAY;
  return { from, to: from + DAY };
}

function periodOf(unit: string, ago: number, now: Date): TimeSpan {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  if (unit.toLowerCase() === "year") return monthsFrom(year - ago, 0, 12);
  if (unit.toLowerCase() === "month") return monthsFrom(year, month - ago, 1);
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  const { from } = daysAgo(sinceMonday + 7 * ago, now);
  return { from, to: from + 7 * DAY };
}
