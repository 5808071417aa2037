/** How much of a text each sentence carries: its likeness to all the others, with the first ones a little ahead. */
import type { Sentence } from "./sentences.ts";

/** Scores in the order of the sentences; higher is more central. Linear in the length of the text. */
export function centrality(sentences: readonly Sentence[]): readonly number[] {
  const spread = new Map<string, number>();
  for (const { terms } of sentences) for (const term of new Set(terms)) spread.set(term, (spread.get(term) ?? 0) + 1);

  return sentences.map(({ terms, text }, index) => {
    const own = new Set(terms);
    if (own.size === 0) return 0;
    let shared = 0;
    // A word in several sentences ties them together; one that stands in nearly all of them tells nothing.
    for (const term of own) {
      const others = (spread.get(term) ?? 1) - 1;
      shared += others * Math.log(1 + sentences.length / (others + 1));
    }
    const likeness = shared / Math.sqrt(own.size + 4);
    const lead = index === 0 ? 1.3 : index === 1 ? 1.1 : 1;
    const figures = /\p{N}/u.test(text) ? 1.15 : 1;
    return (likeness + 0.2) * lead * figures;
  });
}

/** The `count` highest sentences, in the order of the text. */
export function mostCentral(sentences: readonly Sentence[], count: number): readonly Sentence[] {
  const scores = centrality(sentences);
  return sentences
    .map((sentence, index) => ({ sentence, score: scores[index] ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ sentence }) => sentence)
    .toSorted((a, b) => a.number - b.number);
}
