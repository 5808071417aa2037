/** Puts what the store found in order: the words' score plus what the words do not tell. Called by recall.ts. */
import { words, type LexicalHit, type LexicalQuery, type RecalledItem } from "#core";
import { spanIn, type TimeSpan } from "./time-span.ts";

/** Weights of the recipe in memory.md, published before there was a suite; the words of the best hit weigh 1. */
const SUBJECT = 0.35;
const QUESTION = 0.1;
const LENGTH = 0.08;
const TIME = 0.15;
/**
 * The project and the days that a question names tell as much as the person does, so they weigh the same. What a line's
 * question says counts for its reply by about as much: in the dev part of src/eval/suite, 0.25 to 0.7 differ by one case
 * in a hundred.
 */
const PROJECT = SUBJECT;
const SPAN = SUBJECT;
const REPLY = SUBJECT;

/** A question may be answered this many lines later; each line between halves it, as in the index. */
const REACH = 3;
const FADE = 0.5;

/** Beyond a paragraph, more words say no more about a line. */
const LONG_ENOUGH = 60;

export type Ranked = {
  readonly hit: LexicalHit;
  readonly score: number;
  readonly why: RecalledItem["why"];
};

export type Asking = { readonly question: string; readonly now: Date; readonly query: LexicalQuery };

/** Best first; of equals the older one. */
export function rank(hits: readonly LexicalHit[], { question, now, query }: Asking): readonly Ranked[] {
  const best = Math.max(0, ...hits.map((hit) => hit.bm25));
  const replies = repliesIn(hits);
  const span = spanIn(question, now);
  const names = new Set(query.names);
  const subject = subjectOf(hits, names);
  return hits
    .map((hit): Ranked => {
      const why = {
        lex: best > 0 ? (hit.bm25 + REPLY * (replies.get(hit) ?? 0)) / best : 0,
        subject: (tells(hit, subject) ? SUBJECT : 0) + (ofProject(hit, names) ? PROJECT : 0),
        time: (query.asksTime && hit.hasTime ? TIME : 0) + (isWithin(hit, span) ? SPAN : 0),
        length: LENGTH * Math.log(1 + Math.min(hit.own, LONG_ENOUGH)),
        penalty: hit.isQuestion ? -QUESTION : 0,
      };
      return { hit, why, score: Math.max(0, why.lex + why.subject + why.time + why.length + why.penalty) };
    })
    .toSorted((a, b) => b.score - a.score || a.hit.at.getTime() - b.hit.at.getTime());
}

type Subject = { readonly author: string; readonly named: readonly string[] };

/** The one speaker whom the question names; undefined when it names none, or several. */
function subjectOf(hits: readonly LexicalHit[], names: ReadonlySet<string>): Subject | undefined {
  const [one, other] = [...new Set(hits.map(({ author }) => author))]
    .map((author) => ({ author, named: words(author).filter((word) => names.has(word)) }))
    .filter(({ named }) => named.length > 0);
  return other === undefined ? one : undefined;
}

/** Theirs; of what was not said in a talk, also what names them. */
function tells(hit: LexicalHit, subject: Subject | undefined): boolean {
  if (subject === undefined || hit.author === subject.author) return subject !== undefined;
  if (hit.kind === "turn") return false;
  const text = hit.text.toLowerCase();
  return subject.named.some((word) => text.includes(word) && words(text).includes(word));
}

const ofProject = ({ project }: LexicalHit, names: ReadonlySet<string>): boolean =>
  project !== null && words(project).some((word) => names.has(word));

const isWithin = ({ at }: LexicalHit, span: TimeSpan | undefined): boolean =>
  span !== undefined && at.getTime() >= span.from && at.getTime() < span.to;

/** Of each line, the score of what it may reply to: the best of the questions shortly before it. */
function repliesIn(hits: readonly LexicalHit[]): ReadonlyMap<LexicalHit, number> {
  const replies = new Map<LexicalHit, number>();
  for (const stream of Map.groupBy(hits, (hit) => hit.stream).values()) {
    if (!stream.some((hit) => hit.isQuestion)) continue;
    const lines = stream.toSorted((a, b) => Number(a.id) - Number(b.id));
    for (const [at, line] of lines.entries()) {
      const before = lines.slice(Math.max(0, at - REACH), at).toReversed();
      const scores = before.map((each, k) => (each.isQuestion ? each.bm25 * FADE ** k : 0));
      if (!line.isQuestion) replies.set(line, Math.max(0, ...scores));
    }
  }
  return replies;
}
