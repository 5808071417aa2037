/** Words that this person once sent elsewhere by hand go there at once. A rule of the exact stage. */
import { words, type AgentSpec, type Route, type RouteAsk } from "#core";
import { followUp } from "../follow-up.ts";
import { toAgent } from "../routes.ts";

/** "yes" and "more" mean something else each time. */
const FEWEST_WORDS = 2;

export function corrected(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const agent = agents.find(({ id }) => id === ask.corrected?.agent);
  if (!agent || !ask.corrected || followUp(ask) || words(ask.words).length < FEWEST_WORDS) return undefined;
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(ask.corrected.at);
  return toAgent(agent, ask.words, `You said so on ${day}: these words are for the ${agent.name}.`);
}
