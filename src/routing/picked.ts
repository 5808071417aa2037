/** "2", or the very words of one of them, right after an agent's question picks from what it offered. A rule of the exact stage. */
import { isReply, type AgentSpec, type RouteAsk } from "#core";
import { toAgent } from "./routes.ts";

const PICK =
  /^(?:(?:option|number|no\.?|#)\s*)?(?<number>\d{1,2})[.)!]?$|^(?:the )?(?<place>first|second|third|fourth|last)(?: one)?[.!]?$/i;
const PLACES = ["first", "second", "third", "fourth"];

export function picked(ask: RouteAsk, agents: readonly AgentSpec[]) {
  const { words, last } = ask;
  if (!last?.asked || last.clarifying.length > 0) return undefined;
  if (!PICK.test(words.trim()) && !offered(ask).includes(plain(words))) return undefined;
  const agent = agents.find(({ id }) => id === last.agent);
  return agent && toAgent(agent, words, `It answers what the ${agent.name} asked.`);
}

/** Whether it is one of them for certain: its very words, or a number that there is. */
export function picksOne(ask: RouteAsk): boolean {
  const options = offered(ask);
  if (options.includes(plain(ask.words))) return true;
  const { number, place = "" } = PICK.exec(ask.words.trim())?.groups ?? {};
  if (number !== undefined) return Number(number) >= 1 && Number(number) <= options.length;
  return place.toLowerCase() === "last" ? options.length > 0 : isPlace(place.toLowerCase(), options.length);
}

/** Whether it is the very words of one of them; bare figures are a number in any case. */
export const saysOne = (ask: RouteAsk): boolean =>
  !PICK.test(ask.words.trim()) && !/^[\d\s.,#]+$/.test(plain(ask.words)) && offered(ask).includes(plain(ask.words));

const isPlace = (place: string, count: number): boolean => PLACES.slice(0, count).includes(place);

/** What stands in the lines of the question. */
function offered({ history }: RouteAsk): readonly string[] {
  const question = history.findLast(isReply)?.text ?? "";
  return Array.from(question.matchAll(/^(?:-|\d+\.) (.+)$/gm), ([, option = ""]) => plain(option));
}

const plain = (words: string): string => words.trim().replace(/[.!]$/, "").toLowerCase();
