/** The day in time words that have no time of day any more. Expects words from `plainWords`. */
import { daysLater, weekdayOf, type Wall } from "./zone.ts";

export type Day =
  | { readonly kind: "none" }
  /** Words that name no day that is understood. */
  | { readonly kind: "unknown" }
  /** One of these is meant. */
  | { readonly kind: "several"; readonly days: readonly Wall[] }
  /** `keeps`: the time of day is that of now, unless another one is named ("in 3 days"). `floats`: a weekday, which may be today. */
  | { readonly kind: "day"; readonly day: Wall; readonly keeps: boolean; readonly floats: boolean };

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const SPAN = /^in (\d{1,3}|an?|half an?|the next) (days?|weeks?|fortnights?|months?|years?)$/;

/** `today` is the wall of now in the person's zone. */
export async function dayIn(words: string, today: Wall): Promise<Day> {
  const rest = tidy(words);
  if (rest === "") return { kind: "none" };
  return relative(rest, today) ?? weekday(rest, today) ?? numeric(rest, today) ?? (await written(rest, today));
}

const tidy = (words: string): string =>
  words
    .replace(/^(?:(?:on|at|by|for|the|from|,) )+|^(?:on|at|by|for|the|from|,)$/g, "")
    .replace(/(?: (?:on|at|by|for|the|from|,))+$/g, "")
    .trim();

const plain = (day: Wall, keeps = false): Day => ({ kind: "day", day, keeps, floats: false });

function relative(words: string, today: Wall): Day | undefined {
  if (words === "today" || words === "this day") return plain(today);
  if (words === "tomorrow") return plain(daysLater(today, 1));
  if (words === "day after tomorrow") return plain(daysLater(today, 2));
  const [, which, span] = /^(this|next|the|coming) (week|month|year|weekend)$/.exec(words) ?? [];
  if (which !== undefined) return within(which, span ?? "", today);
  const week = /^(tomorrow|today|[a-z]+day) (?:in )?(?:a )?weeks?$/.exec(words);
  const base = week?.[1] === undefined ? undefined : (relative(week[1], today) ?? weekday(week[1], today));
  if (base?.kind === "day") return plain(daysLater(base.day, 7));
  const [, count = "", unit = ""] = SPAN.exec(words) ?? [];
  if (unit === "") return undefined;
  const many = /^\d/.test(count) ? Number(count) : 1;
  if (unit.startsWith("day")) return plain(daysLater(today, many), true);
  if (unit.startsWith("week")) return plain(daysLater(today, many * 7), true);
  if (unit.startsWith("fortnight")) return plain(daysLater(today, many * 14), true);
  return plain(monthsLater(today, unit.startsWith("year") ? many * 12 : many), true);
}

/** Some days of it: a week is asked about, never guessed. */
function within(which: string, span: string, today: Wall): Day {
  const isNext = which === "next" || which === "coming";
  const monday = daysLater(today, -((weekdayOf(today) + 6) % 7) + (isNext ? 7 : 0));
  const first = monthsLater({ ...today, day: 1 }, 1);
  const days =
    span === "week"
      ? [0, 1, 2, 3, 4].map((ahead) => daysLater(monday, ahead))
      : span === "weekend"
        ? [5, 6].map((ahead) => daysLater(monday, ahead))
        : span === "month" && isNext
          ? [first, { ...first, day: 15 }]
          : [];
  const coming = days.filter((day) => !isBefore(day, today));
  return coming.length > 0 ? { kind: "several", days: coming } : { kind: "unknown" };
}

/** The 31st of a month that has none is its last day. */
function monthsLater(wall: Wall, months: number): Wall {
  const month = wall.month - 1 + months;
  const first = { ...wall, year: wall.year + Math.floor(month / 12), month: (month % 12) + 1, day: 1 };
  const length = daysLater({ ...first, day: 32 }, 0);
  return { ...first, day: Math.min(wall.day, 32 - length.day) };
}

