/** What the classifier sees of a text: stemmed words and pairs of words, and pieces of words. Called by the vectorizer. */
import { stem, words } from "#core";

/** One n-gram and the place, among the text's words, of the word that it ends in. */
export type Gram = { readonly text: string; readonly word: number };

/** The two kinds of n-gram are weighed apart, for pieces of words far outnumber words. */
export type Features = {
  readonly words: readonly string[];
  readonly wordGrams: readonly Gram[];
  readonly pieceGrams: readonly Gram[];
};

const SHORTEST_PIECE = 2;
const LONGEST_PIECE = 5;
/** Longer "words" are codes or noise; beyond this their pieces say nothing and cost time. */
const LONGEST_WORD = 32;

export function featuresOf(text: string): Features {
  const found = words(text).map((word) => word.slice(0, LONGEST_WORD));
  return { words: found, wordGrams: wordGramsOf(found), pieceGrams: found.flatMap(piecesOf) };
}

/** Stems alone and in pairs; the first and the last word pair with the sentence's ends. */
function wordGramsOf(found: readonly string[]): Gram[] {
  const stems = found.map(stem);
  const singles = stems.map((text, word) => ({ text, word }));
  const ended = [...stems, "$"];
  const pairs = ended.map((text, i) => ({
    text: `${stems[i - 1] ?? "^"} ${text}`,
    word: Math.min(i, found.length - 1),
  }));
  return found.length === 0 ? [] : [...singles, ...pairs];
}

/** All pieces of two to five characters, the spaces around the word included. */
function piecesOf(word: string, at: number): Gram[] {
  const padded = ` ${word} `;
  const pieces: Gram[] = [];
  for (let length = SHORTEST_PIECE; length <= LONGEST_PIECE; length++) {
    for (let start = 0; start + length <= padded.length; start++) {
      pieces.push({ text: padded.slice(start, start + length), word: at });
    }
  }
  return pieces;
}
