/** Why a message looked like an agent's: one sentence that names the words which decided. Kept with the route for /why. */
import { STOP_WORDS, words } from "#core";
import { SOMEBODY } from "./addressee.ts";
import { gistOf, PASTED_TABLE, PASTED_TEXT } from "./gist.ts";
import type { Evidence } from "./learning/classifier.ts";

const MOST_WORDS = 3;
/** A word that spoke less than this share of the loudest did not decide. */
const LOUD = 0.25;
const LOOKED_AT = 200;

export type Sure = {
  readonly name: string;
  readonly probability: number;
  /** The probability that is enough for the agent to answer without further ado. */
  readonly enough: number;
};

/** For instance: The words “summarise” and “bullet” look like the examples of the Summariser (92 % sure; 55 % is enough). */
export function explain(message: string, evidence: readonly Evidence[], { name, probability, enough }: Sure): string {
  const percent = `${percentOf(probability)} sure; ${percentOf(enough)} is enough`;
  const said = new Set(deciding(evidence).map((word) => shownAs(word, message)));
  const shown = [...said].slice(0, MOST_WORDS);
  if (shown.length === 0) return `It looks most like the examples of the ${name} (${percent}).`;
  const quoted = shown.filter(isQuoted).sort((a, b) => placeOf(a, message) - placeOf(b, message));
  const named = shown.filter((phrase) => !isQuoted(phrase));
  const kind = ["", "the word ", "the words "][Math.min(2, quoted.length)] ?? "";
  const verb = shown.length === 1 ? "looks" : "look";
  return capital(`${kind}${all([...quoted, ...named])} ${verb} like the examples of the ${name} (${percent}).`);
}

/** Loudest first; common words only when nothing else spoke. */
function deciding(evidence: readonly Evidence[]): readonly string[] {
  const spoke = evidence.filter(({ weight }) => weight > 0);
  const telling = spoke.filter(({ word }) => !STOP_WORDS.has(word));
  const heard = telling.length > 0 ? telling : spoke;
  const loudest = heard[0]?.weight ?? 0;
  return heard.filter(({ weight }) => weight >= loudest * LOUD).map(({ word }) => word);
}

/** As the person wrote it: figures and signs were made alike before they were compared. */
function shownAs(word: string, message: string): string {
  if (word === PASTED_TEXT) return "the text with it";
  if (word === PASTED_TABLE) return "the table with it";
  if (word === SOMEBODY) return "somebody to tell";
  const tokens = message.split(/\s+/, LOOKED_AT);
  const token = tokens.find((written) => words(gistOf(written)).includes(word)) ?? word;
  return `“${token.replace(/^[^\p{L}\p{N}\p{Sc}]+|[^\p{L}\p{N}%\p{Sc}]+$/gu, "")}”`;
}

/** Nothing that was learned from examples is certain; rounded down, so that what was enough does not look like too little. */
export const percentOf = (probability: number): string => `${Math.min(99, Math.floor(probability * 100))} %`;

const isQuoted = (phrase: string): boolean => phrase.startsWith("“");
const placeOf = (quoted: string, message: string): number => message.indexOf(quoted.slice(1, -1));
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function all(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}
