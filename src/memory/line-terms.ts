/** The terms that a line or a question is indexed under. Called by document.ts and query.ts. */
import { terms } from "#core";
import { namesMay } from "./time-words.ts";

/** A term longer than this stands under its beginning: index rows have an end, and so do real words. */
const LONGEST_TERM = 64;

/** Stems in order, with repeats; "may" only where it is the month. */
export function lineTerms(text: string): string[] {
  const found = terms(text).map(shortened);
  return namesMay(text) ? [...found, "may"] : found;
}

function shortened(term: string): string {
  return term.length <= LONGEST_TERM ? term : Array.from(term).slice(0, LONGEST_TERM).join("");
}
