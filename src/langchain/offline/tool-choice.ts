/** Picks the tool that a request calls for, by its likeness to the tools' examples and descriptions. */
import type { AgentStep, ToolDefinition } from "#core";
import { featuresOf, likeness, nearest } from "./likeness.ts";

export type Chosen = { readonly tool: ToolDefinition; readonly score: number };

/** Under this a tool is not what was asked for. */
const ENOUGH = 0.42;
/** A description is longer than any request, so likeness to it is always low. */
const DESCRIPTION_WEIGHT = 1.2;

export function chooseTool({ tools, ask }: Pick<AgentStep, "tools" | "ask">): Chosen | undefined {
  const asked = featuresOf(instructionOf(ask.words), ask.words);
  const [best] = tools.map((tool) => ({ tool, score: score(asked, tool) })).toSorted((a, b) => b.score - a.score);
  return best && best.score >= ENOUGH ? best : undefined;
}

function score(asked: ReturnType<typeof featuresOf>, { name, description, examples }: ToolDefinition): number {
  const described = featuresOf(`${name.replaceAll("_", " ")} ${description}`);
  return Math.max(nearest(asked, examples), Math.min(1, likeness(asked, described) * DESCRIPTION_WEIGHT));
}

/** Pasted rows would drown the words that ask. */
const instructionOf = (words: string): string => words.trim().split("\n", 1)[0] ?? "";
