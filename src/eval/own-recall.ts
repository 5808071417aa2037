/** `nova eval recall | abstain` without data: Nova's own suite of recall cases, as a person would meet it. Called by the roof. */
import { terms, type ItemId, type Person, type Recalled } from "#core";
import { ASKED_AT, type CaseKind, type Cluster, type Part, type Suite, type SuiteCase } from "./suite/suite.ts";
import { watched, type Scratch, type Watch } from "./scratch.ts";

export type CaseOutcome = {
  readonly id: string;
  readonly kind: CaseKind;
  readonly part: Part;
  readonly question: string;
  /** The question shares a stem with some line of its part. */
  readonly near: boolean;
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
  const kept: { memory: PartMemory; clusters: Suite }[] = [];
  for (const part of present) {
    const clusters = suite.filter((cluster) => cluster.part === part);
    const person = await scratch.person(`Owner of ${part}`);
    const refs = await keepLines(clusters, { scratch, person }, watch);
    const stems = new Set(clusters.flatMap(({ lines }) => lines.flatMap(({ text }) => terms(text))));
    kept.push({ memory: { part, person, refs, stems }, clusters });
  }
  await scratch.settle();
  const of = suite.flatMap(({ cases }) => cases).length;
  for (const { memory, clusters } of kept) {
    for (const tried of clusters.flatMap(({ cases }) => cases)) {
      watched(watch, "Asking", { at: outcomes.length, of });
      outcomes.push(await tryCase(tried, memory, scratch));
    }
  }
  return outcomes;
}

type PartMemory = {
  readonly part: Part;
  readonly person: Person;
  readonly refs: ReadonlyMap<ItemId, string>;
  /** Of all its lines. */
  readonly stems: ReadonlySet<string>;
};

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
  { part, person, refs, stems }: PartMemory,
  scratch: Scratch,
): Promise<CaseOutcome> {
  const recall = scratch.memory.as(person, await placeOf(project, scratch));
  const ask = { query: question, limit: FIRST, now: ASKED_AT, unjudged: true } as const;
  const { items, verdict, confidence } = await recall.recall(ask);
  const ranked = items.flatMap((item) => refs.get(item.id) ?? []);
  const near = terms(question).some((stem) => stems.has(stem));
  return { id, kind, part, question, near, expects, ranked, verdict, confidence };
}

async function placeOf(project: string | undefined, scratch: Scratch) {
  return project === undefined ? undefined : ({ project: await scratch.project(project), branch: null } as const);
}
