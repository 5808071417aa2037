/** Whom somebody is to tell something, made one word: who that is says nothing about which agent is meant. Called by gist.ts. */
import { STOP_WORDS } from "#core";

/** A word of our own in the place of names. */
export const SOMEBODY = "personsname";

/** One message names few; what looks like more is a list of something else. */
const MOST = 6;

type Form = {
  /** What stands before the names. */
  readonly before: string;
  /** What stands behind them, and tells that a word without a capital is one. */
  readonly behind: string;
  /** Asked of capitals too: "send Slack the file" names nobody. */
  readonly always?: boolean;
};

const FORMS: readonly Form[] = [
  {
    before: "tell|told|inform|informed|message|notify|text|ping",
    behind: String.raw`[ \t]*:|,?[ \t]+(?:that|i|we|he|she|it|they|there|the|my|our)\b`,
  },
  { before: "let", behind: String.raw`[ \t]+know\b` },
  { before: "send|drop|write", behind: String.raw`[ \t]+an?[ \t]+(?:message|note|line|text)\b`, always: true },
  { before: "(?:message|note|word) to|pass on to", behind: String.raw`[ \t]*:|[ \t]+that\b` },
];

const TITLE = String.raw`(?:(?i:mr|mrs|ms|dr|prof)\.?[ \t]+)?`;
/** "I'll" begins what is to be told. */
const WORD = String.raw`(?!I['’])\p{Lu}[\p{L}'’-]+`;
const CAPITAL = String.raw`${TITLE}${WORD}(?:[ \t]+${WORD}){0,2}`;
const SMALL = String.raw`${TITLE}\p{L}[\p{L}'’-]+`;
const AND = String.raw`(?:[ \t]*,[ \t]*(?:(?i:and)[ \t]+)?|[ \t]+(?i:and)[ \t]+)`;

const SLOTS = FORMS.flatMap(({ before, behind, always = false }) => [
  slot(before, CAPITAL, always ? `(?=(?i:${behind}))` : String.raw`\b`),
  slot(before, SMALL, `(?=(?i:${behind}))`),
]);

function slot(before: string, name: string, end: string): RegExp {
  const names = `${name}(?:${AND}${name}){0,${MOST - 1}}`;
  return new RegExp(String.raw`(?<before>\b(?i:${before})[ \t]+)(?<names>${names})${end}`, "gu");
}

/** "tell Ben that …" and "tell ada and tom: …" become alike; "tell me that …" and "tell the team that …" stay. Pure. */
export function withoutAddressee(text: string): string {
  return SLOTS.reduce(
    (said, form) =>
      said.replace(form, (all: string, before: string, names: string) =>
        areNames(names) ? `${before}${SOMEBODY}` : all,
      ),
    text,
  );
}

const areNames = (names: string): boolean =>
  names
    .toLowerCase()
    .split(/[\s,]+/)
    .every((word) => word === "and" || !STOP_WORDS.has(word));
