/** Figures, days, times and ids of an answer that stand nowhere in what it rests on. Pure. Called by answer-check.ts. */
import { readingsOf } from "#core";
import { dayOf, daysMeant, isAmong, noteDay, timesIn, type Days } from "./dates.ts";
import { around, moved, near, type Ordered } from "./rounding.ts";
import { bare, withoutCode } from "./sentences.ts";

/** All figures of a text, read once and then looked up in. */
export type Known = {
  /** Canonical digits, and the currencies that they were written with; "" for none. */
  readonly figures: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same digits in the order of their values. */
  readonly ordered: Ordered;
  readonly days: Days;
  readonly minutes: ReadonlySet<number>;
  /** Digits of everything that is written in groups: numbers of telephones, accounts, cards. */
  readonly runs: ReadonlySet<string>;
  /** Lower-case, to look for ids in. */
  readonly text: string;
  readonly ids: ReadonlySet<string>;
};

/** Characters of one text that are read as people write; of what is behind them digits alone are noted. */
const MOST_READ = 200_000;
/** What is written right before a figure to say that it is rounded fits into as many characters. */
const BEFORE = 24;
/** Looked for as a part of something longer; whoever writes more than these that stand nowhere is not believed. */
const MOST_SOUGHT = 200;
/** More digits are no figure that anybody reads. */
const MOST_DIGITS = 400;

