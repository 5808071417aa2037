/** Puts what the store found in order: the words' score plus what the words do not tell. Called by recall.ts. */
import { words, type LexicalHit, type LexicalQuery, type RecalledItem } from "#core";

/** Weights of the recipe; the words of the best hit weigh 1. */
const SUBJECT = 0.35;
const QUESTION = 0.1;
const LENGTH = 0.08;
const TIME = 0.15;

/** Beyond a paragraph, more words say no more about a line. */
const LONG_ENOUGH = 60;

export type Ranked = {
  readonly hit: LexicalHit;
  readonly score: number;
  readonly why: RecalledItem["why"];
};

/** Best first; of equals the older one. */
export function rank(hits: readonly LexicalHit[], query: LexicalQuery): readonly Ranked[] {
  const best = Math.max(0, ...hits.map((hit) => hit.bm25));
  const subject = subjectOf(hits, query);
  return hits
    .map((hit): Ranked => {
      const why = {
        lex: best > 0 ? hit.bm25 / best : 0,
        subject: hit.author === subject ? SUBJECT : 0,
        time: query.asksTime && hit.hasTime ? TIME : 0,
        length: LENGTH * Math.log(1 + Math.min(hit.own, LONG_ENOUGH)),
        penalty: hit.isQuestion ? -QUESTION : 0,
      };
      return { hit, why, score: Math.max(0, why.lex + why.subject + why.time + why.length + why.penalty) };
    })
    .toSorted((a, b) => b.score - a.score || a.hit.at.getTime() - b.hit.at.getTime());
}

/** The one speaker whom the question names; undefined when it names none, or several. */
function subjectOf(hits: readonly LexicalHit[], query: LexicalQuery): string | undefined {
  const asked = new Set(query.names);
  const named = [...new Set(hits.map((hit) => hit.author))].filter((author) =>
    words(author).some((word) => asked.has(word)),
  );
  return named.length === 1 ? named[0] : undefined;
}
