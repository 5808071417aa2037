/** "2" right after an agent's question picks from what that agent offered. A rule of the exact stage. */
import type { AgentSpec, RouteAsk } from "#core";
import { toAgent } from "./routes.ts";

const PICK =
  /^(?:(?:option|number|no\.?|#)\s*)?\d{1,2}[.)!]?$|^(?:the )?(?:first|second|third|fourth|last)(?: one)?[.!]?$/i;

export function picked({ words, last }: RouteAsk, agents: readonly AgentSpec[]) {
  if (!last?.asked || last.clarifying.length > 0 || !PICK.test(words.trim())) return undefined;
  const agent = agents.find(({ id }) => id === last.agent);
  return agent && toAgent(agent, words, `It answers what the ${agent.name} asked.`);
}
