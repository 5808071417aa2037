/** Language tasks that rules can do. One table maps the names of skills to them; every other skill needs a model. */
import type { AgentStep } from "#core";
import { askText, type TextWork } from "./ask-text.ts";
import { count } from "./counts.ts";
import { clarify, type Decision } from "./decision.ts";
import { format } from "./layout.ts";
import { needsModel } from "./needs-model.ts";
import { proofread } from "./proofread.ts";
import { shorten } from "./shorten.ts";
import { nearestSkill, type Skill } from "./skill-choice.ts";
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

/** Undefined when this agent has no skill that works on texts. */
export function workOnText(step: AgentStep): Decision | undefined {
  const { skills } = step.agent;
  if (!skills.some(hasRule)) return undefined;
  const { instruction, text } = askText(step.ask.words, step.history);
  // A bare text with no instruction: the agent's first skill is what it is there for.
  const skill = nearestSkill(skills, instruction)?.skill ?? (text ? skills.find(hasRule) : undefined);
  if (!skill) return undefined;
  const rule = RULES[skill.name];
  if (!rule) return needsModel(step, skill.description, skills.filter(hasRule).map(named));
  if (!text || !/[\p{L}\p{N}]/u.test(text)) {
    return clarify("Which text do you mean? Paste it here, and I will work on it.");
  }
  return rule({ text, instruction });
}

const hasRule = ({ name }: Skill): boolean => name in RULES;
const named = ({ name }: Skill): string => name.replaceAll("-", " ");
