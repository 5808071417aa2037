/** Figures, days, times and ids of an answer that stand nowhere in what it rests on. Pure. Called by answer-check.ts. */
import { readingsOf } from "#core";
import { dayOf, daysMeant, sameDay, timesIn, type Day } from "./dates.ts";
import { bare, withoutCode } from "./sentences.ts";

/** All figures of some texts, read once and then looked up in. */
export type Known = {
  /** Canonical digits, and the currencies that they were written with; "" for none. */
  readonly figures: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same digits in the order of their values. */
  readonly ordered: readonly string[];
  readonly days: readonly Day[];
  readonly minutes: ReadonlySet<number>;
  /** Digits of everything that is written in groups: numbers of telephones, accounts, cards. */
  readonly runs: readonly string[];
  /** Lower-case, to look for ids in. */
  readonly texts: readonly string[];
};

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

export function knownFrom(texts: readonly string[], now: Date): Known {
  const figures = new Map<string, Set<string>>();
  const note = (digits: string, currency: string) => {
    const seen = figures.get(digits) ?? new Set();
    figures.set(digits, seen.add(currency));
  };
  const days: Day[] = [dayOf(now)];
  // The clock of a person may be hours away from Nova's, but not minutes.
  const minutes = new Set(Array.from({ length: 24 }, (_, hour) => hour * 60 + now.getUTCMinutes()));
  const runs: string[] = [];
  for (const text of texts) {
    for (const figure of figuresIn(text))
      for (const digits of [...figure.readings, ...figure.pieces.flat()]) note(digits, figure.currency);
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu))
      if (Object.hasOwn(WORDS, word)) note(WORDS[word] ?? "", "");
    for (const count of countsIn(text)) note(String(count), "");
    const { days: dated, times } = timesIn(text);
    days.push(...dated.flatMap(({ readings }) => readings), ...daysMeant(text, now));
    for (const { readings } of times) for (const minute of readings) minutes.add(minute % 1440);
    runs.push(...runsIn(text));
  }
  note(String(now.getUTCFullYear()), "");
  const ordered = [...figures.keys()].toSorted((a, b) => Number(a) - Number(b));
  return { figures, ordered, days, minutes, runs, texts: texts.map((text) => text.toLowerCase()) };
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
    ...days.filter(({ readings }) => !readings.some((day) => isKnownDay(day, known, now))),
    ...times.filter(
      ({ readings }) => !readings.some((minute) => known.some(({ minutes }) => minutes.has(minute % 1440))),
    ),
  ].map(({ written }) => written);
  const runs = runsIn(rest).filter((run) => known.some((each) => each.runs.some((other) => other.includes(run))));
  const inRun = (digits: string) => runs.some((run) => run.includes(digits));
  const figures = figuresIn(rest)
    .filter((figure) => !isKnown(figure, known) && !areKnown(figure, known))
    .filter(({ readings }) => !readings.some((digits) => counts.has(digits)))
    .filter(({ written }) => !inRun(written.replaceAll(/\D/g, "")))
    .map(({ written }) => written);
  const ids = [...text.matchAll(ID)].map(([id]) => id).filter((id) => !known.some((each) => holds(each.texts, id)));
  return [...new Set([...strange, ...figures, ...ids])];
}

const holds = (texts: readonly string[], id: string): boolean => texts.some((text) => text.includes(id.toLowerCase()));

const isKnownDay = (day: Day, known: readonly Known[], now: Date): boolean =>
  known.some(({ days }) => days.some((other) => sameDay(day, other, now)));

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

function figuresIn(text: string): readonly Figure[] {
  return [...text.matchAll(FIGURE)].map((match) => {
    const { before, number = "", scale = "", after, percent } = match.groups ?? {};
    // A small m is a metre.
    const places = scale === "m" ? 0 : (PLACES[scale.toLowerCase()] ?? 0);
    const currency = (before ?? after ?? "").toLowerCase();
    return {
      written: bare(match[0]).replace(/(?<=\d)\.$/, ""),
      readings: readingsOf(number, places),
      pieces: number.includes(" ") ? number.split(" ").map((piece) => readingsOf(piece)) : [],
      currency: SIGNS[currency] ?? currency,
      percent: percent !== undefined,
      about: places > 0 || ABOUT.test(text.slice(0, match.index)),
    };
  });
}

function isKnown({ readings, currency, percent, about }: Figure, known: readonly Known[]): boolean {
  return known.some(({ figures, ordered }) =>
    readings.some((digits) => {
      for (const form of percent ? [digits, moved(digits)] : [digits]) {
        const currencies = figures.get(form);
        if (currencies && (currency === "" || currencies.has("") || currencies.has(currency))) return true;
      }
      return (
        near(ordered, digits).some((source) => rounds(source, digits) || (about && roundsTo(source, digits))) ||
        (percent && near(ordered, moved(digits)).some((source) => rounds(String(Number(source) * 100), digits)))
      );
    }),
  );
}

const areKnown = (figure: Figure, known: readonly Known[]): boolean =>
  figure.pieces.length > 0 && figure.pieces.every((readings) => isKnown({ ...figure, readings }, known));

/** Those that could be rounded to it: no further off than half of its last digit, whichever that is taken to be. */
function near(ordered: readonly string[], digits: string): readonly string[] {
  const value = Number(digits);
  const trailing = /0*$/.exec(digits.split(".")[0] ?? "")?.[0].length ?? 0;
  const reach = digits.includes(".") ? 0.5 : Math.min(Math.max(0.5, value / 2), 10 ** trailing);
  return ordered.slice(firstFrom(ordered, value - reach), firstFrom(ordered, value + reach + Number.EPSILON));
}

function firstFrom(ordered: readonly string[], value: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(ordered[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** 17 % of a source's 0.17. */
const moved = (digits: string): string => String(Number((Number(digits) / 100).toPrecision(12)));

function rounds(source: string, digits: string): boolean {
  const places = digits.split(".")[1]?.length ?? 0;
  if ((source.split(".")[1]?.length ?? 0) <= places) return false;
  return Number(source).toFixed(places) === Number(digits).toFixed(places);
}

/** To as many leading digits as are written. */
function roundsTo(source: string, digits: string): boolean {
  const leading = Math.max(1, digits.replace(".", "").replace(/^0+/, "").replace(/0+$/, "").length);
  return Number(source) !== 0 && Number(Number(source).toPrecision(Math.min(21, leading))) === Number(digits);
}

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
