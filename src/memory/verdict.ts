/** Whether what was found answers, may help, or has nothing to do with the question. Called by recall.ts. */
import { words, type LexicalQuery, type LexicalSearch, type Lexicon, type Recalled } from "#core";
import { aboutWhom, holdsAll, tellsOf } from "./about.ts";
import { againstAll, together, weighLine, type Weighed } from "./evidence.ts";
import { lineTerms } from "./line-terms.ts";
import { askedAbout, namesIn, properNames } from "./names.ts";
import type { Ranked } from "./rank.ts";

/** An answer is likelier than not. */
const ANSWERS = 0.5;
/**
 * Least chance of what is worth showing, read off the dev part of src/eval/suite: of its questions that have nothing to
 * do with memory, six of seven stay below, and of those that memory answers, one in nine. Between 0.05 and 0.1 they say
 * nothing, and the lower hides less. A question about the world at large must share more with a note than one about
 * the asker's own things: "why is the sky blue" has half its words in common with a note on a blue folder.
 */
const RELATES = { own: 0.05, general: 0.16 };

/** Lines further down add nothing that the first ones do not tell. */
const CONSIDERED = 30;

export type Found = { readonly query: LexicalQuery; readonly search: LexicalSearch; readonly lexicon: Lexicon };

export type Judged = Pick<Recalled, "confidence" | "verdict" | "otherwise">;

export function judge(question: string, ranked: readonly Ranked[], { query, search, lexicon }: Found): Judged {
  const hits = ranked.slice(0, CONSIDERED).map(({ hit }) => hit);
  const lines = hits.map((hit) => weighLine(hit, search, lexicon));
  const about = aboutWhom(question, query, hits);
  const theirs = about ? lines.filter((line) => about.holds(line)) : lines;
  const others = about ? lines.filter((line) => !about.holds(line)) : [];
  const { confidence, related } = chances(together(theirs), together(others), againstAll(search.documents));

  if (related < leastFor(question, search)) return { confidence, verdict: "none" };
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

const FIRST_PERSON = new Set("i me my mine myself we us our ours ourselves".split(" "));

/** About the asker's own things: it says "I" or "our", or names whom the memory knows. */
function leastFor(question: string, { terms }: LexicalSearch): number {
  const known = new Set(terms.filter(({ df }) => df > 0).map(({ term }) => term));
  const own =
    words(question).some((word) => FIRST_PERSON.has(word)) ||
    properNames(question).some((name) => lineTerms(name).some((term) => known.has(term)));
  return own ? RELATES.own : RELATES.general;
}
