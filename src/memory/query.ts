/** What a question asks for, as the index sees it. Called by lexicon.ts. */
import { STOP_WORDS, words, type LexicalQuery } from "#core";
import { tellingWords, termOf } from "./line-terms.ts";
import { namesIn, properNames } from "./names.ts";
import { dimensionOf } from "./term-dimension.ts";
import { untoldIn } from "./time-span.ts";
import { asksForTime } from "./time-words.ts";

/** A pasted page as a question is read by its beginning and its end, where people say what they want. */
const MOST_TERMS = 256;

export function lexicalQuery(text: string): LexicalQuery {
  const byTerm = new Map<string, string>();
  const untold = untoldIn(text);
  for (const word of tellingWords(text).filter((each) => !untold.has(each))) {
    const term = termOf(word);
    if (!byTerm.has(term)) byTerm.set(term, word);
  }
  const distinct = [...byTerm];
  const read =
    distinct.length <= MOST_TERMS
      ? distinct
      : [...distinct.slice(0, MOST_TERMS / 2), ...distinct.slice(-MOST_TERMS / 2)];
  const names = new Set(namesIn(text));
  return {
    terms: read.map(([term, word]) => ({ term, dim: dimensionOf(term), word, isName: names.has(word) })),
    names: [...new Set([...words(text).filter((word) => !STOP_WORDS.has(word)), ...properNames(text)])],
    asksTime: asksForTime(text),
  };
}
