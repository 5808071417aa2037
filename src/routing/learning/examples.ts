/** What is learned of a set of agents: their own words, what they are not for, and what is nobody's. */
import { createHash } from "node:crypto";
import type { AgentSpec, Taught } from "#core";
import { gistOf } from "../gist.ts";
import { ofAgent } from "../of-agent.ts";
import { BACKGROUND } from "./background.ts";
import type { Example } from "./classifier.ts";

/** Not an id that an agent could have, nor a label that a file could hold. */
export const NOBODY = "\u0000";

export type Lesson = Example & {
  /** Something that a person might write. What a file says an agent is for, is not; neither is what it is not. */
  readonly spoken: boolean;
};

/** An agent's negatives say that it is not this one; whether another one or nobody, the other examples tell. */
export function lessonsOf(agents: readonly AgentSpec[], taught: readonly Taught[] = []): readonly Lesson[] {
  return [
    ...taught.map(({ agent, text }) => ({ text: gistOf(text), label: agent, spoken: true })),
    ...agents.flatMap((agent) =>
      spokenTo(agent).map((text) => ({ text: gistOf(text), label: agent.id, spoken: true })),
    ),
    ...agents.flatMap((agent) => saidOf(agent).map((text) => ({ text: gistOf(text), label: agent.id, spoken: false }))),
    ...agents.flatMap((agent) => agent.negatives.map((text) => ({ text: gistOf(text), not: agent.id, spoken: false }))),
    ...BACKGROUND.map((text) => ({ text: gistOf(text), label: NOBODY, spoken: true })),
  ];
}

/** What people said is for an agent may be so much of what is learned of it. */
const MOST_TAUGHT = 0.2;

/** Of what people taught, newest first, as much as may be learned beside the examples of these agents. */
export function learnable(agents: readonly AgentSpec[], taught: readonly Taught[]): readonly Taught[] {
  return agents.flatMap((agent) => {
    const own = spokenTo(agent);
    const known = new Set(own.map(gistOf));
    const fresh = taught.filter((each) => each.agent === agent.id && !known.has(gistOf(each.text)));
    const once = new Map(fresh.map((each) => [gistOf(each.text), each]));
    // Together with the examples: a fifth of all is a quarter of those.
    return [...once.values()].slice(0, Math.floor((own.length * MOST_TAUGHT) / (1 - MOST_TAUGHT)));
  });
}

const spokenTo = (agent: AgentSpec): readonly string[] => agent.skills.flatMap(({ examples }) => examples);

/** What its file says it is for: left-out examples were found more often with it than without (79 against 77 %). */
function saidOf(agent: AgentSpec): readonly string[] {
  const skills = agent.skills.map((skill) => `${skill.name.replaceAll("-", " ")} ${skill.description}`);
  return [...skills, agent.purpose, agent.name];
}

/** Hex; equal for sets of agents that teach the same in the same order. How it is learned is recipe.ts's matter. */
export function digestOf(agents: readonly AgentSpec[]): string {
  return hashed([NOBODIES, ...agents.map(agentDigest)]);
}

const NOBODIES = hashed(BACKGROUND);

const agentDigest = ofAgent((agent) => hashed([agent.id, spokenTo(agent), saidOf(agent), agent.negatives]));

function hashed(content: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
