/** A message that begins with words which an agent has claimed for itself. A rule of the exact stage. */
import { isQuestion, type AgentSpec, type Route, type RouteAsk } from "#core";
import { toAgent } from "./routes.ts";

/** What people put before an order without meaning anything by it. */
const POLITE = /^(?:please[,:]?\s+|(?:hey |hi )?nova[,:]\s+)*/;

export function opening(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  if (isQuestion(ask.words)) return undefined;
  const text = ask.words.trimStart().toLowerCase().replaceAll("’", "'").replace(POLITE, "");
  for (const agent of agents) {
    const claimed = agent.openings.find((words) => begins(text, words));
    if (claimed) return toAgent(agent, ask.words, `A message that begins with “${claimed}” is for the ${agent.name}.`);
  }
  return undefined;
}

/** The claimed words end where a word ends: "note" does not claim "notes". */
function begins(text: string, words: string): boolean {
  if (!text.startsWith(words)) return false;
  return words.endsWith(":") || !/^[\p{L}\p{N}_]/u.test(text.slice(words.length));
}
