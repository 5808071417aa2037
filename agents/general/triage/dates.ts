/** Dates and amounts as a message writes them; nothing is converted. Used by inbox-triage. */
import { de, en, type ParsedResult } from "chrono-node";

export type Named = { readonly text: string; readonly at: Date };

/** Further down a date is hardly ever what a message is about. */
const FAR = 6_000;
const LATIN_MONTHS =
  /(?<!\p{L})\d{1,2}(?:er)? (?:de )?(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)(?: (?:de )?\d{4})?(?!\p{L})/giu;
const GERMAN =
  /(?<!\p{L})(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|mai|juni|juli|oktober|dezember|heute|morgen)(?!\p{L})/iu;
/** A bare "now" or "3" names no date. */
const TELLS =
  /\d[\d:./-]*\d|\d\s?(?:am|pm|h|uhr|days?|weeks?|hours?|minutes?|[a-z]{3})|day|morrow|tonight|heute|morgen|tag|woche|week|month/iu;

/** "Friday" without more is the coming one. */
const AHEAD = { forwardDate: true };
const LASTS = /^(?:after|for|within|since|over) (?:the )?(?:last |next )?\d/i;
const PREPOSITION = /^(?:on|at|by|until|in the|am|um|den|der) (?=\S)/i;

/** Times are read as UTC, as everywhere in Nova. */
export function datesIn(text: string, now: Date): readonly Named[] {
  const head = text.slice(0, FAR);
  const instant = { instant: now, timezone: 0 };
  const english = en.GB.parse(head, instant, AHEAD).filter((found) => isDate(found, head));
  const german = GERMAN.test(head) ? de.parse(head, instant, AHEAD).filter((found) => isDate(found, head)) : [];
  const named = [...english, ...german]
    .toSorted((a, b) => b.text.length - a.text.length)
    .filter((found, i, all) => !all.slice(0, i).some((longer) => overlap(found, longer)))
    .toSorted((a, b) => a.index - b.index)
    .map((found) => ({ text: found.text.replace(PREPOSITION, ""), at: found.start.date() }));
  const latin = Array.from(head.matchAll(LATIN_MONTHS), ([found]) => ({ text: found, at: new Date(NaN) }));
  return [...named.filter((each) => !latin.some((other) => other.text.includes(each.text))), ...latin];
}

function isDate({ index, text, start }: ParsedResult, whole: string): boolean {
  if (!start.isCertain("day") && !start.isCertain("weekday") && !start.isCertain("hour")) return false;
  const [before, after] = [
    whole.slice(Math.max(0, index - 1), index),
    whole.slice(index + text.length, index + text.length + 2),
  ];
  // Parts of addresses, versions, paths and names.
  if (/[\w./:=#@-]/.test(before) || /^(?:[\w/=@]|[.:-]\d)/.test(after)) return false;
  return TELLS.test(text) && !LASTS.test(text);
}

const overlap = (a: ParsedResult, b: ParsedResult): boolean =>
  a.index < b.index + b.text.length && b.index < a.index + a.text.length;

const NUMBER = String.raw`\d{1,12}(?:[.,'’ \u00A0\u202F]\d{2,3}){0,4}`;
const MONEY = String.raw`\b(?:EUR|USD|GBP|CHF|CAD|AUD|JPY|SEK|NOK|DKK|PLN|INR|euros?|dollars?|pounds?)\b`;
const AMOUNT = new RegExp(
  String.raw`(?<![\p{L}\d.])(?:(?:\p{Sc}|${MONEY})\s?${NUMBER}(?![\d])|${NUMBER}\s?(?:\p{Sc}|${MONEY}|%))`,
  "giu",
);

/** Money and percentages. */
export const amountsIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(AMOUNT), ([found]) => found.trim());
