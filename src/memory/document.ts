/** A line's term weights in its context: its own words, and fainter those of its neighbours. Called by lexicon.ts. */
import { isQuestion, type LexicalDocument, type StreamLine } from "#core";
import { lineTerms } from "./line-terms.ts";
import { dimensionOf } from "./term-dimension.ts";
import { dateWords, tellsTime } from "./time-words.ts";

/** Weight of a term of the nearest line before or after; it halves with each line further off. */
const BEFORE = 0.5;
const AFTER = 0.3;
const FADE = 0.5;

/** A neighbour lends its first terms only: a long paste beside a line must not drown the line's own words. */
const MOST_LENT = 120;

/** Below the 16,000 elements that a sparse vector can hold. Terms past the end are not found by. */
const MOST_TERMS = 15_000;

/** `before` and `after` are in order of the stream; the lines next to this one come last and first. */
export function describeLine(
  line: StreamLine,
  before: readonly StreamLine[],
  after: readonly StreamLine[],
): LexicalDocument {
  const own = lineTerms(line.text);
  const weights = new Map<string, number>();
  add(weights, own, 1);
  add(weights, [...lineTerms(line.speaker), ...dateWords(line.at)], 1);
  before.toReversed().forEach((each, k) => add(weights, lent(each), BEFORE * FADE ** k));
  after.forEach((each, k) => add(weights, lent(each), AFTER * FADE ** k));

  const terms = [...weights].slice(0, MOST_TERMS).map(([term, weight]) => ({ term, dim: dimensionOf(term), weight }));
  return {
    terms,
    length: terms.reduce((sum, { weight }) => sum + weight, 0),
    own: own.length,
    isQuestion: isQuestion(line.text),
    hasTime: tellsTime(line.text),
  };
}

function add(weights: Map<string, number>, terms: readonly string[], weight: number): void {
  for (const term of terms) weights.set(term, (weights.get(term) ?? 0) + weight);
}

const lent = (line: StreamLine): string[] => lineTerms(line.text).slice(0, MOST_LENT);
