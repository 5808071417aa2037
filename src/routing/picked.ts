/** "2", or the very words of one of them, right after an agent's question picks from what it offered. A rule of the exact stage. */
import { isReply, type AgentSpec, type RouteAsk } from "#core";
import { toAgent } from "./routes.ts";

const PICK =
  /^(?:(?:option|number|no\.?|#)\s*)?\d{1,2}[.)!]?$|^(?:the )?(?:first|second|third|fourth|last)(?: one)?[.!]?$/i;

export function picked(ask: RouteAsk, agents: readonly AgentSpec[]) {
  const { words, last } = ask;
  if (!last?.asked || last.clarifying.length > 0) return undefined;
  if (!PICK.test(words.trim()) && !offered(ask).has(plain(words))) return undefined;
  const agent = agents.find(({ id }) => id === last.agent);
  return agent && toAgent(agent, words, `It answers what the ${agent.name} asked.`);
}

/** What stands in the lines of the question. */
function offered({ history }: RouteAsk): ReadonlySet<string> {
  const question = history.findLast(isReply)?.text ?? "";
  return new Set(Array.from(question.matchAll(/^(?:-|\d+\.) (.+)$/gm), ([, option = ""]) => plain(option)));
}

const plain = (words: string): string => words.trim().replace(/[.!]$/, "").toLowerCase();
