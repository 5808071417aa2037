/** Words of a text, in any script. Used by the memory index, the router and the offline model alike. */
import { STOP_WORDS, stem } from "./stem.ts";

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu;
/** Scripts written without spaces: each pair of neighbouring characters is a term. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Lower-case words in order, cut at the apostrophe; unspaced scripts as character pairs. */
export function words(text: string): string[] {
  const found: string[] = [];
  for (const [match] of text.normalize("NFKC").toLowerCase().matchAll(WORD)) {
    const word = match.split(/['’]/, 1)[0] ?? match;
    if (UNSPACED.test(word)) found.push(...pairs(word));
    else found.push(word);
  }
  return found;
}

/** Stems of the words that carry meaning, in order, with repeats. */
export function terms(text: string): string[] {
  return words(text)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

/** Whether every sentence of a text asks something. */
export function isQuestion(text: string): boolean {
  return text.trimEnd().endsWith("?");
}

/** Tokens of a text as budgets count them: four characters each. */
export function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}

/** The first `limit` UTF-16 units, never ending inside a surrogate pair, with an ellipsis when cut. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  const whole = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
  return `${whole}…`;
}

function pairs(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
}
