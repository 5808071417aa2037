/** Stage behind the words: where they alone do not tell who is meant, a model is asked, among a few, and nobody else. Built by on-call.ts. */
import {
  mayChange,
  type AgentSpec,
  type Judgement,
  type PlanStep,
  type Roster,
  type Route,
  type RouteAsk,
  type RouteJudge,
  type RouteSofar,
  type RouteStep,
} from "#core";
import { areClose, whichOf } from "./close.ts";
import { GENERAL, onCall } from "./names.ts";
import { breaksOff, priorOf } from "./prior.ts";
import { either, settled } from "./routes.ts";
import { areIndependent } from "./several/parts.ts";
import { shortlistOf } from "./shortlist.ts";

/** A model that says that it is less sure than this has not settled anything. */
const UNSURE = 0.5;

export function createModelStep(roster: Roster, judge: RouteJudge): RouteStep {
  return {
    stage: "model",
    async decide(ask, sofar, signal) {
      const pass = (note?: string) => ({ kind: "pass" as const, ...sofar, ...(note !== undefined && { note }) });
      const { bill } = ask;
      if (!bill || ask.origin === "outside" || goesOnPlainly(ask, sofar)) return pass();
      const agents = onCall(roster, ask);
      const last = ask.last && ask.last.clarifying.length === 0 ? ask.last.agent : null;
      const shortlist = shortlistOf(ask.words, agents, { ...sofar, last });
      if (shortlist.length < 2) return pass();
      const about = shortlist.some(({ id }) => id === last) ? last : null;
      const judged = await judge.judge({ words: ask.words, shortlist, last: about, bill }, signal);
      if (!judged) return pass();
      if (judged.kind === "failed") return pass(`(${judged.model} was asked who is meant, and ${judged.says}.)`);
      const { judgement, confidence, model } = judged;
      if (confidence < UNSURE && judgement.kind !== "clarify") return pass(`(${model} was not sure either.)`);
      const route = routed(ask, { judgement, agents }, { ...sofar, confidence, model });
      return route ? settled(route) : pass(`(${model} could not tell either.)`);
    },
  };
}

/** An answer to a question, or the second half of a talk, needs nobody to be understood; unless the words speak for another. */
function goesOnPlainly(ask: RouteAsk, { candidates }: RouteSofar): boolean {
  const prior = priorOf(ask);
  if (prior?.how !== "likely") return false;
  return !candidates.some((rival) => breaksOff(rival, prior, candidates));
}

type Heard = RouteSofar & { readonly model: string };

function routed(
  ask: RouteAsk,
  { judgement, agents }: { readonly judgement: Judgement; readonly agents: readonly AgentSpec[] },
  heard: Heard,
): Route | undefined {
  const named = (id: string): AgentSpec | undefined => agents.find((agent) => agent.id === id);
  switch (judgement.kind) {
    case "agent": {
      const agent = named(judgement.agent);
      return agent && toOne(ask, agent, heard);
    }
    case "clarify": {
      // Nobody can be asked to tell the general agent from a specialist.
      const options = judgement.options.flatMap((id) => (id === GENERAL ? [] : (named(id) ?? [])));
      const [only, ...others] = options;
      if (!only) return undefined;
      if (others.length === 0) return toOne(ask, only, heard);
      const names = either(options.map(({ name }) => `the ${name}`));
      return whichOf(ask, options, made(heard, `${heard.model} could not tell whether this is for ${names}.`));
    }
    case "plan":
      return toPlan(ask, { steps: judgement.steps, named }, heard);
  }
}

function toOne(ask: RouteAsk, agent: AgentSpec, heard: Heard): Route {
  const [top, second] = heard.candidates;
  const open =
    top && second && areClose({ probability: top.score }, { probability: second.score })
      ? "The words fit more than one"
      : "The words alone did not tell";
  const reason = `${open}, and ${heard.model} chose the ${agent.name}.`;
  return { ...made(heard, reason), to: { kind: "agent", agent: agent.id }, words: ask.words };
}

function toPlan(
  ask: RouteAsk,
  { steps, named }: { readonly steps: readonly PlanStep[]; readonly named: (id: string) => AgentSpec | undefined },
  heard: Heard,
): Route | undefined {
  const [first] = steps;
  const agent = first && named(first.agent);
  if (!agent) return undefined;
  if (steps.every((step) => step.agent === agent.id)) return toOne(ask, agent, heard);
  const together =
    areIndependent(
      ask.words,
      steps.map(({ words }) => words),
    ) && !steps.some((step) => writes(named(step.agent)));
  const names = steps.map((step) => `the ${named(step.agent)?.name ?? step.agent}`);
  const order = `${names.slice(0, -1).join(", ")} and ${together ? "" : "then "}${names.at(-1) ?? ""}`;
  const reason = `You asked for ${steps.length} things, which ${heard.model} gave to ${order}.`;
  return { ...made(heard, reason), to: { kind: "plan", steps, together }, words: ask.words };
}

const writes = (agent: AgentSpec | undefined): boolean => agent !== undefined && mayChange(agent);

function made({ candidates, confidence }: Heard, reason: string): Omit<Route, "to" | "words"> {
  return { stage: "model", confidence: Math.round(confidence * 1e4) / 1e4, candidates, reason };
}
