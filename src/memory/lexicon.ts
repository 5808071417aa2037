/** The lexical recipe: BM25 over lines in their context. Made by the roof, handed to the store and to the memory. */
import type { Lexicon } from "#core";
import { rarity, weigh } from "./bm25.ts";
import { describeLine } from "./document.ts";
import { lexicalQuery } from "./query.ts";
import { readingsOf } from "./readings.ts";

export function createLexicon(): Lexicon {
  return {
    version: 1,
    reach: 3,
    document: describeLine,
    query: lexicalQuery,
    readings: readingsOf,
    weights: weigh,
    idf: rarity,
  };
}
