/** Whether the middle of a sentence begins an order of its own: as an agent claims it, or as its examples begin. Called by plan.ts. */
import type { AgentSpec } from "#core";
import { ofAgent } from "../of-agent.ts";

/**
 * `plain`: nobody says it but to Nova, "remind me …" and "tell me what …".
 * `verb`: an order where a sentence begins with it, but also the second half of another: "list the …".
 */
export type OwnOrder = "plain" | "verb";

export const POLITE =
  /^(?:please|kindly|pls|(?:can|could|would|will) you|(?:i(?:'d| would) like|i want|i need) you to)\b[\s,]*(?:please\b[\s,]*)?/i;
const TELLS =
  /^(?:(?:tell|show|give|send) me|let me know)\s+(?:what|which|who|whose|when|where|why|how|whether|if|about|the|my|all|our|a|an)\b\s+\S/i;
/** An order names what it is about: without this, a word such as "average" or "status" orders nothing. */
const OBJECT = String.raw`(?:me|my|our|the|this|that|these|those|all|it|them|an?|\d|xx)`;
/** What nobody here may be for, and is an order all the same. */
const ORDERS =
  "translate write draft compose explain describe rewrite rephrase book order buy call play search google plan suggest email".split(
    " ",
  );

export function orderReader(agents: readonly AgentSpec[]): (text: string) => OwnOrder | undefined {
  // "We decided …" tells, and a single word may be the end of what stands before it.
  const said = agents
    .flatMap(({ openings }) => openings)
    .filter((each) => / /.test(each) && !/^(?:i|we)\b/i.test(each));
  const verbs = new Set([ORDERS, ...agents.map(verbsOf)].flat());
  return (text) => {
    const order = text.replace(POLITE, "").replaceAll("’", "'");
    if (TELLS.test(order) || said.some((opening) => opens(order, opening))) return "plain";
    return verbs.has(FIRST.exec(order)?.[1]?.toLowerCase() ?? "") ? "verb" : undefined;
  };
}

const verbsOf = ofAgent(({ skills }) => [...new Set(skills.flatMap(({ examples }) => examples.flatMap(verbOf)))]);

function verbOf(example: string): readonly string[] {
  const verb = FIRST.exec(example.replace(POLITE, ""))?.[1];
  return verb === undefined ? [] : [verb.toLowerCase()];
}

const FIRST = new RegExp(
  String.raw`^(?!(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|should|will|would|and|or|but|if|of|in|on|at|to|for|by|with|from|like|as|than|not|it|that|then)\b)(\p{L}{3,})\s+${OBJECT}(?![\p{L}])`,
  "iu",
);

function opens(text: string, opening: string): boolean {
  if (!text.toLowerCase().startsWith(opening)) return false;
  return /^(?:[:,]?\s+)\S/.test(text.slice(opening.length));
}
