/** Times that look like times and that there are none of: "at 25:00", "31 February", "every 10 seconds". Used by read-when.ts. Pure. */
import { wallOf } from "./zone.ts";
import { tellClock } from "./told.ts";
import type { Here } from "./when.ts";

/** What is wrong, as a sentence; and the words with something possible in its place, or words to choose from. */
export type Impossible =
  | { readonly kind: "mended"; readonly says: string; readonly words: string }
  | { readonly kind: "offers"; readonly says: string; readonly options: readonly string[] };

const MONTHS = "january february march april may june july august september october november december".split(" ");
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTH = String.raw`(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*`;
const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`(?<!\w)(?<day>\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (?<month>${MONTH})(?!\w)`),
  new RegExp(String.raw`(?<!\w)(?<month>${MONTH}) (?<day>\d{1,2})(?:st|nd|rd|th)?(?![\w:])`),
];
const CLOCK = /(?:(?<=^|\s)at )?(?<!\w)(\d{1,2}):(\d{2})(?![\d:])|(?<=^|\s)at (\d{2})(?![\w:.])/;
const SECONDS = /^(every|in) (?:\d{1,6} ?)?(?:seconds?|secs?|s)$/;
const NOUGHT = /^(every|in) 0 ?(minutes?|mins?|hours?|hrs?|days?|weeks?|months?)$/;

/** Expects plain words that read as no time. */
export const impossibleIn = (words: string, here: Here): Impossible | undefined => noClock(words, here) ?? noDay(words);

/** Sooner or more often than a minute. */
export function tooSoon(words: string): Extract<Impossible, { kind: "offers" }> | undefined {
  const [, how] = SECONDS.exec(words) ?? NOUGHT.exec(words) ?? [];
  if (how === undefined) return undefined;
  return how === "every"
    ? { kind: "offers", says: "At most once a minute.", options: ["every 5 minutes", "every 15 minutes", "every hour"] }
    : { kind: "offers", says: "That is sooner than I can be.", options: ["in 1 minute", "in 5 minutes", "in 1 hour"] };
}

function noClock(words: string, here: Here): Impossible | undefined {
  const [all, hour = "", minute, alone] = CLOCK.exec(words) ?? [];
  if (all === undefined) return undefined;
  const told = alone === undefined ? `${hour}:${minute}` : `${alone}:00`;
  const isThere = Number(alone ?? hour) < 24 || told === "24:00";
  if (isThere && Number(minute ?? 0) < 60) return undefined;
  const rest = words.replace(all, " ").replaceAll(/\s+/g, " ").trim();
  const says = `There is no ${told}.`;
  if (rest !== "") return { kind: "mended", says, words: rest };
  const soon = [1, 3].map((hours) => tellClock(new Date(here.now.getTime() + hours * 60 * 60_000), here.zone));
  const late = wallOf(here.now, here.zone).hour >= 20;
  return {
    kind: "offers",
    says,
    options: [...(late ? [] : soon.map((clock) => `today at ${clock}`)), "tomorrow at 09:00"],
  };
}

function noDay(words: string): Impossible | undefined {
  for (const form of FORMS) {
    const found = form.exec(words);
    const { day = "", month = "" } = found?.groups ?? {};
    const index = MONTHS.findIndex((name) => name.startsWith(month.slice(0, 3)));
    const [name, length] = [MONTHS[index], LENGTHS[index]];
    if (!found || name === undefined || length === undefined || Number(day) <= length) continue;
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const says = Number(day) > 31 ? `No month has ${day} days.` : `${title} has no ${nth(Number(day))}.`;
    return { kind: "mended", says, words: words.replace(found[0], `${index === 1 ? 28 : length} ${name}`) };
  }
  return undefined;
}

const nth = (day: number): string => (day === 31 ? "31st" : `${day}th`);
