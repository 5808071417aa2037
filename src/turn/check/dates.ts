/** Days and times of day as people write them, so that an answer's can be looked for in what it rests on. Pure. */
import { blank } from "./sentences.ts";

export type Day = { readonly year: number | null; readonly month: number; readonly day: number };
/** What is written, and each way to read it: 05/03 is a day in May or in March. */
type Dated = { readonly written: string; readonly readings: readonly Day[] };
type Timed = { readonly written: string; /** Minutes since midnight. */ readonly readings: readonly number[] };

export type Times = {
  readonly days: readonly Dated[];
  readonly times: readonly Timed[];
  /** The text without them, of the same length. */
  readonly rest: string;
};

const MONTHS =
  "jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni?|july?|juli?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?";
const ORDER = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const YEAR = String.raw`(?<year>\d{4}|['’]\d{2})`;
const BEFORE = String.raw`(?<![\p{L}\p{N}_.,-])`;

const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`${BEFORE}(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)`, "gu"),
  new RegExp(
    String.raw`${BEFORE}(?<day>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+of)?[\s-]+(?<name>${MONTHS})\b\.?(?:,?[\s-]+${YEAR}(?!\d))?`,
    "giu",
  ),
  new RegExp(
    String.raw`${BEFORE}(?<name>${MONTHS})\b\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,?\s+${YEAR}(?!\d))?`,
    "giu",
  ),
  new RegExp(
    String.raw`${BEFORE}(?<day>\d{1,2})\.\s?(?<month>\d{1,2})\.(?:\s?(?<year>\d{4}|\d{2})(?!\d))?(?!\d)`,
    "gu",
  ),
  new RegExp(String.raw`${BEFORE}(?<either>\d{1,2})[/-](?<other>\d{1,2})[/-](?<year>\d{4}|\d{2})(?!\d)`, "gu"),
];

