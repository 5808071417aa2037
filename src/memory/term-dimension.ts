/** Where a term stands in the index's vectors: a hash of its letters. Called by document.ts and query.ts. */

/** Length of the vectors, as in the column `memory_item.sv`. */
const DIMENSIONS = 2 ** 20;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * From 0 to DIMENSIONS - 1. Two terms may meet on one place: with 20,000 terms in a scope, one term in fifty does. The
 * cost is small and bounded. Frequencies are counted by term, not by place, and a word that the scope does not hold is
 * left out of the search, so a meeting can only add a foreign line at the weight of a word that is really there; what a
 * line covers of a question is judged by its text.
 */
export function dimensionOf(term: string): number {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(term, "utf8")) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return finish(hash) % DIMENSIONS;
}

/** The finaliser of MurmurHash3: every bit of the hash moves every bit of the place. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
