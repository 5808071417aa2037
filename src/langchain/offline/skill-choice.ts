/** Picks the skill of an agent that an instruction is nearest to, by the skills' own examples. */
import type { AgentSpec } from "#core";
import { askText } from "../texts/ask-text.ts";
import { featuresOf, nearest } from "./likeness.ts";

export type Skill = AgentSpec["skills"][number];

/** The nearest skill with its likeness, 0 to 1; undefined when nothing is shared with any. */
export function nearestSkill(
  skills: readonly Skill[],
  instruction: string,
): { readonly skill: Skill; readonly score: number } | undefined {
  const asked = featuresOf(instruction);
  const [best] = skills
    .map((skill) => {
      // Examples carry sample texts too; only their instructions are compared.
      const examples = skill.examples.map((example) => askText(example).instruction);
      const named = `${skill.name.replaceAll("-", " ")} ${skill.description}`;
      return { skill, score: nearest(asked, [...examples, named]) };
    })
    .toSorted((a, b) => b.score - a.score);
  return best && best.score > 0 ? best : undefined;
}
