/** The agents on call: read, judged by their golden routes, routed to, and replaced by a reload. Opened by main.ts. */
import { join } from "node:path";
import { NovaError, type EffectDefinition, type Roster, type Router, type ToolDefinition } from "#core";
import { keepFiles } from "./home/kept.ts";
import { createRouter } from "./langchain/router.ts";
import { loadAgents, loadEffects, loadTools, openRoster, type LiveRoster, type LoadedAgents } from "./plugins/index.ts";
import { underRecipe } from "./routing/recipe.ts";
import { createRouteSteps } from "./routing/steps.ts";
import { createTrainer, type RouterCache, type Trainer } from "./routing/training.ts";
import { tryGoldenRoutes } from "./verbs/golden.ts";

export type OnCall = {
  readonly tools: readonly ToolDefinition[];
  readonly effects: readonly EffectDefinition[];
  readonly roster: LiveRoster;
  readonly router: Router;
};

/** Most time for all golden routes together; learning the agents, where they have changed, included. */
const GOLDEN_MS = 30_000;

/** For each set of agents one of some megabytes; a folder that is worked on leaves some behind. */
const KEPT = 8;

/** All that decides what is learned of the same agents: how, and what a word is. */
const RECIPE = ["routing", "core/text"].map((folder) => join(import.meta.dirname, folder));

/** What the router learned of the agents, kept in NOVA_HOME. */
export const routerCache = (home: string): RouterCache =>
  underRecipe(keepFiles(home, { kind: "router", most: KEPT }), RECIPE);

/** Throws `bad_plugin` for files that do not hold together or whose golden routes fail. */
export async function openOnCall(folder: string, cache: RouterCache): Promise<OnCall> {
  const [tools, effects] = [await readTools(folder), await loadEffects(join(folder, "effects"))];
  // What the judge has learned serves the first message too.
  const train = createTrainer(cache);
  const judge = ({ roster }: LoadedAgents) => refuseMisses(roster, routerOver(roster, train));
  const roster = await openRoster(() => loadAgents(folder, { tools, effects }), judge);
  return { tools, effects, roster, router: routerOver(roster, train) };
}

/** The files as they are now, beside the agents on call. */
export async function readAgents(
  folder: string,
  cache: RouterCache,
): Promise<{ readonly roster: Roster; readonly router: Router }> {
  const { roster } = await loadAgents(folder, { tools: await readTools(folder) });
  return { roster, router: routerOver(roster, createTrainer(cache)) };
}

const readTools = (folder: string) => loadTools(join(folder, "tools"));
const routerOver = (roster: Roster, train: Trainer) => createRouter(createRouteSteps({ roster, train }));

async function refuseMisses(roster: Roster, router: Router): Promise<void> {
  const { failed } = await tryGoldenRoutes(roster, router, AbortSignal.timeout(GOLDEN_MS));
  if (failed.length === 0) return;
  const misses = failed.map(
    ({ agent, input, expected, got }) => `${agent}: "${input}" went to ${got}, not ${expected}`,
  );
  throw new NovaError("bad_plugin", `Golden routes of the agents do not hold: ${misses.join("; ")}.`, {
    advice: "Change the examples or negatives of the agents that are named, or the golden case.",
  });
}
