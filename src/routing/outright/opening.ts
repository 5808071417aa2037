/** A message that begins with words which an agent has claimed for itself. A rule of the exact stage. */
import { isQuestion, type AgentSpec, type Route, type RouteAsk } from "#core";
import { toAgent } from "../routes.ts";

/** What people put before an order without meaning anything by it. */
const POLITE = /^(?:please[,:]?\s+|(?:hey |hi )?nova[,:]\s+)*/;

export function opening(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const found = claimed(ask.words, agents);
  if (!found) return undefined;
  const { agent, opening: said } = found;
  return toAgent(agent, ask.words, `A message that begins with “${said}” is for the ${agent.name}.`);
}

type Claimed = { readonly agent: AgentSpec; readonly opening: string };

/** Whose opening words a text begins with, if it asks nothing. */
export function claimed(words: string, agents: readonly AgentSpec[]): Claimed | undefined {
  if (isQuestion(words)) return undefined;
  const text = words.trimStart().toLowerCase().replaceAll("’", "'").replace(POLITE, "");
  for (const agent of agents) {
    const said = agent.openings.find((each) => begins(text, each));
    if (said) return { agent, opening: said };
  }
  return undefined;
}

/** The claimed words end where a word ends: "note" does not claim "notes". */
function begins(text: string, words: string): boolean {
  if (!text.startsWith(words)) return false;
  return words.endsWith(":") || !/^[\p{L}\p{N}_]/u.test(text.slice(words.length));
}
