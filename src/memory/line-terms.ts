/** The terms that a line or a question is indexed under. Called by document.ts, query.ts and readings.ts. */
import { STOP_WORDS, stem, words } from "#core";
import { namesMay } from "./time-words.ts";

/** A term longer than this stands under its beginning: index rows have an end, and so do real words. */
const LONGEST_TERM = 64;

/** Stems in order, with repeats; "may" only where it is the month. */
export function lineTerms(text: string): string[] {
  return tellingWords(text).map(termOf);
}

/** Lower-case words that carry meaning, in order, with repeats. */
export function tellingWords(text: string): string[] {
  const found = words(text).filter((word) => !STOP_WORDS.has(word));
  return namesMay(text) ? [...found, "may"] : found;
}

/** The term of one lower-case word. */
export function termOf(word: string): string {
  const term = word === "may" ? word : stem(word);
  return term.length <= LONGEST_TERM ? term : Array.from(term).slice(0, LONGEST_TERM).join("");
}