function weekday(words: string, today: Wall): Day | undefined {
  const [, next, name = ""] = /^(?:(next|this|coming) )?(?:on )?([a-z]+day)$/.exec(words) ?? [];
  const wanted = WEEKDAYS.indexOf(name);
  if (wanted < 0) return undefined;
  const ahead = (wanted - weekdayOf(today) + 7) % 7;
  if (next !== "next") return { kind: "day", day: daysLater(today, ahead), keeps: false, floats: ahead === 0 };
  const coming = daysLater(today, ahead === 0 ? 7 : ahead);
  // "Next Friday", said on a Monday, is this week's for one and the one after for another.
  const inThisWeek = ahead > 0 && (weekdayOf(today) + 6) % 7 < (wanted + 6) % 7;
  return inThisWeek ? { kind: "several", days: [coming, daysLater(coming, 7)] } : plain(coming);
}

function numeric(words: string, today: Wall): Day | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words);
  if (iso) return exact(Number(iso[1]), Number(iso[2]), Number(iso[3]), today);
  const nth = /^(\d{1,2})(?:st|nd|rd|th)(?: of (this|the|next) month)?$/.exec(words);
  if (nth) return nthOf(Number(nth[1]), nth[2], today);
  const both = /^(\d{1,2})([/.-]) ?(\d{1,2})(?:\2 ?(\d{2}|\d{4})?)?$/.exec(words);
  if (!both) return undefined;
  const [, one = "", mark, other = "", year] = both;
  const fullYear = year === undefined ? undefined : Number(year.length === 2 ? `20${year}` : year);
  const [a, b] = [Number(one), Number(other)];
  // With points it is day and month wherever people write so; with strokes it depends on whom one asks.
  const readings =
    mark === "."
      ? [[a, b]]
      : a === b
        ? [[a, b]]
        : [
            [a, b],
            [b, a],
          ];
  const days = readings
    .map(([day = 0, month = 0]) => exact(fullYear, month, day, today))
    .flatMap((found) => (found.kind === "day" ? [found.day] : []));
  const [first, second] = days;
  if (first === undefined) return { kind: "unknown" };
  return second === undefined ? plain(first) : { kind: "several", days };
}

/** Without a year the next time that there is such a day. */
function exact(year: number | undefined, month: number, day: number, today: Wall): Day {
  const wall = { ...today, year: year ?? today.year, month, day };
  if (!exists(wall)) {
    const next = { ...wall, year: wall.year + 1 };
    return year === undefined && exists(next) ? plain(next) : { kind: "unknown" };
  }
  if (year !== undefined || !isBefore(wall, today)) return plain(wall);
  const next = { ...wall, year: wall.year + 1 };
  return exists(next) ? plain(next) : { kind: "unknown" };
}

function nthOf(day: number, which: string | undefined, today: Wall): Day {
  for (let ahead = which === "next" ? 1 : 0; ahead < 14; ahead += 1) {
    const wall = { ...monthsLater({ ...today, day: 1 }, ahead), day };
    if (exists(wall) && !isBefore(wall, today)) return plain(wall);
    if (which !== undefined) return { kind: "unknown" };
  }
  return { kind: "unknown" };
}

const exists = ({ year, month, day }: Wall): boolean => {
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day && day > 0;
};

const isBefore = (a: Wall, b: Wall): boolean =>
  Date.UTC(a.year, a.month - 1, a.day) < Date.UTC(b.year, b.month - 1, b.day);

/** "3 May", "Sunday, 29 March 2027", "May 3rd": what chrono reads as a whole. Loaded when it is needed first. */
async function written(words: string, today: Wall): Promise<Day> {
  const { GB } = await import("chrono-node/en");
  const text = words.replaceAll(/ ?, ?/g, ", ").replaceAll(/(\d{1,2})\. (?=[a-z])/g, "$1 ");
  const reference = { instant: new Date(Date.UTC(today.year, today.month - 1, today.day, 12)), timezone: 0 };
  const [found, ...more] = GB.parse(text, reference);
  if (!found || more.length > 0 || found.end || found.text.length !== text.length) return { kind: "unknown" };
  const { start } = found;
  const [year, month, day] = [start.get("year"), start.get("month"), start.get("day")];
  if (!start.isCertain("day") || !start.isCertain("month") || !month || !day || !year) return { kind: "unknown" };
  const result = exact(start.isCertain("year") ? year : undefined, month, day, today);
  if (result.kind !== "day" || !start.isCertain("weekday")) return result;
  return weekdayOf(result.day) === start.get("weekday") ? result : { kind: "unknown" };
}
