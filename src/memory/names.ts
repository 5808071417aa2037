/** Whom or what a question is about by name. Called by query.ts, about.ts and verdict.ts. */
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

/** Lower-case; the one who does something in the first words of a line: "Ann decided …". Undefined when nobody is named. */
export function openingName(text: string): string | undefined {
  const [, name = ""] = /^\W*(\p{Lu}\p{Ll}+)\s+(?:\p{Ll}+(?:ed|s)|chose|took|said|went|will)\b/u.exec(text) ?? [];
  const [word] = words(name);
  return word === undefined || STOP_WORDS.has(word) || tellsTime(word) ? undefined : word;
}

/** An opening is judged by few characters, so that a long text costs no more than its length. */
const justBefore = (text: string, index: number): string =>
  index === 0 ? "" : text.slice(Math.max(0, index - 4), index);

const ARTICLE = "(?:the|my|our|your|his|her|their)\\s+";
/** The one who did or has something, in the grammar of English questions: "what did ann decide", "did the plumber", "ann's". */
const NAMED = [/\b(?:did|does|has)\s+(\p{L}+)/giu, /(?<!\p{L})(\p{L}+)['’]s\b/giu];
const DESCRIBED = new RegExp(`\\b(?:did|does|has)\\s+${ARTICLE}(\\p{L}+)`, "giu");
const NOBODY_IN_PARTICULAR = new Set(
  "anyone anybody someone somebody everyone everybody nobody one people let today tonight tomorrow yesterday".split(
    " ",
  ),
);

/** Lower-case words that name somebody or something, whether or not they are written so. */
export function namesIn(question: string): string[] {
  return [...new Set([...properNames(question), ...subjects(question, NAMED)])];
}

/** Lower-case words without which a line cannot answer: it may fit all else and still tell of somebody else. */
export function askedAbout(question: string): string[] {
  return [...new Set([...namesIn(question), ...subjects(question, [DESCRIBED])])];
}

const subjects = (question: string, patterns: readonly RegExp[]): string[] =>
  patterns
    .flatMap((pattern) => [...question.matchAll(pattern)])
    .flatMap(([, word = ""]) => words(word))
    .filter((word) => !STOP_WORDS.has(word) && !NOBODY_IN_PARTICULAR.has(word) && !tellsTime(word));
