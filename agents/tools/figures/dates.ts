/** Days of the calendar, UTC throughout: read from words, counted, shown. Used by date_math. */
import { en } from "chrono-node";
import { NovaError } from "#core";

/** A day, as milliseconds at its midnight UTC. */
export type Day = number;

export const DAY = 86_400_000;
export const UNITS = ["days", "weeks", "months", "years", "working days"] as const;
export type Unit = (typeof UNITS)[number];

const MOST_DAYS = 400_000;

/**
 * The dates that a text names, in order. Days come before months where only figures are written: 3/5/2026 is in May. A
 * date without a year is the coming one when the text looks ahead ("until"), else the nearest.
 */
export function daysIn(text: string, now: Date): readonly Day[] {
  const named = namedIn(text, now)
    .map((part) => ({ day: dayFrom(part), sure: !part.isCertain("month") || part.isCertain("year") }))
    .filter(({ day }) => Number.isFinite(day));
  const [first, second] = named;
  if (named.length !== 2 || !first || !second || (first.sure && second.sure)) return named.map(({ day }) => day);
  return first.sure || !second.sure
    ? [first.day, onward(second.day, first.day)]
    : [back(first.day, second.day), second.day];
}

/** First and last day of the one month that a text names without a day: "in June 2026". */
export function monthIn(text: string, now: Date): readonly [Day, Day] | undefined {
  const [month, another] = namedIn(text, now);
  if (!month || another || month.isCertain("day") || month.isCertain("weekday") || !month.isCertain("month")) return;
  const first = dayFrom(month);
  return [first, moveMonths(first, 1) - DAY];
}

function namedIn(text: string, now: Date) {
  const forwardDate = /\b(?:until|till|left|next|coming|to go)\b/i.test(text);
  return en.GB.parse(spelledOut(text), { instant: now, timezone: 0 }, { forwardDate }).flatMap(({ start, end }) =>
    end ? [start, end] : [start],
  );
}

const dayFrom = (part: Pick<ReturnType<typeof namedIn>[number], "get">): Day =>
  Date.UTC(part.get("year") ?? NaN, (part.get("month") ?? NaN) - 1, part.get("day") ?? NaN);

/** Of two dates the second is the later one: a year that is not written is the first one that makes it so. */
function onward(day: Day, from: Day): Day {
  const inYear = moveMonths(day, 12 * (yearOf(from) - yearOf(day)));
  return inYear < from ? moveMonths(inYear, 12) : inYear;
}

function back(day: Day, to: Day): Day {
  const inYear = moveMonths(day, 12 * (yearOf(to) - yearOf(day)));
  return inYear > to ? moveMonths(inYear, -12) : inYear;
}

const yearOf = (day: Day): number => new Date(day).getUTCFullYear();

/** The one date that a field names, or a NovaError. */
export function dayOf(text: string, now: Date): Day {
  const [day] = daysIn(text, now);
  if (day !== undefined) return day;
  throw new NovaError("bad_input", "A date cannot be read.", {
    advice: "Write it like 2026-05-03 or 3 May 2026.",
  });
}

export function today(now: Date): Day {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
}

/** A day so much later, or earlier with a negative amount. The 31st of a shorter month is its last day. */
export function later(day: Day, amount: number, unit: Unit): Day {
  const moved = move(day, amount, unit);
  if (Number.isFinite(moved) && Math.abs(moved - day) <= MOST_DAYS * DAY) return moved;
  throw new NovaError("bad_input", "That date is more than a thousand years away.", {
    advice: "Ask for a nearer one.",
  });
}

/** Mondays to Fridays from the first day to the second, both counted, as spreadsheets do; no holidays are known. */
export function workingDays(from: Day, to: Day): number {
  const weeks = Math.floor((to - from) / (7 * DAY));
  let count = weeks * 5;
  for (let day = from + weeks * 7 * DAY; day <= to; day += DAY) if (isWorkingDay(day)) count += 1;
  return count;
}

/** "Sunday 3 May 2026 (2026-05-03)" */
export function show(day: Day): string {
  const date = new Date(day);
  const words = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(date);
  return `${words.replaceAll(",", "")} (${date.toISOString().slice(0, 10)})`;
}

const MONTH = String.raw`(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s+\d{4})?`;

/** Feasts that stand on the same day each year. */
const FEASTS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:christmas|xmas) eve\b/gi, "24 December"],
  [/\bnew year['’]?s eve\b/gi, "31 December"],
  [/\b(?:christmas|xmas)(?: day)?\b/gi, "25 December"],
  [/\bnew year(?:['’]?s day)?\b/gi, "1 January"],
  [/\bhallowe['’]?en\b/gi, "31 October"],
  [/\bvalentine['’]?s(?: day)?\b/gi, "14 February"],
];

/** "between 1 and 30 June 2026" with both dates in full, and without words that look like a weekday. */
function spelledOut(text: string): string {
  const pair = new RegExp(String.raw`\b(\d{1,2})\s+(?:and|to)\s+(\d{1,2}\s+(${MONTH}))`, "gi");
  const dated = FEASTS.reduce((rest, [feast, date]) => rest.replace(feast, date), text);
  return dated.replace(/\b(?:week|working|business)\s?days?\b/gi, " ").replace(pair, "$1 $3 and $2");
}

function move(day: Day, amount: number, unit: Unit): Day {
  switch (unit) {
    case "days":
      return day + amount * DAY;
    case "weeks":
      return day + amount * 7 * DAY;
    case "months":
      return moveMonths(day, amount);
    case "years":
      return moveMonths(day, amount * 12);
    case "working days":
      return moveWorkingDays(day, amount);
  }
}

function moveMonths(day: Day, amount: number): Day {
  const date = new Date(day);
  const month = date.getUTCMonth() + amount;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last));
}

function moveWorkingDays(day: Day, amount: number): Day {
  if (Math.abs(amount) > MOST_DAYS) return Number.NaN;
  let moved = day;
  for (let left = Math.abs(amount); left > 0;) {
    moved += Math.sign(amount) * DAY;
    if (isWorkingDay(moved)) left -= 1;
  }
  return moved;
}

function isWorkingDay(day: Day): boolean {
  return ![0, 6].includes(new Date(day).getUTCDay());
}
