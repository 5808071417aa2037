/** How much of a text each sentence carries: what it shares with the others, and what it settles, dates or counts. */
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
    const lead = index === 0 ? 1.1 : 1;
    return (likeness + 0.2) * lead + bearing(text);
  });
}

/** What is decided, owed, dated, counted or named bears more than chatter does. */
function bearing(text: string): number {
  const settles = SETTLES.test(text) ? 0.7 : 0;
  const figures = Math.min(2, text.match(/\p{N}[\p{N}.,:/-]*/gu)?.length ?? 0) * 0.4;
  // The first word of a sentence is always capital; one further in is a name.
  const names = /\p{Lu}(?<=\S\s+["“(]?\p{Lu})\p{Ll}/u.test(text) ? 0.2 : 0;
  return settles + figures + names;
}

const SETTLES =
  /\b(?:agree[ds]?|decid(?:ed|es?)|decisions?|approved?|chose|chosen|concluded?|therefore|must|shall|will|won['’]t|need(?:s|ed)? to|ha(?:s|ve) to|required?|deadlines?|due|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|the end)|until|responsible|plans? to|promised?|launch(?:es)?|cancel(?:led|s)?|postponed?|because|as a result)\b/i;

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
