/** The classifier over a set of agents, trained when first asked for and kept as long as their files say the same. */
import type { AgentSpec } from "#core";
import { BACKGROUND } from "./background.ts";
import { trainClassifier, type Classifier, type Example } from "./classifier.ts";
import { gistOf } from "./gist.ts";

/** Not an id that an agent could have. */
const NOBODY = "-";
/** One set per role, for its own words and for those from outside, and those of a reload while the old ones are in use. */
const KEPT = 12;

/** Remembers its classifiers; training takes some tens of milliseconds and happens in the call that needs it. */
export type Trainer = (agents: readonly AgentSpec[]) => Classifier;

export function createTrainer(): Trainer {
  const trained = new Map<string, Classifier>();
  return (agents) => {
    const key = contentOf(agents);
    const known = trained.get(key);
    if (known) return known;
    const classifier = trainClassifier(examplesOf(agents), NOBODY);
    trained.set(key, classifier);
    const [oldest] = trained.keys();
    if (trained.size > KEPT && oldest !== undefined) trained.delete(oldest);
    return classifier;
  };
}

/** An agent's negatives say that it is not this one; whether another one or nobody, the other examples tell. */
function examplesOf(agents: readonly AgentSpec[]): readonly Example[] {
  return [
    ...agents.flatMap((agent) => wordsOf(agent).map((text) => ({ text: gistOf(text), label: agent.id }))),
    ...agents.flatMap((agent) => agent.negatives.map((text) => ({ text: gistOf(text), not: agent.id }))),
    ...BACKGROUND.map((text) => ({ text: gistOf(text), label: NOBODY })),
  ];
}

/** Its examples, and what its file says it is for: left-out examples were found more often with both (79 against 77 %). */
function wordsOf(agent: AgentSpec): readonly string[] {
  const skills = agent.skills.map((skill) => `${skill.name.replaceAll("-", " ")} ${skill.description}`);
  return [...agent.skills.flatMap((skill) => skill.examples), ...skills, agent.purpose, agent.name];
}

/** Compared whole: a hash would only make a wrong hit possible. */
function contentOf(agents: readonly AgentSpec[]): string {
  return JSON.stringify(agents.map((agent) => [agent.id, wordsOf(agent), agent.negatives]));
}
