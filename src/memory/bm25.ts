/** BM25 with its parts kept apart: weights go into a line's vector, rarity into the question's. Called by lexicon.ts. */
import type { LexicalDocument } from "#core";

/** How soon repeats of a term stop to count. */
const K1 = 0.6;
/** How much a longer document is held against it. */
const B = 0.4;

/** Inner product of these with the question's rarities is the BM25 score. Terms that share a place add up. */
export function weigh(
  document: LexicalDocument,
  averageLength: number,
): readonly { readonly dim: number; readonly value: number }[] {
  const norm = K1 * (1 - B + (B * document.length) / averageLength);
  const values = new Map<number, number>();
  for (const { dim, weight } of document.terms) {
    values.set(dim, (values.get(dim) ?? 0) + (weight * (K1 + 1)) / (weight + norm));
  }
  return [...values].map(([dim, value]) => ({ dim, value }));
}

/** Rarity of a term that `having` of `documents` hold; above 0 even when all of them do. */
export function rarity(documents: number, having: number): number {
  return Math.log(1 + (documents - having + 0.5) / (having + 0.5));
}
