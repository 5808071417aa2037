/** Several things that one agent is asked at once: a tool for each, and words for what no tool was called for. Used by decide.ts. */
import { asksSomething } from "./asking.ts";
import { fillArguments } from "./arguments.ts";
import type { Decision } from "./decision.ts";
import { courtesyIn } from "./small-talk.ts";
import { verbIn } from "./task.ts";
import { rankTools } from "./tool-choice.ts";
import type { AgentStep } from "#core";

/** Longer words hold a text, and so do quotes, rows and what follows a colon. */
const LONGEST = 400;
const MATERIAL = /:\s|["“”„«»`|\t]|\n\s*[-*•\d]/;
const BETWEEN =
  /(?<=[.?!])\s+(?:and\s+|also\s+|then\s+)?|\n+|(?:\s*[,;])?\s+and\s+(?:also\s+)?(?=(?:what|which|who|when|where|how)\b)/i;
const MOST = 4;

export type AskedFor = { readonly called: readonly string[]; readonly beside: readonly string[] };

type Asked = { readonly words: string; readonly call: { readonly tool: string; readonly args: object } | undefined };

/** Undefined for one thing, and where a single tool answers as much. */
export function askSeveral(step: AgentStep): Decision | undefined {
  const calls = distinct(asksIn(step)).flatMap(({ call }) => call ?? []);
  const tools = new Set(calls.map(({ tool }) => tool));
  // Whoever reads memory has looked for all of the words already.
  if (calls.length < 2 || (step.recalled && tools.size < 2)) return undefined;
  return { kind: "call", calls };
}

/** Those that a tool is called for, each call once. */
const distinct = (asked: readonly Asked[]): readonly Asked[] => [
  ...new Map(asked.filter(({ call }) => call).map((each) => [JSON.stringify(each.call), each])).values(),
];

/** In the person's words: what each call was made for, in order, and what no tool was called for. Undefined for one thing. */
export function askedIn(step: AgentStep): AskedFor | undefined {
  if (askSeveral(step) === undefined) return undefined;
  const asked = asksIn(step);
  return {
    called: distinct(asked).map(({ words }) => words),
    beside: asked.flatMap(({ words, call }) => (call ? [] : words)),
  };
}

function asksIn(step: AgentStep): readonly Asked[] {
  const { words: all, own } = step.ask;
  const text = all.trim();
  if (own !== undefined || text.length > LONGEST || MATERIAL.test(text)) return [];
  const pieces = text
    .split(BETWEEN)
    .map((piece) => piece.trim())
    .filter(
      (piece) => courtesyIn(piece) === undefined && (asksSomething(piece) || toolFor(step, piece) || verbIn(piece)),
    );
  if (pieces.length < 2 || pieces.length > MOST) return [];
  return pieces.map((words) => ({ words, call: toolFor(step, words) }));
}

function toolFor(step: AgentStep, words: string): Asked["call"] {
  for (const { tool } of rankTools({ ...step, ask: { ...step.ask, words } })) {
    const filled = fillArguments(tool, words);
    if (filled.kind !== "filled") continue;
    const args = tool.part === undefined ? filled.args : { ...filled.args, [tool.part]: words };
    if (!tool.input.safeParse(args).success) continue;
    return { tool: tool.name, args };
  }
  return undefined;
}
