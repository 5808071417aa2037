/**
 * First stage: the person has said who is meant, by answering a question, by a command, by name, by a pin, or by an earlier
 * correction. Words from outside say nothing of the kind: only whom they are addressed to counts. Behind the plan, a second
 * one of its kind: how they begin.
 */
import type { AgentSpec, Roster, Route, RouteAsk, RouteStep } from "#core";
import { onCall } from "../names.ts";
import { settled, toAgent, toRefusal, type Rule } from "../routes.ts";
import { addressed } from "./addressed.ts";
import { answerBeside } from "./beside.ts";
import { answerToChoice, answerToGreeting } from "./choice.ts";
import { command } from "./command.ts";
import { corrected } from "./corrected.ts";
import { mention } from "./mention.ts";
import { opening } from "./opening.ts";
import { picked } from "./picked.ts";

/** In this order; the first that has an opinion settles. */
const RULES: readonly Rule[] = [
  answerToChoice,
  command,
  answerBeside,
  mention,
  answerToGreeting,
  picked,
  pinned,
  corrected,
];

/** What a schedule asks while nobody is there: a name in front may say for whom it is, and nothing more is read from it. */
const UNATTENDED: readonly Rule[] = [mention, pinned];

export function createExactStep(roster: Roster): RouteStep {
  return {
    stage: "exact",
    async decide(ask, sofar) {
      const agents = onCall(roster, ask);
      for (const rule of rulesFor(ask, roster)) {
        const route = rule(ask, agents);
        if (route) return settled(route);
      }
      return { kind: "pass", ...sofar };
    },
  };
}

/** Behind the plan: what begins with one agent's words may go on with another's. */
export function createOpeningStep(roster: Roster): RouteStep {
  return {
    stage: "exact",
    async decide(ask, sofar) {
      const isOwn = ask.origin !== "outside" && !ask.called;
      const route = isOwn ? opening(ask, onCall(roster, ask)) : undefined;
      return route ? settled(route) : { kind: "pass", ...sofar };
    },
  };
}

function rulesFor(ask: RouteAsk, roster: Roster): readonly Rule[] {
  if (ask.origin === "outside" || ask.called) return [addressed(roster)];
  return ask.unattended ? UNATTENDED : RULES;
}

function pinned(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  if (ask.pinned === null) return undefined;
  const agent = agents.find(({ id }) => id === ask.pinned);
  if (agent) return toAgent(agent, ask.words, `This conversation is kept with the ${agent.name}.`);
  const gone = `This conversation is kept with “${ask.pinned}”, which is not on call.`;
  return toRefusal(`${gone} \`/agent auto\` lets Nova choose again.`, ask.words);
}
