/** How much of a question a line holds, weighed by rarity. Called by verdict.ts. */
import { stem, type LexicalHit, type LexicalSearch, type Lexicon, type MemoryKind } from "#core";

/**
 * Lines imagined around the real ones, none of which holds any asked word. In a memory of three notes every word is
 * common; with these, a word that one note holds is worth nearly as much as one that none holds.
 */
const BACKGROUND = 100;

/** Words of asking itself: "what did I tell you about …". Nobody expects them in the answer. */
const FRAME = new Set(
  "remember recall forget tell ask know note mention say talk speak write keep save store find look show give remind think thing"
    .split(" ")
    .map(stem),
);

/** What an item is by being what it is: "what did we decide about …" asks for a decision, which seldom says so itself. */
const KIND_TERMS: Partial<Record<MemoryKind, readonly string[]>> = {
  decision: "decide decision agree agreement choose choice settle pick".split(" ").map(stem),
  preference: "prefer preference like want favourite favorite".split(" ").map(stem),
};

/** Share of the question that the line's own words, its speaker and its date cover, from 0 to 1. */
export function coverage(
  hit: LexicalHit,
  frequencies: LexicalSearch["frequencies"],
  parts: { readonly documents: number; readonly lexicon: Lexicon },
): number {
  const held = new Set(ownTerms(hit, parts.lexicon));
  let asked = 0;
  let covered = 0;
  for (const { term, df } of withoutFrame(frequencies)) {
    const worth = parts.lexicon.idf(parts.documents + BACKGROUND, df);
    asked += worth;
    if (held.has(term)) covered += worth;
  }
  return asked > 0 ? covered / asked : 0;
}

export function ownTerms(hit: LexicalHit, lexicon: Lexicon): string[] {
  const line = { text: hit.text, speaker: hit.author, at: hit.at };
  return [...lexicon.document(line, [], []).terms.map(({ term }) => term), ...(KIND_TERMS[hit.kind] ?? [])];
}

/** A question made of such words only is about them. */
function withoutFrame(frequencies: LexicalSearch["frequencies"]): LexicalSearch["frequencies"] {
  const told = frequencies.filter(({ term }) => !FRAME.has(term));
  return told.length > 0 ? told : frequencies;
}
