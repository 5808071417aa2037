/** Cases with one slip of the finger more, made from cases that have none. Called by own.ts. */
import { STOP_WORDS } from "#core";
import { seeded, type Random } from "./random.ts";
import type { CaseKind, Cluster, SuiteCase } from "./suite.ts";

/** Shorter words are seldom mistyped, and one letter off they are often another word. */
const SHORTEST = 5;

const ANSWERED: ReadonlySet<CaseKind> = new Set(["note", "decision", "update", "turn", "same_word", "time"]);

/** Adds up to `count` cases to a cluster, each with one edit in one content word of another case. */
export function withTypos(cluster: Cluster, count: number, seed: number): Cluster {
  const random = seeded(seed);
  const left = cluster.cases.filter(({ kind, question }) => ANSWERED.has(kind) && contentWords(question).length > 1);
  const made: SuiteCase[] = [];
  while (made.length < count && left.length > 0) {
    const [source] = left.splice(random.below(left.length), 1);
    if (source) made.push(mistyped(source, random));
  }
  return { ...cluster, cases: [...cluster.cases, ...made] };
}

function mistyped(source: SuiteCase, random: Random): SuiteCase {
  const { 0: word, index } = random.one(contentWords(source.question));
  const { question } = source;
  const typed = question.slice(0, index) + slip(word, random) + question.slice(index + word.length);
  return { ...source, id: `${source.id}:typo`, kind: "typo", question: typed };
}

function contentWords(question: string): readonly RegExpExecArray[] {
  return [...question.matchAll(/\b[A-Za-z]+\b/g)].filter(
    ({ 0: word }) => word.length >= SHORTEST && !STOP_WORDS.has(word.toLowerCase()),
  );
}

/** Keys that lie to the right of each other; the last of each row has none. */
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** The first letter stays: people see a slip there, and mend it. */
function slip(word: string, random: Random): string {
  const at = 1 + random.below(word.length - 2);
  const [here = "", next = ""] = word.slice(at, at + 2);
  const edits = [here === next ? here : next + here, next, here + here + next, neighbour(here) + next];
  return word.slice(0, at) + random.one(edits) + word.slice(at + 2);
}

function neighbour(letter: string): string {
  const row = ROWS.find((keys) => keys.includes(letter.toLowerCase())) ?? "";
  const at = row.indexOf(letter.toLowerCase());
  return row[at + 1] ?? row[at - 1] ?? letter + letter;
}
