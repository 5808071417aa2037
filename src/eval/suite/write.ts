/** Short ways to write a cluster down. Called by the files of cases beside this one. */
import type { MemoryKind } from "#core";
import type { CaseKind, Cluster, Part, SuiteCase, SuiteLine } from "./suite.ts";

type More = Pick<SuiteLine, "author" | "stream" | "project">;

/** `at` is a day, `2026-03-04`, or a time, `2026-03-04T17:30`, both of UTC. */
const line =
  (kind: MemoryKind) =>
  (ref: string, at: string, text: string, more: More = {}): SuiteLine => ({ ref, kind, text, at: time(at), ...more });

export const note = line("note");
export const decided = line("decision");
export const updated = line("update");
export const fact = line("fact");
export const prefers = line("preference");
export const task = line("task");

const time = (at: string): Date => new Date(at.includes("T") ? `${at}:00Z` : `${at}T09:00:00Z`);

/** Lines of one project. */
export const within = (project: string, lines: readonly SuiteLine[]): readonly SuiteLine[] =>
  lines.map((each) => ({ ...each, project }));

/** The owner of the memory, as a speaker. */
export const ME = null;

/** A conversation, two minutes between its lines; the lines are `ref.1`, `ref.2` and so on. */
export function talk(
  ref: string,
  at: string,
  said: readonly (readonly [author: string | typeof ME, text: string])[],
): readonly SuiteLine[] {
  return said.map(([author, text], k) => ({
    ref: `${ref}.${k + 1}`,
    kind: "turn",
    text,
    ...(author === ME ? {} : { author }),
    at: new Date(time(at).getTime() + k * 120_000),
    stream: ref,
  }));
}

export type Asked = Omit<SuiteCase, "id">;

/** A question that lines of its cluster answer, asked within `project` or across all of them. */
export const asks = (kind: CaseKind, question: string, expects: readonly string[], project?: string): Asked => ({
  kind,
  question,
  expects,
  ...(project === undefined ? {} : { project }),
});

/** Questions that nothing kept has to do with. */
export const nothing = (...questions: readonly string[]): readonly Asked[] =>
  questions.map((question) => asks("nothing", question, []));

/** Refs and streams get the cluster's name in front, so that they need to be unique in it only. */
export function cluster(name: string, part: Part, lines: readonly SuiteLine[], asked: readonly Asked[]): Cluster {
  const full = (ref: string): string => `${name}/${ref}`;
  return {
    name,
    part,
    lines: lines.map((each) => ({
      ...each,
      ref: full(each.ref),
      ...(each.stream === undefined ? {} : { stream: full(each.stream) }),
    })),
    cases: asked.map((each, k) => ({ ...each, id: `${name}:${k + 1}`, expects: each.expects.map(full) })),
  };
}
