/** Last stage, always settles: goes on with the last agent, makes the best guess, takes the general agent, or asks. */
import {
  GENERAL_OUTSIDE,
  type AgentSpec,
  type Candidate,
  type Roster,
  type Route,
  type RouteAsk,
  type RouteSofar,
  type RouteStep,
} from "#core";
import { closeOnes, MOST_OPTIONS, whichOf } from "./close.ts";
import { percentOf } from "./explain.ts";
import type { Thresholds } from "./learning/thresholds.ts";
import type { Trainer } from "./learning/training.ts";
import { GENERAL, onCall } from "./names.ts";
import { breaksOff, priorOf, scoreOf } from "./prior.ts";
import { either, settled } from "./routes.ts";

type Sofar = RouteSofar & { readonly thresholds: Thresholds };

/** When the words look this much like nobody's business, a mere hint of going on is not enough; chosen by judgement. */
const NOBODYS = 0.7;

export function createFallbackStep(roster: Roster, train: Trainer): RouteStep {
  return {
    stage: "fallback",
    async decide(ask, before) {
      const agents = onCall(roster, ask);
      const sofar = { ...before, thresholds: (await train(agents)).thresholds };
      return settled(
        goesOn(ask, agents, sofar) ??
          close(ask, agents, sofar) ??
          guess(ask, agents, sofar) ??
          general(ask, agents, sofar) ??
          choice(ask, agents, sofar),
      );
    },
  };
}

/** What the last agent is ahead by is a prior, no lock: whoever the words speak for clearly enough gets them. */
function goesOn(ask: RouteAsk, agents: readonly AgentSpec[], sofar: Sofar): Route | undefined {
  const prior = priorOf(ask);
  const agent = agents.find(({ id }) => id === prior?.agent);
  if (!prior || !agent) return undefined;
  const { candidates } = sofar;
  const nobodys = 1 - total(sofar);
  if (prior.how === "maybe" && candidates.length > 0 && nobodys > NOBODYS) return undefined;
  // Half a sentence is nobody else's unless the words have settled that it is.
  const rivals = prior.isWhole ? candidates.filter((rival) => isLikely(rival, sofar)) : [];
  if (rivals.some((rival) => breaksOff(rival, prior, candidates))) return undefined;
  if (prior.how === "new" && !isLikelyThen(agent, prior.over(agent.id), sofar)) return undefined;
  const against = Math.max(0, ...candidates.filter((rival) => rival.agent !== agent.id).map(({ score }) => score));
  return {
    ...made(ask, sofar, `It goes on from what the ${agent.name} said before.`),
    to: { kind: "agent", agent: agent.id },
    stage: "sticky",
    confidence: round(1 - Math.max(against, 0.1)),
  };
}

/** With what it is ahead by it is a likely guess, and the likeliest. */
function isLikelyThen({ id }: AgentSpec, ahead: number, sofar: Sofar): boolean {
  const raised = scoreOf(id, sofar.candidates) + ahead;
  return isLikely({ agent: id, score: raised }, sofar) && sofar.candidates.every(({ score }) => raised >= score);
}

/** Nobody out there can be asked, and what goes on with something is not asked about. */
function close(ask: RouteAsk, agents: readonly AgentSpec[], sofar: Sofar): Route | undefined {
  if (ask.origin === "outside" || (priorOf(ask)?.how ?? "new") !== "new") return undefined;
  const options = closeOnes(agents, sofar.candidates);
  if (!options) return undefined;
  const names = either(options.map(({ name }) => `the ${name}`));
  const rest = made(ask, sofar, `The words fit ${names} about as well.`);
  return whichOf(ask, options, { ...rest, stage: "lexical" });
}

function guess(ask: RouteAsk, agents: readonly AgentSpec[], sofar: Sofar): Route | undefined {
  const [best] = sofar.candidates;
  const agent = agents.find(({ id }) => id === best?.agent);
  if (!best || !agent || !isLikely(best, sofar)) return undefined;
  const enough = sofar.thresholds.settles.get(agent.id) ?? 1;
  const how = best.score < enough ? `; ${percentOf(enough)} would be certain enough` : "";
  const reason = `A best guess: the examples of the ${agent.name} come nearest (${percentOf(best.score)} sure${how}).`;
  return { ...made(ask, sofar, reason), to: { kind: "agent", agent: agent.id } };
}

const isLikely = ({ agent, score }: Candidate, { thresholds }: Sofar): boolean =>
  score >= (thresholds.guesses.get(agent) ?? 1);

function general(ask: RouteAsk, agents: readonly AgentSpec[], sofar: Sofar): Route | undefined {
  const wanted = ask.origin === "outside" ? GENERAL_OUTSIDE : GENERAL;
  const agent = agents.find(({ id }) => id === wanted);
  if (!agent) return undefined;
  const reason = `It does not look like any specialist's examples, so the ${agent.name} answers.`;
  return { ...made(ask, sofar, reason), to: { kind: "agent", agent: agent.id } };
}

/**
 * Without a general agent the person chooses; a single agent needs no choice, and without any nothing can be done.
 * Nobody outside can be asked: the likeliest gets it.
 */
function choice(ask: RouteAsk, agents: readonly AgentSpec[], sofar: Sofar): Route {
  const scores = new Map<string, number>(sofar.candidates.map(({ agent, score }) => [agent, score]));
  const likeliest = agents.toSorted((a, b) => (scores.get(b.id) ?? 0) - (scores.get(a.id) ?? 0)).slice(0, MOST_OPTIONS);
  const [only, ...others] = likeliest;
  if (!only) {
    const reason = ask.origin === "outside" ? NOBODY_READS : NOBODY_MEETS;
    return { ...made(ask, sofar, reason), to: { kind: "refuse", reason } };
  }
  const to: Route["to"] = { kind: "agent", agent: only.id };
  if (others.length === 0) return { ...made(ask, sofar, `The ${only.name} is the only agent here.`), to };
  if (ask.origin === "outside") {
    return { ...made(ask, sofar, `It looks like no agent's examples; the ${only.name} comes nearest.`), to };
  }
  const names = either(likeliest.map((agent) => `the ${agent.name}`));
  return {
    ...made(ask, sofar, "It does not look like any agent's examples."),
    to: {
      kind: "clarify",
      question: `I am not sure who is to answer: ${names}? A number or a name will do.`,
      options: likeliest.map((agent) => agent.id),
    },
  };
}

const NOBODY_MEETS = "No agent is on call that you may talk to. Ask the owner of this installation for access.";
const NOBODY_READS = "No agent is on call that takes words from outside, so nobody has read this.";

function made(ask: RouteAsk, sofar: Sofar, reason: string): Omit<Route, "to"> {
  const { candidates, confidence, note } = sofar;
  const told = note === undefined ? reason : `${reason} ${note}`;
  return { stage: "fallback", confidence: round(confidence), candidates, reason: told, words: ask.words };
}

const total = ({ candidates }: Sofar): number => candidates.reduce((sum, { score }) => sum + score, 0);
const round = (value: number): number => Math.round(value * 1e4) / 1e4;
