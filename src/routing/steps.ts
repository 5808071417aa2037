/** The stages of routing in their order, for the router to compose. Called by the roof. */
import type { Roster, RouteStep } from "#core";
import { createFallbackStep } from "./fallback.ts";
import { greeted } from "./greeting.ts";
import { createTrainer, type Trainer } from "./learning/training.ts";
import { createLexicalStep } from "./lexical.ts";
import { createBesideStep } from "./outright/beside.ts";
import { withoutPreamble } from "./outright/command.ts";
import { createExactStep, createOpeningStep } from "./outright/exact.ts";
import { tellingLeft } from "./several/left.ts";
import { createPlanStep } from "./several/plan.ts";

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
  const telling = (step: RouteStep) => tellingLeft(step, roster, train);
  const reading = [
    createPlanStep(roster, train),
    createOpeningStep(roster),
    createLexicalStep(roster, train),
    createBesideStep(roster),
    ...further,
    createFallbackStep(roster, train),
  ];
  return [plainly(telling(createExactStep(roster)), "as said"), ...reading.map((step) => plainly(telling(step)))];
}

/**
 * No stage sees `/ask`, which chooses nobody, and those that read the words no greeting either. Whoever answers gets a greeting
 * that may belong to a text. Words from outside are left as they are.
 */
function plainly(step: RouteStep, how?: "as said"): RouteStep {
  return {
    stage: step.stage,
    async decide(ask, sofar, signal) {
      if (ask.origin === "outside" || ask.called) return step.decide(ask, sofar, signal);
      const said = withoutPreamble(ask.words);
      // What answers an agent's question, or goes to the one that a conversation is kept with, is no request to be found.
      const isText = how === "as said" || ask.pinned !== null || ask.last?.asked === true;
      const greeting = isText ? undefined : greeted(said);
      const words = greeting?.rest ?? said;
      const result = await step.decide({ ...ask, words }, sofar, signal);
      if (result.kind !== "settled" || !greeting || greeting.isAsked || result.route.words !== words) return result;
      return { kind: "settled", route: { ...result.route, words: said } };
    },
  };
}
