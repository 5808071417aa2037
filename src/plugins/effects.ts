/** Finds the effects: every .ts file of agents/effects, one verb a file. Called at start, before the agents are read. */
import { basename, dirname } from "node:path";
import type { EffectDefinition } from "#core";
import { faultsOf } from "./fields.ts";
import { isRecord, list, open, shown } from "./file.ts";
import { refuse, type Problem } from "./problem.ts";

type Fault = Omit<Problem, "file">;

/** Bound by the run: names of people, places and projects are looked up, and their ids never come from a model. */
const BOUND: ReadonlySet<string> = new Set(["tenant", "branch", "principal", "id", "ids", "trust", "origin"]);
const LEAST_EXAMPLES = 3;

/** Reads all effects in `dir`, or throws one `bad_plugin`. No such folder: there are none. */
export async function loadEffects(dir: string): Promise<readonly EffectDefinition[]> {
  const effects: EffectDefinition[] = [];
  const problems: Problem[] = [];
  const isThere = (await list(dirname(dir))).some((entry) => entry.folder && entry.name === basename(dir));
  for (const entry of isThere ? await list(dir) : []) {
    if (entry.folder || !entry.name.endsWith(".ts")) continue;
    const file = shown(entry.path, `${dir}/..`);
    const effect = (await open(entry.path, file))["default"];
    if (!isEffect(effect)) {
      const advice = "Write `export default defineEffect({ … })`; files that effects share belong in a folder below.";
      problems.push({ file, key: "default", what: "is not an effect", advice });
      continue;
    }
    problems.push(...checkEffect(effect, basename(entry.name, ".ts")).map((fault) => ({ file, ...fault })));
    effects.push(effect);
  }
  refuse(problems);
  return effects;
}

function isEffect(value: unknown): value is EffectDefinition {
  if (!isRecord(value) || value["kind"] !== "effect") return false;
  return ["bind", "title", "card"].every((step) => typeof value[step] === "function");
}

function checkEffect(effect: EffectDefinition, stem: string): readonly Fault[] {
  const faults: Fault[] = [];
  const verb = stem.replaceAll("-", "_");
  if (effect.verb !== verb) {
    faults.push({ key: "verb", what: `is \`${effect.verb}\``, advice: `Call it \`${verb}\`, as the file says.` });
  }
  if (!effect.description?.trim()) {
    faults.push({ key: "description", what: "is empty", advice: "Say in one sentence what it does." });
  }
  if (!(effect.examples?.length >= LEAST_EXAMPLES)) {
    const what = `has fewer than ${LEAST_EXAMPLES} utterances`;
    faults.push({ key: "examples", what, advice: "Give utterances that ask for this effect." });
  }
  return [...faults, ...checkStakes(effect), ...faultsOf(effect.input, BOUND, BIND)];
}

const BIND = "Remove it; take the name that a person would write, and look it up in `bind`.";

function checkStakes({ stakes, undo, typed }: EffectDefinition): readonly Fault[] {
  if (!STAKES.some((known) => known === stakes)) {
    return [{ key: "stakes", what: "is not one of S1, S2, S3", advice: "Say how bad a mistake would be." }];
  }
  const faults: Fault[] = [];
  if (undo !== null && !(typeof undo === "string" && undo.trim() !== "")) {
    const advice = "Say how it is undone, or null when it cannot be.";
    faults.push({ key: "undo", what: "says nothing", advice });
  }
  if (stakes === "S1" && undo === null) {
    const advice = "Say how it is undone, or make it S2.";
    faults.push({ key: "stakes", what: "is S1, and yet nothing undoes it", advice });
  }
  if (stakes === "S3" && typeof typed !== "function") {
    const advice = "Give the amount or the name that is typed to approve it.";
    faults.push({ key: "typed", what: "is missing from an S3 effect", advice });
  }
  return faults;
}

const STAKES: readonly string[] = ["S1", "S2", "S3"];
