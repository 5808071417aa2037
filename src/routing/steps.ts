/** The stages of routing in their order, for the router to compose. Called by main. */
import type { Roster, RouteStep } from "#core";
import { withoutPreamble } from "./command.ts";
import { createExactStep } from "./exact.ts";
import { createFallbackStep } from "./fallback.ts";
import { createLexicalStep } from "./lexical.ts";

/** `further` stages, a model's for instance, decide what the words alone leave open. The last stage always settles. */
export function createRouteSteps({
  roster,
  further = [],
}: {
  readonly roster: Roster;
  readonly further?: readonly RouteStep[];
}): readonly RouteStep[] {
  return [createExactStep(roster), createLexicalStep(roster), ...further, createFallbackStep(roster)].map(plainly);
}

/** No stage sees `/ask`, which chooses nobody. */
function plainly(step: RouteStep): RouteStep {
  return {
    stage: step.stage,
    decide: (ask, sofar, signal) => step.decide({ ...ask, words: withoutPreamble(ask.words) }, sofar, signal),
  };
}
