/** The router as one LangChain Runnable, so that routing is traced like any other run. Stages are handed in by the roof. */
import { RunnableLambda, type Runnable } from "@langchain/core/runnables";
import { NovaError, type Route, type RouteAsk, type Router, type RouteStep, type StageResult } from "#core";

type Underway = { readonly ask: RouteAsk; readonly result: StageResult };

const NOTHING_YET: StageResult = { kind: "pass", candidates: [], confidence: 0 };

/** Asks each stage in turn until one settles. Throws when none does, which only a wrong list of stages can bring about. */
export function createRouter(steps: readonly RouteStep[]): Router {
  const route = steps.map(stage).reduce<Runnable<Underway, Underway>>((before, next) => before.pipe(next), begin());
  return {
    async route(ask, signal) {
      signal.throwIfAborted();
      try {
        const { result } = await route.invoke({ ask, result: NOTHING_YET }, { signal, runName: "route" });
        return settledRoute(result, steps);
      } catch (error) {
        // LangChain wraps an abort in an error of its own; callers are promised the signal's reason.
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}

/** So that a list of one stage, or none, composes like any other. */
function begin(): Runnable<Underway, Underway> {
  return RunnableLambda.from((underway: Underway) => underway).withConfig({ runName: "ask" });
}

function stage(step: RouteStep): Runnable<Underway, Underway> {
  return RunnableLambda.from(async ({ ask, result }: Underway, { signal = NEVER }) => {
    if (result.kind === "settled") return { ask, result };
    signal.throwIfAborted();
    const { kind: _, ...sofar } = result;
    return { ask, result: await step.decide(ask, sofar, signal) };
  }).withConfig({ runName: step.stage });
}

const NEVER = new AbortController().signal;

function settledRoute(result: StageResult, steps: readonly RouteStep[]): Route {
  if (result.kind === "settled") return result.route;
  const stages = steps.map((step) => step.stage).join(", ");
  throw new NovaError("unavailable", `No routing stage settled (${stages || "there are none"}).`, {
    advice: "The last stage must always settle.",
  });
}
