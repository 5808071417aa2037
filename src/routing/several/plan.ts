/** Stage between what was said outright and the words as a whole: a message that plainly asks several agents for something. */
import {
  isQuestion,
  words,
  type AgentSpec,
  type Candidate,
  type Roster,
  type Route,
  type RouteAsk,
  type RouteStep,
} from "#core";
import { followUp } from "../follow-up.ts";
import { gistOf } from "../gist.ts";
import type { Learned, Trainer } from "../learning/training.ts";
import { GENERAL, onCall } from "../names.ts";
import { ofAgent } from "../of-agent.ts";
import { claimed } from "../outright/opening.ts";
import { settled } from "../routes.ts";
import { headOf } from "./anew.ts";
import type { PieceKind, Reader } from "./clauses.ts";
import { orderReader, POLITE } from "./own-order.ts";
import { partsOf, type Parted } from "./parts.ts";

/** So many things are done at once; what is beyond them is told. */
const MOST_STEPS = 3;
/** Every part has to be this certain by itself, whatever less its agent needs to be settled; chosen by judgement. */
const CERTAIN = 0.5;

export function createPlanStep(roster: Roster, train: Trainer): RouteStep {
  return {
    stage: "lexical",
    async decide(ask, sofar) {
      const agents = onCall(roster, ask);
      const route = isOpen(ask, agents) ? await plan(ask, agents, train) : undefined;
      return route ? settled(route) : { kind: "pass", ...sofar };
    },
  };
}

/**
 * Words from outside make no plan, and what goes on with the last exchange is one thing. What begins with words that an agent
 * has claimed goes on with nothing.
 */
export function isOpen(ask: RouteAsk, agents: readonly AgentSpec[]): boolean {
  if (ask.origin === "outside" || ask.called) return false;
  return claimed(ask.words, agents) !== undefined || (ask.last?.asked !== true && followUp(ask)?.how !== "likely");
}

async function plan(ask: RouteAsk, agents: readonly AgentSpec[], train: Trainer): Promise<Route | undefined> {
  const reader = readerOf(agents);
  // One thing as a rule: whom it is for is asked only where there may be more.
  if (!partsOf(ask.words, { ...reader, parts: () => true })) return undefined;
  const learned = await train(agents);
  const whose = (part: string) => ownerOf(part, agents, learned)?.agent;
  const differ = (before: string, after: string): boolean => {
    const [one, other] = [whose(before), whose(after)];
    return one !== undefined && other !== undefined && one !== other;
  };
  const parted = partsOf(ask.words, { ...reader, parts: differ });
  if (!parted) return undefined;
  const steps = owned(parted.parts, (part) => {
    const owner = ownerOf(headOf(part), agents, learned);
    return owner && { ...owner, words: part };
  });
  if (!steps) return undefined;
  const merged = together(steps);
  return merged.length < 2 ? undefined : made(ask, merged, parted);
}

type Step = {
  readonly agent: AgentSpec;
  readonly words: string;
  readonly probability: number;
  /** It hands over something to be kept: that is a change. */
  readonly keeps: boolean;
};

/** Undefined unless it is plainly one specialist's. */
export function ownerOf(part: string, agents: readonly AgentSpec[], learned: Learned): Step | undefined {
  const own = claimed(part, agents);
  if (own) return { agent: own.agent, words: part, probability: 1, keeps: true };
  const [top] = learned.classifier.predict(gistOf(part)).ranking;
  const agent = agents.find(({ id }) => id === top?.label);
  // The general agent is for what nobody else is for, which is nothing that a plan is made of.
  if (!top || !agent || agent.id === GENERAL) return undefined;
  if (top.probability < Math.max(CERTAIN, learned.thresholds.settles.get(agent.id) ?? 1)) return undefined;
  return { agent, words: part, probability: top.probability, keeps: false };
}

/** Undefined where one is nobody's; a question behind what is kept is for whoever keeps it, rather than nothing kept. */
function owned(parts: readonly string[], owner: (part: string) => Step | undefined): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const part of parts) {
    const last = steps.at(-1);
    const asks = last?.keeps === true && isQuestion(part) ? { ...last, words: part, keeps: false } : undefined;
    const step = owner(part) ?? asks;
    if (!step) return undefined;
    steps.push(step);
  }
  return steps;
}

/** Two things in a row for the same agent are one task; what is kept is one by itself, for a question keeps nothing. */
function together(steps: readonly Step[]): readonly Step[] {
  return steps.reduce<readonly Step[]>((before, step) => {
    const last = before.at(-1);
    if (last?.agent.id !== step.agent.id || last.keeps !== step.keeps) return [...before, step];
    const both = { ...last, words: `${last.words}\n${step.words}` };
    return [...before.slice(0, -1), { ...both, probability: Math.min(last.probability, step.probability) }];
  }, []);
}

function made(ask: RouteAsk, all: readonly Step[], parted: Parted): Route {
  const steps = all.slice(0, MOST_STEPS);
  const left = all.slice(MOST_STEPS).map(({ words: of }) => of);
  const sideBySide = parted.together && !steps.some(({ keeps }) => keeps);
  const names = steps.map(({ agent }) => `the ${agent.name}`);
  const order = `${names.slice(0, -1).join(", ")} and ${sideBySide ? "" : "then "}${names.at(-1) ?? ""}`;
  return {
    to: {
      kind: "plan",
      steps: steps.map(({ agent, words: of }) => ({ agent: agent.id, words: of })),
      together: sideBySide,
    },
    stage: "lexical",
    confidence: rounded(Math.min(...steps.map(({ probability }) => probability))),
    candidates: best(steps),
    reason: `You asked for ${all.length} things, each plainly one agent's: ${order}${left.length > 0 ? "; more are not done at once" : ""}.`,
    words: ask.words,
    ...(left.length > 0 && { left }),
  };
}

function best(steps: readonly Step[]): readonly Candidate[] {
  const scores = new Map<AgentSpec["id"], number>();
  for (const { agent, probability } of steps) scores.set(agent.id, Math.max(probability, scores.get(agent.id) ?? 0));
  return [...scores].map(([agent, score]) => ({ agent, score: rounded(score) })).toSorted((a, b) => b.score - a.score);
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

const ASKS =
  /^(?:who|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|has|have|can|could|should|will)\b/i;

export const readerOf = (agents: readonly AgentSpec[]): Reader => ({
  kindOf: pieceKinds(agents),
  orderIn: orderReader(agents),
});

/** A piece asks for something when it is a question, or begins as an example of somebody's begins. */
function pieceKinds(agents: readonly AgentSpec[]): (piece: string) => PieceKind {
  const begins = agents.map(firstWordsOf);
  return (piece) => {
    if (claimed(piece, agents)) return "keeps";
    const plain = piece.replace(POLITE, "");
    if (isQuestion(piece) && ASKS.test(plain)) return "asks";
    const first = firstWord(plain);
    return VERB.test(first) && begins.some((each) => each.has(first)) ? "asks" : "neither";
  };
}

const firstWord = (text: string): string => words(text.replace(POLITE, ""))[0] ?? "";
const firstWordsOf = ofAgent(({ skills }) => new Set(skills.flatMap(({ examples }) => examples.map(firstWord))));
/** Examples also begin with words that order nothing. */
const VERB =
  /^(?!(?:the|a|an|i|we|my|our|your|he|she|it|they|this|that|there|in|on|at|of|for|with|and|or|but|no|not|we|is|are)$)\p{L}{2,}$/u;
