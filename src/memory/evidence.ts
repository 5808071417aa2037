/**
 * How much a line speaks for being what was asked for, as a likelihood ratio: how often a line that answers shares these
 * words with its question, against how often any line of this memory would by chance. Called by verdict.ts.
 */
import { stem, type LexicalHit, type LexicalSearch, type Lexicon, type MemoryKind, type TermFound } from "#core";

/**
 * Lines imagined around the real ones, none of which holds any asked word. In a memory of three notes every word is
 * common; with these, a word that one note holds is worth nearly as much as one that none holds.
 */
const BACKGROUND = 100;

/** Half of what is asked stands in the line that answers, in the same words. */
const SHARED = 0.5;
/** That memory can answer, and yet nothing in it holds a word of the question, is that much less likely than not. */
const UNKNOWN = 0.25;
/** Of the lines that share its words, one that only asks the same answers that seldom. */
const ASKING = 1 / 7;
/** What a word of a line's neighbours is worth of a word of its own. */
const LENT = 0.3;

/** Words of greeting, judging and asking itself: "what did I tell you about …". Nobody expects them in the answer. */
const FRAME = new Set(
  "remember recall forget tell ask know note mention say talk speak write keep save store find look show give remind think thing hi hello hey dear morning evening"
    .split(" ")
    .map(stem),
);

/** What an item is by being what it is: "what did we decide about …" asks for a decision, which seldom says so itself. */
const KIND_TERMS: Partial<Record<MemoryKind, readonly string[]>> = {
  decision: "decide decision agree agreement choose choice settle pick".split(" ").map(stem),
  preference: "prefer preference like want favourite favorite".split(" ").map(stem),
};

export type Weighed = {
  readonly hit: LexicalHit;
  readonly held: ReadonlySet<string>;
  /** Natural logarithm of the likelihood ratio. */
  readonly evidence: number;
};

export function weighLine(hit: LexicalHit, { terms, documents }: LexicalSearch, lexicon: Lexicon): Weighed {
  const held = ownTerms(hit, lexicon);
  let evidence = hit.isQuestion ? Math.log(ASKING) : 0;
  let own = 0;
  for (const { term, df, weight } of withoutFrame(terms)) {
    const chance = Math.min(SHARED, df / (documents + BACKGROUND));
    if (df === 0) evidence += Math.log(UNKNOWN);
    else if (!held.has(term)) evidence += Math.log((1 - SHARED) / (1 - chance));
    else {
      evidence += weight * Math.log(SHARED / chance) + (1 - weight) * Math.log(UNKNOWN);
      own += weight * lexicon.idf(documents, df);
    }
  }
  return { hit, held, evidence: evidence + LENT * Math.max(0, hit.bm25 - own) };
}

/** Against all lines, of which any may be the one, or none: as likely as not that there is one. */
export const againstAll = (documents: number): number => Math.log(documents + BACKGROUND);

/** Evidence of several lines together, none of which excludes the others. */
export function together(lines: readonly Weighed[]): number {
  const most = Math.max(...lines.map(({ evidence }) => evidence));
  if (lines.length === 0) return Number.NEGATIVE_INFINITY;
  return most + Math.log(lines.reduce((sum, { evidence }) => sum + Math.exp(evidence - most), 0));
}

/** The line's own words, its speaker, its date, and what it is. */
function ownTerms(hit: LexicalHit, lexicon: Lexicon): ReadonlySet<string> {
  const line = { text: hit.text, speaker: hit.author, at: hit.at };
  return new Set([...lexicon.document(line, [], []).terms.map(({ term }) => term), ...(KIND_TERMS[hit.kind] ?? [])]);
}

/** A question made of such words only is about them. */
function withoutFrame(terms: readonly TermFound[]): readonly TermFound[] {
  const told = terms.filter(({ term }) => !FRAME.has(term));
  return told.length > 0 ? told : terms;
}
