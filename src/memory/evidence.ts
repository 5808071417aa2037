/**
 * How much a line speaks for being what was asked for, as a likelihood ratio: how often a line that answers shares these
 * words with its question, against how often any line of this memory would by chance. Called by verdict.ts.
 */
import { stem, type LexicalHit, type LexicalSearch, type Lexicon, type MemoryKind, type TermFound } from "#core";
import { lineTerms } from "./line-terms.ts";

/**
 * Lines imagined around the real ones, none of which holds any asked word: in a memory of a few notes every word looks
 * common. Of 25 lines drawn from the 114 hand-written ones of the suite's dev part (src/eval/suite), a word that one of
 * them holds is held by one in 95 of those not drawn: as if 70 more had been drawn without it.
 */
const BACKGROUND = 70;

/**
 * Where the words of a question stand, of those that memory answers (397 words of 117 questions) and of those that it
 * does not (136 of 41). Counted in the suite's dev part, words of the frame left out.
 */
const ANSWERED = { answer: 264 / 397, beside: 28 / 397, elsewhere: 69 / 397, nowhere: 36 / 397 };
const UNANSWERED = { elsewhere: 63 / 136, nowhere: 73 / 136 };

/**
 * Of the lines that share its words, one that only asks the same hardly ever answers. In the talks of the dev part 12 of
 * 30 lines ask, and none of the 16 that answer: by the rule of succession 1 in 18 against 2 in 5.
 */
const ASKING = 1 / 18 / (12 / 30);

/** Words of judging and asking itself: "what did I tell you about …". Nobody expects them in the answer. */
export const FRAME = new Set(
  "remember recall forget tell ask know note mention say talk speak write keep save store find look show give remind think thing"
    .split(" ")
    .map(stem),
);
/** Words of greeting, and days that are others by the time they are read: never what is asked about. */
const PASSING = new Set(
  "hello hi hey dear good morning afternoon evening today tonight tomorrow yesterday now".split(" ").map(stem),
);

/** What an item is by being what it is: "what did we decide about …" asks for a decision, which seldom says so itself. */
const KIND_TERMS: Partial<Record<MemoryKind, readonly string[]>> = {
  decision: "decide decision agree agreement choose choice settle pick".split(" ").map(stem),
  preference: "prefer preference like want favourite favorite".split(" ").map(stem),
};

export type Weighed = {
  readonly hit: LexicalHit;
  /** What it says and of what it is: also the name of its project, which speaks neither for a line nor against it. */
  readonly held: ReadonlySet<string>;
  /** Natural logarithm of the likelihood ratio. */
  readonly evidence: number;
};

export type Weighing = { readonly lexicon: Lexicon; readonly given: readonly string[] };

export function weighLine(hit: LexicalHit, { terms, documents }: LexicalSearch, { lexicon, given }: Weighing): Weighed {
  const held = ownTerms(hit, lexicon);
  const place = new Set(hit.project === null ? [] : lineTerms(hit.project));
  // A word of its kind that no line says tells nothing: what was decided seldom says that it was.
  const isSilent = ({ term, df }: TermFound): boolean => df === 0 && held.has(term);
  const asked = withoutFrame(terms).filter(
    (each) => !given.includes(each.term) && !isSilent(each) && (held.has(each.term) || !place.has(each.term)),
  );
  const rarityOf = ({ df, weight }: TermFound): number => (df > 0 ? weight * lexicon.idf(documents, df) : 0);
  const sum = (some: readonly TermFound[]): number => some.reduce((total, term) => total + rarityOf(term), 0);
  const missing = sum(terms.filter(({ term }) => !held.has(term)));
  const lent = hit.bm25 - sum(terms.filter(({ term }) => held.has(term)));
  const beside = missing > 0 ? Math.min(1, Math.max(0, lent / missing)) : 0;

  let evidence = hit.isQuestion ? Math.log(ASKING) : 0;
  for (const { term, df, weight } of asked) {
    const share = held.has(term) ? weight : weight * beside;
    evidence += df === 0 ? NOWHERE : share * met(df / (documents + BACKGROUND)) + (1 - share) * MISSED;
  }
  return { hit, held: new Set([...held, ...place]), evidence };
}

/** Natural logarithms of how much likelier a word makes an answer: one that memory holds nowhere, or only elsewhere. */
const NOWHERE = Math.log(ANSWERED.nowhere / UNANSWERED.nowhere);
const MISSED = Math.log(ANSWERED.elsewhere / UNANSWERED.elsewhere);

/** One that the line holds itself or its neighbours lend it, and that this share of all lines hold by chance. */
const met = (chance: number): number =>
  Math.log(((ANSWERED.answer + ANSWERED.beside) / chance + ANSWERED.elsewhere) / UNANSWERED.elsewhere);

/**
 * Questions about what is one's own: 36 of the 117 that memory answers, 4 of the 41 that it does not, in the dev part and
 * by the rule of succession. Whether somebody says "I" tells nothing: one in four does so in both.
 */
const OWN = { answered: 37 / 119, unanswered: 5 / 43 };

/** Against all lines, of which any may be the one, or none: as likely as not that there is one. */
export function againstAll(documents: number, aboutOwn: boolean): number {
  const { answered, unanswered } = OWN;
  const telling = aboutOwn ? answered / unanswered : (1 - answered) / (1 - unanswered);
  return Math.log((documents + BACKGROUND) / telling);
}

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

/** A question made of asking only is about these words. */
function withoutFrame(terms: readonly TermFound[]): readonly TermFound[] {
  const lasting = terms.filter(({ term }) => !PASSING.has(term));
  const told = lasting.filter(({ term }) => !FRAME.has(term));
  return told.length > 0 ? told : lasting;
}
