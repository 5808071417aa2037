/** What a question asks for, as the index sees it. Called by lexicon.ts. */
import { STOP_WORDS, words, type LexicalQuery } from "#core";
import { lineTerms } from "./line-terms.ts";
import { properNames } from "./names.ts";
import { dimensionOf } from "./term-dimension.ts";
import { asksForTime } from "./time-words.ts";

/** A pasted page as a question is read by its beginning and its end, where people say what they want. */
const MOST_TERMS = 256;

export function readQuestion(text: string): LexicalQuery {
  const distinct = [...new Set(lineTerms(text))];
  const read =
    distinct.length <= MOST_TERMS
      ? distinct
      : [...distinct.slice(0, MOST_TERMS / 2), ...distinct.slice(-MOST_TERMS / 2)];
  return {
    terms: read.map((term) => ({ term, dim: dimensionOf(term) })),
    names: [...new Set([...words(text).filter((word) => !STOP_WORDS.has(word)), ...properNames(text)])],
    asksTime: asksForTime(text),
  };
}
