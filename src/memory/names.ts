/** Whom or what a question is about by name. Called by query.ts and verdict.ts. */
import { STOP_WORDS, words } from "#core";
import { tellsTime } from "./time-words.ts";

const WORD = /\p{L}[\p{L}\p{M}\p{N}]*/gu;
const WRITTEN_AS_NAME = /^\p{Lu}[\p{L}\p{M}\p{N}]*[\p{Ll}]/u;
const OPENS_SENTENCE = /(?:^|[.!?:;\n])["'“‘(\s]*$/u;

/**
 * Lower-case words written as names: with a capital, where a capital tells something. Not at the opening of a sentence,
 * not in capitals throughout (those are abbreviations), and no day or month.
 */
export function properNames(text: string): string[] {
  return [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    if (!WRITTEN_AS_NAME.test(word) || OPENS_SENTENCE.test(justBefore(text, index))) return [];
    return tellsTime(word) ? [] : words(word);
  });
}

/** An opening is judged by few characters, so that a long text costs no more than its length. */
const justBefore = (text: string, index: number): string =>
  index === 0 ? "" : text.slice(Math.max(0, index - 4), index);

/** The one who did or has something, in the grammar of English questions: "what did ann decide", "did the plumber", "ann's". */
const SUBJECTS = [/\b(?:did|does|has)\s+(?:(?:the|my|our|your|his|her|their)\s+)?(\p{L}+)/giu, /(\p{L}+)['’]s\b/giu];
const NOBODY_IN_PARTICULAR = new Set(
  "anyone anybody someone somebody everyone everybody nobody one people let today tonight tomorrow yesterday".split(
    " ",
  ),
);

/** Lower-case words without which a line cannot answer: it may fit all else and still tell of somebody else. */
export function askedAbout(question: string): string[] {
  const subjects = SUBJECTS.flatMap((pattern) => [...question.matchAll(pattern)])
    .flatMap(([, word = ""]) => words(word))
    .filter((word) => !STOP_WORDS.has(word) && !NOBODY_IN_PARTICULAR.has(word) && !tellsTime(word));
  return [...new Set([...properNames(question), ...subjects])];
}
