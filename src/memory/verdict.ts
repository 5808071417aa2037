/** Whether what was found answers, may help, or has nothing to do with the question. Called by recall.ts. */
import { STOP_WORDS, words, type LexicalSearch, type Lexicon, type Recalled } from "#core";
import { coverage, ownTerms } from "./coverage.ts";
import { lineTerms } from "./line-terms.ts";
import { askedAbout, properNames } from "./names.ts";
import type { Ranked } from "./rank.ts";

/**
 * Least coverage of an answer, and of what is worth showing. Each is the middle between the nearest cases on both sides
 * in test/memory/verdict-cases.ts. A question about the world at large must share more with a note than one about the
 * asker's own things: "why is the sky blue" has half its words in common with a note on a blue folder.
 */
const ANSWERS = 0.55;
const RELATES = { own: 0.35, general: 0.47 };

/** The line that answers may be the second or third: its neighbours hold the question's words too. */
const CONSIDERED = 3;

export function judge(
  question: string,
  ranked: readonly Ranked[],
  found: { readonly search: LexicalSearch; readonly lexicon: Lexicon },
): Pick<Recalled, "confidence" | "verdict"> {
  const { frequencies, documents } = found.search;
  const parts = { documents, lexicon: found.lexicon };
  const [best] = ranked
    .slice(0, CONSIDERED)
    .map(({ hit }) => ({ hit, confidence: coverage(hit, frequencies, parts) }))
    .toSorted((a, b) => b.confidence - a.confidence);
  if (!best || best.confidence < leastFor(question, frequencies))
    return { confidence: best?.confidence ?? 0, verdict: "none" };
  if (best.confidence < ANSWERS) return { confidence: best.confidence, verdict: "weak" };
  const told = new Set(ownTerms(best.hit, found.lexicon));
  const aboutAnother = askedAbout(question).some((name) => !lineTerms(name).every((term) => told.has(term)));
  return { confidence: best.confidence, verdict: aboutAnother ? "weak" : "answer" };
}

const FIRST_PERSON = new Set("i me my mine myself we us our ours ourselves".split(" "));

/**
 * About the asker's own things: it says "I" or "our", or names whom the memory knows. Only English is told apart; in
 * other languages the little words are terms, too, and lower every coverage.
 */
function leastFor(question: string, frequencies: LexicalSearch["frequencies"]): number {
  const said = words(question);
  const known = new Set(frequencies.filter(({ df }) => df > 0).map(({ term }) => term));
  const own =
    said.some((word) => FIRST_PERSON.has(word)) ||
    properNames(question).some((name) => lineTerms(name).some((term) => known.has(term)));
  const english = said.some((word) => STOP_WORDS.has(word));
  return english && !own ? RELATES.general : RELATES.own;
}
