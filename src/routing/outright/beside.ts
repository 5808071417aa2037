/**
 * What was asked in one thread and answered in another. A rule of the exact stage takes what by its form can only be an
 * answer; a stage behind the words takes a few words that are nobody's, right after the question.
 */
import {
  isOrder,
  isQuestion,
  words,
  type AgentSpec,
  type Roster,
  type Route,
  type RouteAsk,
  type RouteStep,
} from "#core";
import { pointsBack } from "../follow-up.ts";
import { namedAgent, onCall } from "../names.ts";
import { breaksOff, priorOf } from "../prior.ts";
import { saidBeside, settled, toAgent } from "../routes.ts";
import { answerToChoice, answerToGreeting } from "./choice.ts";
import { picked, picksOne, saysOne } from "./picked.ts";

const YES_OR_NO = /^\W*(?:yes|yep|yeah|y|no|nope|n)[\s.!]*$/i;
/** Said to many things: a yes right after a question only. */
const FINE = /^\W*(?:ok|okay|sure)[\s.!]*$/i;
const SHORT = 10;
const LONGEST = 200;

/** A choice among what was offered, or a bare yes or no; behind an answer of the conversation's own what names an option. */
export function answerBeside(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const there = seenFrom(ask);
  if (!there || (ask.beside?.isOvertaken && !namesOption(there, agents))) return undefined;
  const choice = answerToChoice(there, agents);
  if (choice?.says) return saidBeside(choice, ask);
  const route = picksOne(there) ? picked(there, agents) : isYesOrNo(ask) ? toAsker(there, agents) : undefined;
  return route && saidBeside(route, ask);
}

const isYesOrNo = ({ words: said, beside }: RouteAsk): boolean =>
  YES_OR_NO.test(said) || (beside?.isNewest === true && FINE.test(said));

/** A number, a place in a list and a yes or no are said to whatever was answered last. */
function namesOption(there: RouteAsk, agents: readonly AgentSpec[]): boolean {
  if (YES_OR_NO.test(there.words) || FINE.test(there.words)) return false;
  if (there.last?.asked && there.last.clarifying.length === 0) return saysOne(there);
  const named = namedAgent(there.words.replace(/^[\s@]+|[\s.!]+$/g, "").replace(/^the\s+/i, ""), agents);
  return named !== undefined && there.last?.clarifying.includes(named.id) === true;
}

/** Behind the words as a whole, which have settled nothing. */
export function createBesideStep(roster: Roster): RouteStep {
  return {
    stage: "sticky",
    async decide(ask, sofar) {
      const there = seenFrom(ask);
      const agents = onCall(roster, ask);
      const route = there && isLikely(ask, there, sofar.candidates) ? answer(there, agents) : undefined;
      if (!route) return { kind: "pass", ...sofar };
      const { candidates } = sofar;
      const against = Math.max(0.1, ...candidates.map(({ score }) => score));
      return settled({ ...saidBeside(route, ask), stage: "sticky", confidence: round(1 - against), candidates });
    },
  };
}

/** What sounds like the very agent that has just asked answers it, unless it is a request of its own. */
export function soundsBeside(route: Route, ask: RouteAsk, agents: readonly AgentSpec[]): Route {
  const there = seenFrom(ask);
  if (!there || route.to.kind !== "agent" || route.to.agent !== there.last?.agent) return route;
  const said = isLikely(ask, there, []) ? (answerToGreeting(there, agents) ?? toAsker(there, agents)) : undefined;
  return said ? saidBeside({ ...route, reason: said.reason }, ask) : route;
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

const answer = (there: RouteAsk, agents: readonly AgentSpec[]): Route | undefined =>
  answerToChoice(there, agents) ?? answerToGreeting(there, agents) ?? toAsker(there, agents);

/** A few words, which neither ask something themselves nor go on with what was said here. */
function isLikely(ask: RouteAsk, there: RouteAsk, candidates: Parameters<typeof breaksOff>[2]): boolean {
  const line = ask.words.trim();
  if (!ask.beside?.isNewest || line.length > LONGEST || line.includes("\n")) return false;
  if (isQuestion(line) || words(line).length > SHORT) return false;
  // Only who was asked what an agent is to do answers with an order.
  if (isOrder(line) && there.last?.asked) return false;
  if (ask.last && pointsBack(line)) return false;
  const prior = priorOf(there);
  return !prior || !candidates.some((rival) => breaksOff(rival, prior, candidates));
}

/** The agent whose question it was; undefined for a question of Nova's own. */
function toAsker({ words: said, last }: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  if (!last?.asked || last.clarifying.length > 0) return undefined;
  const agent = agents.find(({ id }) => id === last.agent);
  return agent && toAgent(agent, said, `It answers what the ${agent.name} asked.`);
}

/** The same words, as if they had been said where the question stands. */
function seenFrom(ask: RouteAsk): RouteAsk | undefined {
  const { beside } = ask;
  // A conversation that is kept with one agent is between the two.
  if (
    !beside ||
    ask.pinned !== null ||
    ask.unattended ||
    ask.called ||
    ask.origin === "outside" ||
    !isAsking(beside.last)
  )
    return undefined;
  return { ...ask, last: beside.last, history: beside.history, beside: null };
}

const isAsking = ({ asked, clarifying }: NonNullable<RouteAsk["last"]>): boolean => asked || clarifying.length > 0;
