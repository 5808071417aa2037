/** Ranks an agent's tools for a request, by likeness to their examples and to the examples of the skills they serve. */
import { terms, type AgentStep, type ToolDefinition } from "#core";
import { featuresOf, likeness, nearest, type Features } from "./likeness.ts";
import type { Skill } from "./skill-choice.ts";

/** What may be chosen by its examples: a tool, or an effect. */
export type Choosable = Pick<ToolDefinition, "name" | "description" | "examples">;

export type Ranked<Tool extends Choosable = ToolDefinition> = { readonly tool: Tool; readonly score: number };

/** Under this a tool is not what was asked for. */
const ENOUGH = 0.42;
/** A tool this near to the best one may take its place when its arguments stand in the message. */
const NEAR = 0.75;
/** A skill is served by the tool that its examples are nearest to, if they are this near on average. */
const SERVES = 0.4;

/** Best first; empty when no tool fits. */
export const rankTools = ({ tools, ...step }: Pick<AgentStep, "agent" | "tools" | "ask">): readonly Ranked[] =>
  rank(tools, step);

export function rank<Tool extends Choosable>(
  tools: readonly Tool[],
  { agent, ask }: Pick<AgentStep, "agent" | "ask">,
): readonly Ranked<Tool>[] {
  const asked = featuresOf(firstLine(ask.words), ask.words);
  const served = Map.groupBy(agent.skills, (skill) => servant(skill, tools)?.name);
  const ranked = tools
    .map((tool) => ({ tool, score: score(asked, tool, served.get(tool.name) ?? []) }))
    .filter((entry) => entry.score >= ENOUGH)
    .toSorted((a, b) => b.score - a.score);
  const best = ranked[0]?.score ?? 0;
  return ranked.filter((entry) => entry.score >= best * NEAR);
}

function score(asked: Features, tool: Choosable, skills: readonly Skill[]): number {
  const examples = [...tool.examples, ...skills.flatMap((skill) => skill.examples)];
  const named = isNamed(asked, tool) ? 1 : 0;
  return Math.max(
    named,
    ...examples.map((example) => likeness(asked, exampleFeatures(example))),
    described(asked, tool),
  );
}

/** "calculate, please": little more than the tool's own name. */
function isNamed(asked: Features, { name }: Choosable): boolean {
  const content = [...asked.keys()].filter((feature) => !/^[~#]/.test(feature));
  const parts = terms(name.replaceAll("_", " "));
  return content.length <= parts.length + 1 && parts.every((part) => content.includes(part));
}

const described = (asked: Features, { name, description }: Choosable): number =>
  likeness(asked, featuresOf(`${name.replaceAll("_", " ")} ${description}`));

function servant<Tool extends Choosable>({ examples }: Skill, tools: readonly Tool[]): Tool | undefined {
  const [best] = tools
    .map((tool) => {
      const likenesses = examples.map((example) => nearest(exampleFeatures(example), tool.examples));
      return { tool, score: likenesses.reduce((sum, one) => sum + one, 0) / examples.length };
    })
    .toSorted((a, b) => b.score - a.score);
  return best && best.score >= SERVES ? best.tool : undefined;
}

/** Pasted rows would drown the words that ask; they count by their shape only. */
const exampleFeatures = (example: string): Features => featuresOf(firstLine(example), example);
const firstLine = (words: string): string => words.trim().split("\n", 1)[0] ?? "";
