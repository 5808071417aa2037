/** Language tasks that rules can do. One table maps the names of skills to them; every other skill needs a model. */
import type { AgentStep } from "#core";
import { askText, type TextWork } from "./ask-text.ts";
import { count } from "./counts.ts";
import { clarify, fail, type Decision } from "./decision.ts";
import { format } from "./layout.ts";
import { needsModel } from "./needs-model.ts";
import { proofread } from "./proofread.ts";
import { shorten } from "./shorten.ts";
import { nearestSkill, type Skill } from "./skill-choice.ts";
import { summarise } from "./summary.ts";
import { checkTone } from "./tone.ts";

/** Most characters of a text: where the whole comes back it must fit into a reply. */
const WHOLE = 50_000;
const LONG = 500_000;

type Rule = { readonly work: (work: TextWork) => Decision; readonly limit: number };

const RULES: Readonly<Record<string, Rule>> = {
  summarise: { work: summarise, limit: LONG },
  "key-points": { work: summarise, limit: LONG },
  shorten: { work: shorten, limit: WHOLE },
  format: { work: format, limit: WHOLE },
  proofread: { work: proofread, limit: WHOLE },
  "tone-check": { work: checkTone, limit: LONG },
  count: { work: count, limit: LONG },
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
  if (text.length > rule.limit) {
    const [has, most] = [text.length, rule.limit].map((count) => count.toLocaleString("en"));
    return fail("cannot", `This text has ${has} characters, and I work on ${most} at most. Please give it in parts.`);
  }
  return rule.work({ text, instruction });
}

const hasRule = ({ name }: Skill): boolean => name in RULES;
const named = ({ name }: Skill): string => name.replaceAll("-", " ");
