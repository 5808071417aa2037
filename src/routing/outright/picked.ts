/** "2", "the second", an option's words or a part of them that only it has, after an agent's question, pick from what it offered. A rule of the exact stage. */
import {
  chosenOption,
  countsOut,
  isOrder,
  isReply,
  offeredIn,
  openQuestion,
  plainOption,
  type AgentId,
  type AgentSpec,
  type RouteAsk,
} from "#core";
import { toAgent } from "../routes.ts";

export function picked(ask: RouteAsk, agents: readonly AgentSpec[]) {
  const asker = askerPicked(ask);
  const agent = agents.find(({ id }) => id === asker);
  return agent && toAgent(agent, ask.words, `It answers what the ${agent.name} asked.`);
}

/** Whose question it answers: the last reply, or one with a single other exchange behind it. */
function askerPicked({ words, last, history, now, person }: RouteAsk): AgentId | undefined {
  if (last && last.clarifying.length > 0) return undefined;
  if (last?.asked) {
    const question = history.findLast(isReply);
    const options = offeredIn(question?.text ?? "");
    const isPart = question && !isOrder(words) && chosenOption(words, { question, options }) !== undefined;
    return countsOut(words) || plainOption(words, options) !== undefined || isPart ? last.agent : undefined;
  }
  const open = now && openQuestion(history, now);
  if (!open?.isOvertaken || open.asker === null || plainOption(words, open.options) === undefined) return undefined;
  // In a room of several, a number is said to one's own question.
  return open.about.some(({ author }) => author.kind === "person" && author.person === person.id)
    ? open.asker
    : undefined;
}

/** Whether it is one of them for certain: its very words, or a number that there is. */
export const picksOne = (ask: RouteAsk): boolean => plainOption(ask.words, offered(ask)) !== undefined;

/** Whether it is the very words of one of them; bare figures are a number in any case. */
export const saysOne = (ask: RouteAsk): boolean =>
  !countsOut(ask.words) && !/^[\d\s.,#]+$/.test(ask.words.trim()) && picksOne(ask);

/** What stands in the lines of the question. */
const offered = ({ history }: RouteAsk): readonly string[] => offeredIn(history.findLast(isReply)?.text ?? "");
