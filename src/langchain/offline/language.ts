/** Language tasks that rules can do. One table maps the names of skills to them; every other skill needs a model. */
import type { AgentSpec, AgentStep } from "#core";
import { askText, type TextWork } from "./ask-text.ts";
import { count } from "./counts.ts";
import { clarify, type Decision } from "./decision.ts";
import { format } from "./layout.ts";
import { featuresOf, nearest } from "./likeness.ts";
import { needsModel } from "./needs-model.ts";
import { proofread } from "./proofread.ts";
import { shorten } from "./shorten.ts";
import { summarise } from "./summary.ts";
import { checkTone } from "./tone.ts";

const RULES: Readonly<Record<string, (work: TextWork) => Decision>> = {
  summarise,
  "key-points": summarise,
  shorten,
  format,
  proofread,
  "tone-check": checkTone,
  count,
};

type Skill = AgentSpec["skills"][number];

export const hasRule = (skill: Skill): boolean => skill.name in RULES;

/** Undefined when this agent has no skill that works on texts. */
export function workOnText(step: AgentStep): Decision | undefined {
  if (!step.agent.skills.some(hasRule)) return undefined;
  const { instruction, text } = askText(step.ask.words, step.history);
  const skill = skillFor(step.agent.skills, instruction, text);
  if (!skill) return undefined;
  const rule = RULES[skill.name];
  if (!rule) return needsModel(step, skill.description);
  if (!text || !/[\p{L}\p{N}]/u.test(text)) {
    return clarify("Which text do you mean? Paste it here, and I will work on it.");
  }
  return rule({ text, instruction });
}

/** The skill whose examples the instruction is nearest to; the text itself has no say. */
function skillFor(skills: readonly Skill[], instruction: string, text: string | undefined): Skill | undefined {
  const asked = featuresOf(instruction);
  const ranked = skills
    .map((skill) => {
      const examples = skill.examples.map((example) => askText(example, []).instruction);
      const named = nearest(asked, [`${skill.name.replaceAll("-", " ")} ${skill.description}`]);
      return { skill, score: Math.max(nearest(asked, examples), named) };
    })
    .toSorted((a, b) => b.score - a.score);
  const [best] = ranked;
  if (best && best.score > 0) return best.skill;
  // A bare text with no instruction: the agent's first skill is what it is there for.
  return text ? skills.find(hasRule) : undefined;
}
