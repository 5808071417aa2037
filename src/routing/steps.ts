/** The stages of routing in their order, for the router to compose. Called by main. */
import type { Roster, RouteStep } from "#core";
import { createBesideStep } from "./beside.ts";
import { withoutPreamble } from "./command.ts";
import { createExactStep, createOpeningStep } from "./exact.ts";
import { createFallbackStep } from "./fallback.ts";
import { withoutGreeting } from "./greeting.ts";
import { tellingLeft } from "./left.ts";
import { createLexicalStep } from "./lexical.ts";
import { createPlanStep } from "./plan.ts";
import { createTrainer, type Trainer } from "./training.ts";

/**
 * `further` stages, a model's for instance, decide what the words alone leave open. The last stage always settles.
 * Routers that are handed the same `train` learn a set of agents once between them.
 */
export function createRouteSteps({
  roster,
  train = createTrainer(),
  further = [],
}: {
  readonly roster: Roster;
  readonly train?: Trainer;
  readonly further?: readonly RouteStep[];
}): readonly RouteStep[] {
  const steps = [
    createExactStep(roster),
    createPlanStep(roster, train),
    createOpeningStep(roster),
    createLexicalStep(roster, train),
    createBesideStep(roster),
    ...further,
    createFallbackStep(roster, train),
  ];
  return steps.map((step) => plainly(tellingLeft(step, roster, train)));
}

/** No stage sees `/ask` or a greeting, which choose nobody. Words from outside are left as they are. */
function plainly(step: RouteStep): RouteStep {
  return {
    stage: step.stage,
    decide: (ask, sofar, signal) => {
      const words = ask.origin === "outside" || ask.called ? ask.words : withoutGreeting(withoutPreamble(ask.words));
      return step.decide({ ...ask, words }, sofar, signal);
    },
  };
}
