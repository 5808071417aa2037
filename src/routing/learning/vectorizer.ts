/** Turns texts into sparse vectors: TF-IDF, with words as heavy as pieces of words. Called by the classifier. */
import { featuresOf, type Gram } from "./features.ts";

/** `columns[i]` weighs `values[i]`; no column stands twice. */
export type SparseVector = { readonly columns: Uint32Array; readonly values: Float32Array };

/** What one occurrence of an n-gram weighs, and the place of its word. */
export type Share = { readonly column: number; readonly value: number; readonly word: number };

/** All that was learned of the training texts: enough to build the same vectorizer again. */
export type Vocabulary = {
  readonly texts: number;
  /** How many texts have an n-gram. Their order is the order of the columns, words first. */
  readonly words: ReadonlyMap<string, number>;
  readonly pieces: ReadonlyMap<string, number>;
};

export interface Vectorizer {
  /** How many columns there are. */
  readonly size: number;
  readonly vocabulary: Vocabulary;
  /**
   * Of length one, less what the training texts never had: n-grams without a column still count in the length, so that
   * strange words make all the others lighter. A text of strange words alone is the empty vector.
   */
  vector(text: string): SparseVector;
  /** The same weights taken apart by word, for explanations. */
  shares(text: string): { readonly words: readonly string[]; readonly shares: readonly Share[] };
}

/** The n-grams of one kind that the training texts had: where each stands, and how rare it is. */
type Lexicon = ReadonlyMap<string, { readonly column: number; readonly rarity: number }>;

type Weights = { readonly filled: boolean; readonly known: readonly (readonly [column: number, weight: number])[] };

export function fitVectorizer(texts: readonly string[]): Vectorizer {
  const documents = texts.map(featuresOf);
  return createVectorizer({
    texts: texts.length,
    words: frequencies(documents.map((document) => document.wordGrams)),
    pieces: frequencies(documents.map((document) => document.pieceGrams)),
  });
}

export function createVectorizer(vocabulary: Vocabulary): Vectorizer {
  const words = lexiconOf(vocabulary.words, { texts: vocabulary.texts, firstColumn: 0 });
  const pieces = lexiconOf(vocabulary.pieces, { texts: vocabulary.texts, firstColumn: words.size });
  const strange = rarity(0, vocabulary.texts);

  const vector = (text: string): SparseVector => {
    const { wordGrams, pieceGrams } = featuresOf(text);
    const groups = [weigh(wordGrams, words, strange), weigh(pieceGrams, pieces, strange)];
    // Each filled group has length one, so the joined length is the root of their number.
    const length = Math.sqrt(Math.max(1, groups.filter((group) => group.filled).length));
    const known = groups.flatMap((group) => group.known);
    return {
      columns: Uint32Array.from(known, ([column]) => column),
      values: Float32Array.from(known, ([, weight]) => weight / length),
    };
  };

  return {
    size: words.size + pieces.size,
    vocabulary,
    vector,
    shares(text) {
      const { words: found, wordGrams, pieceGrams } = featuresOf(text);
      const placed = [...place(wordGrams, words), ...place(pieceGrams, pieces)];
      return { words: found, shares: share(vector(text), placed) };
    },
  };
}

function frequencies(documents: readonly (readonly Gram[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const grams of documents) {
    for (const gram of new Set(grams.map(({ text }) => text))) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

function lexiconOf(
  counts: ReadonlyMap<string, number>,
  { texts, firstColumn }: { readonly texts: number; readonly firstColumn: number },
): Lexicon {
  let column = firstColumn;
  const lexicon = new Map<string, { readonly column: number; readonly rarity: number }>();
  for (const [gram, frequency] of counts) lexicon.set(gram, { column: column++, rarity: rarity(frequency, texts) });
  return lexicon;
}

/** Smoothed inverse document frequency: finite even for a gram that no text has. */
function rarity(frequency: number, documents: number): number {
  return 1 + Math.log((1 + documents) / (1 + frequency));
}

/** Weights of the known grams, where all grams together have length one. */
function weigh(grams: readonly Gram[], lexicon: Lexicon, strange: number): Weights {
  const counts = new Map<string, number>();
  for (const { text } of grams) counts.set(text, (counts.get(text) ?? 0) + 1);
  const known: [number, number][] = [];
  let squares = 0;
  for (const [gram, count] of counts) {
    const entry = lexicon.get(gram);
    const weight = (1 + Math.log(count)) * (entry?.rarity ?? strange);
    squares += weight * weight;
    if (entry) known.push([entry.column, weight]);
  }
  const length = Math.sqrt(squares);
  return { filled: counts.size > 0, known: known.map(([column, weight]) => [column, weight / length]) };
}

type Placed = { readonly column: number; readonly word: number };

function place(grams: readonly Gram[], lexicon: Lexicon): Placed[] {
  return grams.flatMap(({ text, word }) => {
    const column = lexicon.get(text)?.column;
    return column === undefined ? [] : [{ column, word }];
  });
}

/** An n-gram that stands in several words is shared out evenly among them. */
function share({ columns, values }: SparseVector, placed: readonly Placed[]): Share[] {
  const occurrences = new Map<number, number>();
  for (const { column } of placed) occurrences.set(column, (occurrences.get(column) ?? 0) + 1);
  const weights = new Map(Array.from(columns, (column, i) => [column, values[i] ?? 0]));
  return placed.map(({ column, word }) => ({
    column,
    word,
    value: (weights.get(column) ?? 0) / (occurrences.get(column) ?? 1),
  }));
}
