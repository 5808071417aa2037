/** The agents on call: read, judged by their golden routes, routed to, and replaced by a reload. Opened by main.ts. */
import { join } from "node:path";
import {
  HOME,
  NovaError,
  type EffectDefinition,
  type Log,
  type Roster,
  type RouteJudge,
  type RouteLabels,
  type Router,
  type RouteStep,
  type Taught,
  type ToolDefinition,
} from "#core";
import { keepFiles } from "../home/kept.ts";
import { createRouter } from "../langchain/router.ts";
import {
  loadAgents,
  loadEffects,
  loadTools,
  openRoster,
  type LiveRoster,
  type LoadedAgents,
} from "../plugins/index.ts";
import { createModelStep } from "../routing/model.ts";
import { underRecipe } from "../routing/learning/recipe.ts";
import { createRouteSteps } from "../routing/steps.ts";
import { createTrainer, type RouterCache, type Trainer } from "../routing/learning/training.ts";
import { tryGoldenRoutes, type Miss } from "../verbs/golden.ts";

export type OnCall = {
  readonly tools: readonly ToolDefinition[];
  readonly effects: readonly EffectDefinition[];
  readonly roster: LiveRoster;
  /** `judge`: a model that helps where the words alone do not tell; without one the stages of the house decide alone. */
  routerWith(judge: RouteJudge | undefined): Router;
  /**
   * Lets the router learn what people said about whom their words are for, newest first. As a set it is refused when a
   * golden route does not hold with it: what was learned before stays, while that still holds.
   */
  teach(taught: readonly Taught[]): Promise<readonly Miss[]>;
};

/** Most time for all golden routes together; learning the agents, where they have changed, included. */
const GOLDEN_MS = 30_000;

/** For each set of agents one of some megabytes; a folder that is worked on leaves some behind. */
const KEPT = 8;

/** All that decides what is learned of the same agents: how, by what chance, and what a word is. */
const RECIPE = ["routing", "core/text", "core/random.ts"].map((source) => join(import.meta.dirname, "..", source));

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
  let learned = train;
  const now: Trainer = (specs) => learned(specs);
  const misses = async (trainer: Trainer) =>
    (await tryGoldenRoutes(roster, routerOver(roster, trainer), AbortSignal.timeout(GOLDEN_MS))).failed;
  return {
    tools,
    effects,
    roster,
    routerWith: (model) => routerOver(roster, now, model ? [createModelStep(roster, model)] : []),
    async teach(taught) {
      if (taught.length === 0) {
        learned = train;
        return [];
      }
      const trial = createTrainer(cache, taught);
      const failed = await misses(trial);
      if (failed.length === 0) learned = trial;
      else if (learned !== train && (await misses(learned)).length > 0) learned = train;
      return failed;
    },
  };
}

export type LearningRouter = Router & {
  /** Learns anew what people said about whom their words are for. Never throws. */
  learn(): Promise<void>;
};

/** The router that turns and verbs ask: it has learned what people said before it is first asked. */
export function openRouter(
  agents: Pick<OnCall, "routerWith" | "teach">,
  { labels, judge, log }: { readonly labels: RouteLabels; readonly judge: RouteJudge | undefined; readonly log: Log },
): LearningRouter {
  const router = agents.routerWith(judge);
  let learning: Promise<void> | undefined;
  const learn = async (): Promise<void> => {
    try {
      const taught = await labels.taught(HOME, MOST_TAUGHT);
      const missed = await agents.teach(taught);
      const about = { corrections: taught.length, missed: [...new Set(missed.map(({ agent }) => agent))].join(", ") };
      if (missed.length > 0) log.warn("router.corrections_refused", { ...about, remedy: REMEDY });
    } catch (error) {
      // It routes as well as before, and learns at the next reload or start.
      log.error("router.not_learned", error);
    }
  };
  return {
    learn: () => (learning = learn()),
    async route(ask, signal) {
      await (learning ??= learn());
      return router.route(ask, signal);
    },
  };
}

/** Most corrections that are read; of each agent far fewer are learned. */
const MOST_TAUGHT = 2_000;
const REMEDY = "Look at `nova route labels` for corrections that contradict the agents' golden cases.";

/** The files as they are now, beside the agents on call. */
export async function readAgents(
  folder: string,
  cache: RouterCache,
): Promise<{ readonly roster: Roster; readonly router: Router }> {
  const { roster } = await loadAgents(folder, { tools: await readTools(folder) });
  return { roster, router: routerOver(roster, createTrainer(cache)) };
}

const readTools = (folder: string) => loadTools(join(folder, "tools"));
const routerOver = (roster: Roster, train: Trainer, further: readonly RouteStep[] = []) =>
  createRouter(createRouteSteps({ roster, train, further }));

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
