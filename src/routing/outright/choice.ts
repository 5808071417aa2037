/** The answer to Nova's own question which agent is meant: "2", "the second one", or a name. A rule of the exact stage. */
import { words, type AgentSpec, type Route, type RouteAsk } from "#core";
import { namedAgent } from "../names.ts";
import { toAgent, toQuestion, toRefusal } from "../routes.ts";

const PLACES: readonly (readonly string[])[] = [
  ["1", "1st", "first", "former"],
  ["2", "2nd", "two", "second"],
  ["3", "3rd", "three", "third"],
];
/** Words around a choice that choose nothing; "one" does when nothing else is left. */
const AROUND = new Set(
  "the one option number nr agent please i mean want choose take use let it is yes ok okay".split(" "),
);
const LONGEST = 8;

export function answerToChoice(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const last = ask.last;
  // A single option without words is the question what an agent is to do: the next words answer it.
  if (!last || last.clarifying.length === 0 || (last.clarifying.length === 1 && last.words.trim() === ""))
    return undefined;
  const options = last.clarifying.map((id) => agents.find((agent) => agent.id === id));
  const place = placeMeant(ask.words, options);
  if (place === undefined) return undefined;
  if (place >= options.length) {
    const there = options.filter((agent) => agent !== undefined);
    return toQuestion(`There are only ${options.length} to choose from. Which one do you mean?`, there, last.words);
  }
  const agent = options[place];
  if (!agent) return toRefusal("The agent that you chose is not on call any more. Please ask once more.", last.words);
  return { ...toAgent(agent, last.words, `You chose the ${agent.name}.`), says: "clarified" };
}

/** Words after a question what this agent is to do go to it. Weaker than commands and mentions. */
export function answerToGreeting(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const only = ask.last?.clarifying.length === 1 && ask.last.words.trim() === "" ? ask.last.clarifying[0] : undefined;
  const agent = agents.find(({ id }) => id === only);
  return agent && toAgent(agent, ask.words, `You called the ${agent.name} just before.`);
}

/** Index of the option meant, which may lie beyond the last; undefined when the words are not a choice. */
function placeMeant(text: string, options: readonly (AgentSpec | undefined)[]): number | undefined {
  const named = namedAgent(
    text.replace(/^[\s@]+|[\s.!]+$/g, "").replace(/^the\s+/i, ""),
    options.filter((o) => o !== undefined),
  );
  if (named) return options.indexOf(named);
  const said = words(text.slice(0, 200));
  if (said.length === 0 || said.length > LONGEST) return undefined;
  const [choice, ...others] = said.filter((word) => !AROUND.has(word));
  if (choice === undefined) return said.includes("one") ? 0 : undefined;
  const inside = options.findIndex((agent) => agent !== undefined && isName([choice, ...others].join(" "), agent));
  if (inside >= 0) return inside;
  if (others.length > 0) return undefined;
  if (choice === "last" || (choice === "latter" && options.length === 2)) return options.length - 1;
  const place = PLACES.findIndex((names) => names.includes(choice));
  if (place >= 0) return place;
  return /^\d{1,2}$/.test(choice) && choice !== "0" ? Number(choice) - 1 : undefined;
}

function isName(said: string, agent: AgentSpec): boolean {
  return [agent.id, agent.name].some((name) => words(name).join(" ") === said);
}
