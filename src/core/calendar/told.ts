/** Times as people read them: always with the weekday and the zone, so that nobody has to guess. Pure. */
import type { Rhythm, When } from "./when.ts";
import { nextOf } from "./next.ts";
import { quietEnd } from "./quiet.ts";
import { wallOf, weekdayOf } from "./zone.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** "09:00" */
export const clockTime = (hour: number, minute: number): string => `${two(hour)}:${two(minute)}`;

/** "Monday, 23 November 2026, 09:00 (Europe/Berlin)" */
export function tellTime(at: Date, zone: string): string {
  return `${tellDay(at, zone)}, ${tellClock(at, zone)} (${zone})`;
}

/** "Monday, 23 November 2026" */
export const tellDay = (at: Date, zone: string): string => {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }).format(at);
  return `${part({ weekday: "long" })}, ${part({ day: "numeric", month: "long", year: "numeric" })}`;
};

/** "09:00" */
export function tellClock(at: Date, zone: string): string {
  const { hour, minute } = wallOf(at, zone);
  return clockTime(hour, minute);
}

/** "3 May 2027 at 09:00": the same moment whenever it is read, to the minute. */
export const dated = (at: Date, zone: string): string => `${dateOf(at, zone)} at ${tellClock(at, zone)}`;

/** "3 May 2027" */
export const dateOf = (at: Date, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: zone }).format(at);

/** Behind a time: why it is not the one that was named; "" where it is. */
export const tellSkipped = (skipped: string | undefined): string =>
  skipped === undefined ? "" : `The clocks skip ${skipped} on that day.`;

/** How often, and when next: "every weekday at 09:00 (Europe/Berlin), first on Monday, 23 November 2026". */
export function tellWhen(when: When, { zone, now }: { readonly zone: string; readonly now: Date }): string {
  if (when.kind === "at") return tellTime(when.at, zone);
  const own = when.zone ?? zone;
  const next = nextOf(when, now);
  const first = next === null ? "" : `, next on ${tellDay(next, own)}, ${tellClock(next, own)}`;
  return `${tellRule(when, zone)} (${own})${first}`;
}

/** Of what comes again and falls into quiet hours: when it is first said; "" where it comes as it is due. */
export function tellHeld({ when, urgent, nextAt }: Planned, rhythm: Rhythm): string {
  if (urgent || when.kind === "at" || nextAt === null) return "";
  const end = quietEnd(rhythm, nextAt);
  if (!end) return "";
  const day = tellDay(end, rhythm.zone) === tellDay(nextAt, rhythm.zone) ? "" : ` on ${tellDay(end, rhythm.zone)}`;
  return `your quiet hours last until ${tellClock(end, rhythm.zone)}${day}, so it is first said then`;
}

type Planned = { readonly when: When; readonly urgent: boolean; readonly nextAt: Date | null };

/** The zone that a rule was set in and keeps; for what has none the given one. */
export const zoneOf = (when: When, zone: string): string => (when.kind === "at" ? zone : (when.zone ?? zone));

/** The rule alone: "every weekday at 09:00". */
export function tellRule(when: When, zone: string): string {
  switch (when.kind) {
    case "at":
      return `once on ${tellTime(when.at, zone)}`;
    case "every":
      return tellEvery(when);
    case "cron":
      return tellCron(when.cron);
  }
}

const UNITS = [
  ["week", 7 * 24 * 60],
  ["day", 24 * 60],
  ["hour", 60],
  ["minute", 1],
] as const;

function tellEvery({ everyMs, from, zone }: Extract<When, { kind: "every" }>): string {
  const minutes = Math.round(everyMs / 60_000);
  const [unit, size] = UNITS.find(([, each]) => minutes % each === 0) ?? ["minute", 1];
  const count = minutes / size;
  const often = count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
  if (size < 24 * 60 || zone === undefined) return often;
  const on = unit === "week" ? ` on ${DAYS[weekdayOf(wallOf(from, zone))]}` : "";
  return `${often}${on} at ${tellClock(from, zone)}`;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(" ");
const ORDER: Readonly<Record<string, string>> = { 1: "first", 2: "second", 3: "third", 4: "fourth", L: "last" };

/** What Nova itself writes is told in words; any other line as it stands. */
function tellCron(cron: string): string {
  const [minute = "", hours = "", day = "", month = "", weekday = ""] = cron.split(" ");
  const days = /^\d+$/.test(minute) && /^\d+(?:,\d+)*$/.test(hours) ? tellDays(day, month, weekday) : undefined;
  if (days === undefined) return `by \`${cron}\``;
  return `${days} at ${listed(hours.split(",").map((hour) => clockTime(Number(hour), Number(minute))))}`;
}

function tellDays(day: string, month: string, weekday: string): string | undefined {
  if (month !== "*") {
    if (weekday !== "*" || !/^(?:\d+|L)$/.test(day) || !/^\d+(?:,\d+)*$/.test(month)) return undefined;
    const months = listed(month.split(",").map((each) => MONTHS[Number(each) - 1] ?? each));
    return `every year on ${day === "L" ? "the last day of" : day} ${months}`;
  }
  if (day !== "*") return weekday === "*" ? monthly(day) : undefined;
  if (weekday === "*") return "every day";
  if (weekday === "1-5") return "every weekday";
  const [, which = "", nth = ""] = /^([0-7])#([1-4L])$/.exec(weekday) ?? [];
  if (nth !== "") return `on the ${ORDER[nth]} ${DAYS[Number(which) % 7]} of each month`;
  if (!/^[0-7](?:,[0-7])*$/.test(weekday)) return undefined;
  return `every ${listed(weekday.split(",").map((each) => DAYS[Number(each) % 7] ?? each))}`;
}

function monthly(day: string): string | undefined {
  if (day === "L") return "on the last day of each month";
  return /^\d+$/.test(day) ? `on the ${ordinal(Number(day))} of each month` : undefined;
}

/** "1st", "22nd" */
export function ordinal(day: number): string {
  const end = day % 100 >= 11 && day % 100 <= 13 ? undefined : ["st", "nd", "rd"][(day % 10) - 1];
  return `${day}${end ?? "th"}`;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** "22:00 to 07:00" */
export function tellQuiet({ quiet }: Rhythm): string {
  if (quiet === null) return "none";
  const shown = (minutes: number) => clockTime(Math.floor(minutes / 60), minutes % 60);
  return `${shown(quiet.from)} to ${shown(quiet.to)}`;
}
