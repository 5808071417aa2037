/** A small roster of own making for the tests of routing, and what they ask it. */
import { agentFrontMatter, agentId, type AgentSpec, type Roster, type Route, type RouteAsk } from "#core";
import { createRouter } from "../../src/langchain/router.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { createTrainer } from "../../src/routing/learning/training.ts";

type Sketch = {
  examples: readonly string[];
  negatives?: string[];
  openings?: string[];
  name?: string;
  visibility?: "owner" | "member" | "guest";
};

export function agent(
  id: string,
  { examples, negatives = [], openings = [], name, visibility = "guest" }: Sketch,
): AgentSpec {
  const front = agentFrontMatter.parse({
    name: name ?? id.charAt(0).toUpperCase() + id.slice(1),
    purpose: `Does what the ${id} does.`,
    useWhen: "Asked.",
    notFor: "Nothing.",
    skills: [{ name: "main", description: `What the ${id} does`, examples }],
    negatives,
    openings,
    trust: "T1",
    visibility,
    failureModes: [{ what: "It fails.", detect: "Code.", fallback: "Words." }],
    golden: [{ input: "anything", route: id }],
  });
  return { ...front, id: agentId(id), domain: "general", prompt: "Do it." };
}

export const CONCIERGE = agent("concierge", {
  examples: ["hello", "hi there", "good morning", "what can you do?", "who are you?", "thank you", "I need help"],
});
export const LIBRARIAN = agent("librarian", {
  visibility: "member",
  examples: [
    "remember that the lease ends in June",
    "remember my shoe size is 43",
    "what did we decide about the database?",
    "what did I say about Anna?",
    "forget m12",
    "list my notes",
    "note: buy stamps",
  ],
  negatives: ["summarise these notes"],
  openings: ["remember", "note:", "don't forget"],
});
const SUMMARISER = agent("summariser", {
  examples: [
    "summarise this text",
    "give me a summary of the article",
    "what are the key points of this mail?",
    "tl;dr",
    "sum it up in five bullet points",
    "boil this report down",
  ],
});
export const EDITOR = agent("editor", {
  examples: [
    "correct the spelling of this text",
    "proofread this mail",
    "make this paragraph shorter",
    "fix the grammar",
    "rewrite this in a friendlier tone",
    "put these lines into a table",
  ],
});
export const OPS_WATCH = agent("ops-watch", {
  name: "Ops Watch",
  visibility: "owner",
  examples: [
    "how many turns failed today?",
    "which turns were slow?",
    "why did turn t12 fail?",
    "is anything stuck in the outbox?",
    "show me the last runs",
    "how is the service doing?",
  ],
});
export const ALL = [CONCIERGE, LIBRARIAN, SUMMARISER, EDITOR, OPS_WATCH] as const;

export const rosterOf = (agents: readonly AgentSpec[]): Roster => ({
  all: () => agents,
  get: (id) => agents.find((spec) => spec.id === id),
});

export function askOf(words: string, more: Partial<RouteAsk> = {}): RouteAsk {
  return { words, person: { role: "owner" }, origin: "owner", pinned: null, last: null, history: [], ...more };
}

/** What was said just before, by this agent unless told otherwise. */
export function after(id: string, more: Partial<NonNullable<RouteAsk["last"]>> = {}): NonNullable<RouteAsk["last"]> {
  return { agent: agentId(id), clarifying: [], words: "summarise the mail above", asked: false, ...more };
}

/** One for all tests of a file: the same agents are learned once. */
export const train = createTrainer();

export async function route(
  words: string,
  more: Partial<RouteAsk> = {},
  agents: readonly AgentSpec[] = ALL,
): Promise<Route> {
  const router = createRouter(createRouteSteps({ roster: rosterOf(agents), train }));
  return router.route(askOf(words, more), new AbortController().signal);
}

/** One line for what a route came to. */
export function landing({ to }: Route): string {
  switch (to.kind) {
    case "agent":
      return to.agent;
    case "command":
      return `/${to.name} ${to.rest}`.trim();
    case "clarify":
      return `ask: ${to.options.join(", ")}`;
    case "plan":
      return to.steps.map(({ agent }) => agent).join(to.together ? " + " : " > ");
    case "refuse":
      return "refused";
  }
}