const NUMBER = String.raw`\d+(?:[.,'’\u00A0\u202F]\d+)*(?:[ \u00A0\u202F]\d{3}(?!\d))*`;
const CURRENCY = String.raw`\p{Sc}|(?:EUR|USD|GBP|CHF|JPY|euros?|dollars?|pounds?|francs?)(?!\p{L})`;
const FIGURE = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])(?:(?<before>${CURRENCY})\s?)?(?<![\p{L}\p{N}_])(?<number>${NUMBER})(?:[ \u00A0]?(?<scale>k|bn|mn|m|thousand|million(?:en)?|billion|milliarden?|mio|mrd|tsd|tausend)(?![\p{L}²³]))?\.?(?:[\s\u00A0]?(?<after>${CURRENCY}))?(?:[\s\u00A0]?(?<percent>%|percent|per cent|prozent))?`,
  "giu",
);
const PLACES: Readonly<Record<string, number>> = {
  k: 3,
  thousand: 3,
  tsd: 3,
  tausend: 3,
  mn: 6,
  m: 6,
  million: 6,
  millionen: 6,
  mio: 6,
  bn: 9,
  billion: 9,
  milliarde: 9,
  milliarden: 9,
  mrd: 9,
};
const SIGNS: Readonly<Record<string, string>> = {
  eur: "€",
  euro: "€",
  euros: "€",
  usd: "$",
  dollar: "$",
  dollars: "$",
  gbp: "£",
  pound: "£",
  pounds: "£",
  jpy: "¥",
  franc: "chf",
  francs: "chf",
};
const ABOUT =
  /(?:≈|~|\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|over|some|ca\.?|circa|etwa|rund|ungefähr|gut|knapp|fast|über))\s*(?:\p{Sc}\s?)?$/iu;
const RUN = /(?<![\p{L}\p{N}])\+?\d(?:[ \u00A0()/.-]{0,2}\d){6,}/gu;
/** Letters and digits that name one thing: t12, INV2231, a3f9c21. */
const ID =
  /(?<![\p{L}\p{N}_/.@-])(?:t\d{1,18}|[A-Za-z]{1,12}[-_]?\d{3,}[\w-]*|(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{7,}(?:-[\da-f]{2,})*)(?![\p{L}\p{N}_])/gu;
/** Names that hold digits, ways of speaking, numbers of a list, and what cites an item or a sentence. */
const NO_FIGURES =
  /\[[msr]?\d+\]|^[ \t]*(?:[#>*-]+[ \t]*)?\d{1,3}[.)](?=\s)|\b(?:RFC|ISO|DIN|EN|IEEE|HTTP|SHA|AES|UTF|PEP|MD|H)[ -]?\d[\d.-]*\b|\b(?:24\/7|50\/50|1:1|9-to-5)\b/gim;

const WORDS: Readonly<Record<string, string>> = {
  zero: "0", one: "1", two: "2", three: "3", four: "4", five: "5", six: "6", seven: "7", eight: "8", nine: "9",
  ten: "10", eleven: "11", twelve: "12", dozen: "12", fifteen: "15", twenty: "20", thirty: "30", forty: "40",
  fifty: "50", sixty: "60", hundred: "100", thousand: "1000", first: "1", second: "2", third: "3",
  null: "0", ein: "1", eine: "1", einen: "1", zwei: "2", drei: "3", vier: "4", fünf: "5", sechs: "6", sieben: "7",
  acht: "8", neun: "9", zehn: "10", elf: "11", zwölf: "12", dutzend: "12", fünfzehn: "15", zwanzig: "20",
  dreißig: "30", hundert: "100", tausend: "1000", erste: "1", zweite: "2", dritte: "3",
}; // prettier-ignore

/** A text is read once, however often it comes again: in each step of a turn, for each answer of a step. */
export function createReader(now: Date): (text: string) => Known {
  const read = new Map<string, Known>();
  return (text) => {
    const known = read.get(text) ?? knownFrom(text, now);
    read.set(text, known);
    return known;
  };
}

/** What anybody knows by the clock. */
export function knownAt(now: Date): Known {
  const days = new Map();
  noteDay(days, dayOf(now));
  for (const day of daysMeant("", now)) noteDay(days, day);
  // The clock of a person may be hours away from Nova's, but not minutes.
  const minutes = new Set(Array.from({ length: 24 }, (_, hour) => hour * 60 + now.getUTCMinutes()));
  const year = String(now.getUTCFullYear());
  const figures = new Map([[year, new Set([""])]]);
  return { figures, ordered: around([year]), days, minutes, runs: new Set(), text: "", ids: new Set() };
}

function knownFrom(whole: string, now: Date): Known {
  const text = whole.slice(0, MOST_READ);
  const figures = new Map<string, Set<string>>();
  const note = (digits: string, currency: string) => {
    const seen = figures.get(digits) ?? new Set();
    figures.set(digits, seen.add(currency));
  };
  for (const figure of figuresIn(text))
    for (const digits of [...figure.readings, ...figure.pieces.flat()]) note(digits, figure.currency);
  const lower = text.toLowerCase();
  for (const [word] of lower.matchAll(/\p{L}+/gu)) if (Object.hasOwn(WORDS, word)) note(WORDS[word] ?? "", "");
  for (const count of countsIn(text)) note(String(count), "");
  const { days: dated, times } = timesIn(text);
  const days = new Map();
  for (const day of [...dated.flatMap(({ readings }) => readings), ...daysMeant(text, now)]) noteDay(days, day);
  const minutes = new Set(times.flatMap(({ readings }) => readings.map((minute) => minute % 1440)));
  for (const [digits] of whole.slice(MOST_READ).matchAll(/\d+/g)) note(digits, "");
  const ids = new Set(Array.from(lower.matchAll(ID), ([id]) => id));
  const ordered = around([...figures.keys()]);
  return { figures, ordered, days, minutes, runs: new Set(runsIn(text)), text: whole.toLowerCase(), ids };
}

/** As written, each once. `code`: blocks of code are looked into as well. */
export function unknownIn(
  answer: string,
  known: readonly Known[],
  { now, code }: { readonly now: Date; readonly code: boolean },
): readonly string[] {
  const text = (code ? answer : withoutCode(answer)).replaceAll(NO_FIGURES, (found) => " ".repeat(found.length));
  const counts = new Set(countsIn(answer).map(String));
  const { days, times, rest } = timesIn(text);
  const strange = [
    ...days.filter(({ readings }) => !readings.some((day) => known.some((each) => isAmong(each.days, day, now)))),
    ...times.filter(
      ({ readings }) => !readings.some((minute) => known.some(({ minutes }) => minutes.has(minute % 1440))),
    ),
  ].map(({ written }) => written);
  const unknown = figuresIn(rest)
    .filter((figure) => !isKnown(figure, known) && !areKnown(figure, known))
    .filter(({ readings }) => !readings.some((digits) => counts.has(digits)));
  const runs = unknown.length === 0 ? [] : knownRuns(rest, known);
  const figures = unknown
    .map(({ written }) => written)
    .filter((written) => !runs.some((run) => run.includes(written.replaceAll(/\D/g, ""))));
  const ids = new Set(Array.from(text.matchAll(ID), ([id]) => id));
  return [...new Set([...strange, ...figures, ...unknownIds([...ids], known)])];
}

/** Numbers of telephones and the like that stand in a source, whole or as the end of a longer one. */
function knownRuns(text: string, known: readonly Known[]): readonly string[] {
  const all = new Set(runsIn(text));
  const whole = [...all].filter((run) => known.some(({ runs }) => runs.has(run)));
  const others = [...all].filter((run) => !known.some(({ runs }) => runs.has(run))).slice(0, MOST_SOUGHT);
  const long = known.map(({ runs }) => [...runs].join(" "));
  return [...whole.slice(0, MOST_SOUGHT), ...others.filter((run) => long.some((digits) => digits.includes(run)))];
}

function unknownIds(ids: readonly string[], known: readonly Known[]): readonly string[] {
  const left = ids.filter((id) => !known.some((each) => each.ids.has(id.toLowerCase())));
  return left.filter((id, i) => i >= MOST_SOUGHT || !known.some(({ text }) => text.includes(id.toLowerCase())));
}

type Figure = {
  readonly written: string;
  readonly readings: readonly string[];
  /** `1 234 567` is one number, or three that stand beside each other. */
  readonly pieces: readonly (readonly string[])[];
  readonly currency: string;
  readonly percent: boolean;
  /** It says of itself that it is rounded. */
  readonly about: boolean;
};

/** Each once that is written like no other. */
function figuresIn(text: string): readonly Figure[] {
  const found = new Map<string, Figure>();
  for (const match of text.matchAll(FIGURE)) {
    const about = ABOUT.test(text.slice(Math.max(0, match.index - BEFORE), match.index));
    const key = about ? `~${match[0]}` : match[0];
    if (!found.has(key)) found.set(key, figureFrom(match, about));
  }
  return [...found.values()];
}

function figureFrom({ 0: written, groups = {} }: RegExpExecArray, about: boolean): Figure {
  const { before, number: digits = "", scale = "", after, percent } = groups;
  const number = digits.slice(0, MOST_DIGITS);
  // A small m is a metre.
  const places = scale === "m" ? 0 : (PLACES[scale.toLowerCase()] ?? 0);
  const currency = (before ?? after ?? "").toLowerCase();
  return {
    written: bare(written).replace(/(?<=\d)\.$/, ""),
    readings: readingsOf(number, places),
    pieces: number.includes(" ") ? number.split(" ").map((piece) => readingsOf(piece)) : [],
    currency: SIGNS[currency] ?? currency,
    percent: percent !== undefined,
    about: places > 0 || about,
  };
}

function isKnown({ readings, currency, percent, about }: Figure, known: readonly Known[]): boolean {
  return known.some(({ figures, ordered }) =>
    readings.some((digits) => {
      for (const form of percent ? [digits, moved(digits)] : [digits]) {
        const currencies = figures.get(form);
        if (currencies && (currency === "" || currencies.has("") || currencies.has(currency))) return true;
      }
      return near(ordered, digits, { about, percent });
    }),
  );
}

const areKnown = (figure: Figure, known: readonly Known[]): boolean =>
  figure.pieces.length > 0 && figure.pieces.every((readings) => isKnown({ ...figure, readings }, known));

/** How many things a text lists: items of each list, rows of each table, all of them, what stands behind a colon. */
function countsIn(text: string): readonly number[] {
  const counts: number[] = [];
  let run = 0;
  let all = 0;
  for (const line of [...text.split("\n"), "end"]) {
    if (/^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(line) || /^\s*\|/.test(line)) {
      run += 1;
      all += 1;
    } else if (line.trim() !== "" && !/^\s{2,}/.test(line)) {
      // The head and the ruler of a table are no rows.
      if (run > 0) counts.push(run, Math.max(1, run - 2));
      run = 0;
    }
  }
  if (all > 0) counts.push(all);
  for (const [, enumerated = ""] of text.matchAll(/:\s+([^\n:.]+)/g)) {
    const items = enumerated.split(/,|;|\s(?:and|or|und|oder)\s/).filter((item) => item.trim() !== "").length;
    if (items > 1) counts.push(items);
  }
  return counts;
}

const runsIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(RUN), ([run]) => run.replaceAll(/\D/g, ""));
