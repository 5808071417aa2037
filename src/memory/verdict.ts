/** Whether what was found answers, may help, or has nothing to do with the question. Called by recall.ts. */
import { words, type LexicalHit, type LexicalQuery, type LexicalSearch, type Lexicon, type Recalled } from "#core";
import { aboutWhom, holdsAll, tellsOf } from "./about.ts";
import { againstAll, together, weighLine, type Weighed } from "./evidence.ts";
import { termOf } from "./line-terms.ts";
import { askedAbout, namesIn, properNames } from "./names.ts";
import type { Ranked } from "./rank.ts";

/** An answer is likelier than not. What is asked about somebody else's thing reaches 0.1 in the dev part of src/eval/suite. */
const ANSWERS = 0.5;
/**
 * Least chance of what is worth showing, read off that part alone: of its questions that have nothing to do with memory,
 * 37 of 41 stay below 0.19 and the next one has 0.25; of those that memory answers, 10 of 117 stay below.
 */
const RELATES = 0.2;

/** Lines further down add nothing that the first ones do not tell: in the dev part, not with 30 either. */
const CONSIDERED = 12;
/** Characters of a line in which names are looked for. */
const SEEN = 1_000;

export type Found = { readonly query: LexicalQuery; readonly search: LexicalSearch; readonly lexicon: Lexicon };

export type Judged = Pick<Recalled, "confidence" | "verdict" | "otherwise">;

export function judge(question: string, ranked: readonly Ranked[], { query, search, lexicon }: Found): Judged {
  const hits = ranked.slice(0, CONSIDERED).map(({ hit }) => hit);
  const about = aboutWhom(question, query, hits);
  const lines = hits.map((hit) => weighLine(hit, search, { lexicon, given: about?.given ?? [] }));
  const theirs = about ? lines.filter((line) => about.holds(line)) : lines;
  const others = about ? lines.filter((line) => !about.holds(line)) : [];
  const { confidence, related } = chances(
    together(theirs),
    together(others),
    againstAll(search.documents, isAboutOwn(question, search, hits)),
  );

  if (related < RELATES) return { confidence, verdict: "none" };
  if (about && together(others) > together(theirs)) {
    return { confidence, verdict: "weak", ...foundFor(about.name, best(others)) };
  }
  const answers = confidence >= ANSWERS && !isAboutAnother(question, search, best(theirs));
  return { confidence, verdict: answers ? "answer" : "weak" };
}

/** Of the three, one is so: theirs answer, others' lines fit instead, or none does. */
function chances(theirs: number, others: number, none: number): { confidence: number; related: number } {
  const most = Math.max(theirs, others, none);
  const [own, foreign] = [Math.exp(theirs - most), Math.exp(others - most)];
  const all = own + foreign + Math.exp(none - most);
  return { confidence: own / all, related: (own + foreign) / all };
}

const best = (lines: readonly Weighed[]): Weighed | undefined => lines.toSorted((a, b) => b.evidence - a.evidence)[0];

function foundFor(asked: string, line: Weighed | undefined): Pick<Judged, "otherwise"> {
  const found = line ? tellsOf(line.hit) : null;
  return { otherwise: { asked, found: found?.toLowerCase() === asked.toLowerCase() ? null : found } };
}

/** What is asked about stands not in the best line; or it is a name that only one written otherwise is like. */
function isAboutAnother(question: string, { readings }: LexicalSearch, line: Weighed | undefined): boolean {
  const readAs = new Map(readings.map(({ word, as }) => [word, as]));
  const asked = askedAbout(question).map((word) => readAs.get(word) ?? word);
  const misread = namesIn(question).some((word) => readAs.has(word));
  return misread || (line !== undefined && !holdsAll(line.held, asked));
}

const MINE = /\b(?:my|our)\s+(\p{L}+)/giu;

/** It says "my" of something known; or a word of it is written as a name in what was found, or is that of who said it. */
function isAboutOwn(question: string, { terms }: LexicalSearch, hits: readonly LexicalHit[]): boolean {
  const known = new Set(terms.filter(({ df }) => df > 0).map(({ term }) => term));
  const mine = [...question.matchAll(MINE)].flatMap(([, word = ""]) => words(word));
  const names = hits.flatMap(({ author, text }) => [...words(author), ...properNames(text.slice(0, SEEN))]);
  return [...mine, ...names].some((word) => known.has(termOf(word)));
}