const TIMES: readonly RegExp[] = [
  /(?<![\p{L}\p{N}_.,:])(?<hour>\d{1,2})[:h](?<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?![\d:])\s?(?<half>[ap]\.?m\b\.?)?/giu,
  /(?<![\p{L}\p{N}_.,:])(?<hour>\d{1,2})\.(?<minute>[0-5]\d)\s?(?<uhr>Uhr|h)\b/giu,
  /(?<![\p{L}\p{N}_.,:])(?<hour>\d{1,2})\s?(?:(?<half>[ap]\.?m\b\.?)|(?<uhr>Uhr|o['’]clock))/giu,
];

export function timesIn(text: string): Times {
  const days: Dated[] = [];
  const times: Timed[] = [];
  let rest = text;
  for (const form of FORMS) {
    rest = rest.replaceAll(form, (...found) => {
      const [written, groups] = [String(found[0]), groupsOf(found)];
      const readings = daysOf(groups).filter(isDay);
      if (readings.length === 0) return written;
      days.push({ written: written.trim(), readings });
      // What is a moment's date may be followed by its time: 2026-05-03T14:30.
      return blank(written);
    });
  }
  rest = rest.replaceAll(/(?<=\s)T(?=\d{1,2}:)/g, " ");
  for (const form of TIMES) {
    rest = rest.replaceAll(form, (...found) => {
      const [written, groups] = [String(found[0]), groupsOf(found)];
      const readings = minutesOf(groups);
      if (readings.length === 0) return written;
      times.push({ written: written.trim(), readings });
      return blank(written);
    });
  }
  return { days, times, rest };
}

type Groups = Readonly<Record<string, string | undefined>>;

function groupsOf(found: readonly unknown[]): Groups {
  const last: unknown = found.at(-1);
  return typeof last === "object" && last !== null ? Object.fromEntries(Object.entries(last)) : {};
}

function daysOf({ year: written, month, name, day, either, other }: Groups): readonly Day[] {
  const year = yearOf(written);
  if (either !== undefined && other !== undefined) {
    return [
      { year, month: Number(other), day: Number(either) },
      { year, month: Number(either), day: Number(other) },
    ];
  }
  return [{ year, month: name === undefined ? Number(month) : monthOf(name), day: Number(day) }];
}

function yearOf(written: string | undefined): number | null {
  if (written === undefined) return null;
  const year = Number(written.replace(/\D/g, ""));
  return year < 100 ? 2000 + year : year;
}

function monthOf(name: string): number {
  const short = name.toLowerCase().replace("ä", "a").replace("mrz", "mar").slice(0, 3);
  const english = { mai: "may", okt: "oct", dez: "dec", jan: "jan" }[short] ?? short;
  return ORDER.indexOf(english) + 1;
}

const isDay = ({ month, day }: Day): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

function minutesOf({ hour, minute = "0", half, uhr }: Groups): readonly number[] {
  const h = Number(hour);
  const m = Number(minute);
  if (h > 24 || m > 59) return [];
  if (half !== undefined) return h > 12 ? [] : [((h % 12) + (/^p/i.test(half) ? 12 : 0)) * 60 + m];
  // Half past two may be meant in the afternoon.
  return uhr === undefined && h >= 1 && h < 12 ? [h * 60 + m, (h + 12) * 60 + m] : [(h % 24) * 60 + m];
}

const DAY_MS = 24 * 60 * 60_000;
const WEEKDAYS: readonly RegExp[] = [
  /\b(?:sun(?:day)?|sonntag)/i,
  /\b(?:mon(?:day)?|montag)/i,
  /\b(?:tue(?:s(?:day)?)?|dienstag)/i,
  /\b(?:wed(?:nesday)?|mittwoch)/i,
  /\b(?:thu(?:rs(?:day)?)?|donnerstag)/i,
  /\b(?:fri(?:day)?|freitag)/i,
  /\b(?:sat(?:urday)?|samstag|sonnabend)/i,
];
const AHEAD = /\b(?:in|for|within)\s+(\d{1,3}|an?|one|two|three|einem|einer|zwei|drei)\s+(day|week|tag|woche)/gi;
const FEW: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  einem: 1,
  einer: 1,
  two: 2,
  zwei: 2,
  three: 3,
  drei: 3,
};

/** Days that words such as "Friday", "tomorrow" and "in two weeks" may mean, said now or when the source was written. */
export function daysMeant(words: string, now: Date): readonly Day[] {
  const at = (offset: number): Day => dayOf(new Date(now.getTime() + offset * DAY_MS));
  const near = [-2, -1, 0, 1, 2];
  const named = WEEKDAYS.map((weekday) => weekday.test(words));
  const weekdays = Array.from({ length: 22 }, (_, i) => i - 7).filter(
    (offset) => named[new Date(now.getTime() + offset * DAY_MS).getUTCDay()],
  );
  const ahead = Array.from(words.matchAll(AHEAD), ([, count = "", unit = ""]) => {
    const many = FEW[count.toLowerCase()] ?? Number(count);
    return many * (/^w/i.test(unit) ? 7 : 1);
  });
  return [...new Set([...near, ...weekdays, ...ahead])].map(at);
}

export const dayOf = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

/** By month and day: the years that they were written with, null for none. */
export type Days = ReadonlyMap<number, ReadonlySet<number | null>>;

const placeOf = ({ month, day }: Day): number => month * 100 + day;

export function noteDay(days: Map<number, Set<number | null>>, day: Day): void {
  const years = days.get(placeOf(day)) ?? new Set();
  days.set(placeOf(day), years.add(day.year));
}

/** A day without a year is in the nearest one: of the answer or of the source. */
export function isAmong(days: Days, said: Day, now: Date): boolean {
  const years = days.get(placeOf(said));
  if (!years) return false;
  if (said.year === null || years.has(said.year)) return true;
  if (!years.has(null)) return false;
  const moment = Date.UTC(said.year, said.month - 1, said.day);
  return Math.abs(moment - now.getTime()) <= 190 * DAY_MS || said.year === now.getUTCFullYear();
}
