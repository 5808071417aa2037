/** `nova eval recall | abstain` without data: Nova's own suite of recall cases, as a person would meet it. Called by the roof. */
import type { ItemId, Person, Recalled } from "#core";
import type { CaseKind, Cluster, Part, Suite, SuiteCase } from "./suite/suite.ts";
import { watched, type Scratch, type Watch } from "./scratch.ts";

export type CaseOutcome = {
  readonly id: string;
  readonly kind: CaseKind;
  readonly part: Part;
  readonly question: string;
  readonly expects: readonly string[];
  /** The first lines by rank, whatever the verdict. */
  readonly ranked: readonly string[];
  readonly verdict: Recalled["verdict"];
  readonly confidence: number;
};

/** The cut that the suite is scored by. */
export const FIRST = 5;

const PARTS = ["dev", "held"] as const;

/** Each part is a memory of its own: a person whose items the other part never meets. */
export async function tryOwnSuite(suite: Suite, scratch: Scratch, watch: Watch): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  const present = PARTS.filter((part) => suite.some((cluster) => cluster.part === part));
  const kept: { part: Part; person: Person; refs: ReadonlyMap<ItemId, string>; clusters: Suite }[] = [];
  for (const part of present) {
    const clusters = suite.filter((cluster) => cluster.part === part);
    const person = await scratch.person(`Owner of ${part}`);
    kept.push({ part, person, clusters, refs: await keepLines(clusters, { scratch, person }, watch) });
  }
  await scratch.settle();
  const of = suite.flatMap(({ cases }) => cases).length;
  for (const { part, person, refs, clusters } of kept) {
    for (const tried of clusters.flatMap(({ cases }) => cases)) {
      watched(watch, "Asking", { at: outcomes.length, of });
      outcomes.push(await tryCase(tried, { part, person, refs }, scratch));
    }
  }
  return outcomes;
}

/** How the owner of the memory is called in lines that name nobody else. */
const OWNER = "Owner";

async function keepLines(
  clusters: readonly Cluster[],
  { scratch, person }: { readonly scratch: Scratch; readonly person: Person },
  watch: Watch,
): Promise<ReadonlyMap<ItemId, string>> {
  const refs = new Map<ItemId, string>();
  const lines = clusters.flatMap((cluster) => cluster.lines);
  for (const [at, line] of lines.entries()) {
    watched(watch, "Storing lines", { at, of: lines.length });
    const { ref, kind, text, author = OWNER, at: happenedAt, stream = `line:${ref}`, project } = line;
    const trust = line.author === undefined ? "owner" : "member";
    const where = await placeOf(project, scratch);
    const item = { kind, text, author, trust, happenedAt, stream, message: null } as const;
    refs.set((await scratch.memory.add(person, item, where)).id, ref);
  }
  return refs;
}

async function tryCase(
  { id, kind, question, project, expects }: SuiteCase,
  { part, person, refs }: { readonly part: Part; readonly person: Person; readonly refs: ReadonlyMap<ItemId, string> },
  scratch: Scratch,
): Promise<CaseOutcome> {
  const recall = scratch.memory.as(person, await placeOf(project, scratch));
  const { items, verdict, confidence } = await recall.recall({ query: question, limit: FIRST, unjudged: true });
  const ranked = items.flatMap((item) => refs.get(item.id) ?? []);
  return { id, kind, part, question, expects, ranked, verdict, confidence };
}

async function placeOf(project: string | undefined, scratch: Scratch) {
  return project === undefined ? undefined : ({ project: await scratch.project(project), branch: null } as const);
}
