/** Language tasks that rules can do. One table maps the names of skills to them; every other skill needs a model. */
import type { AgentStep } from "#core";
import { askText, earlierText, type Source, type TextWork } from "../texts/ask-text.ts";
import { count } from "../texts/counts.ts";
import { answer, clarify, fail, type Decision } from "./decision.ts";
import { format } from "../texts/layout.ts";
import { instructionLeftOpen } from "./left-open.ts";
import { needsModel } from "./needs-model.ts";
import { proofread } from "../texts/proofread.ts";
import { shorten } from "../texts/shorten.ts";
import { nearestSkill, type Skill } from "./skill-choice.ts";
import { summarise } from "../texts/summary.ts";
import { asTask, translates } from "./task.ts";
import { checkTone } from "../texts/tone.ts";

/** Most characters of a text: where the whole comes back it must fit into a reply. */
const WHOLE = 50_000;
const LONG = 500_000;

type Rule = {
  readonly work: (work: TextWork) => string;
  readonly limit: number;
  /** Which of two texts "that" means: the one that was pasted, or what became of it since. */
  readonly of: Source;
  /** An instruction without any of these asks for something else, however near an example is. */
  readonly asks: RegExp;
};

const RULES: Readonly<Record<string, Rule>> = {
  summarise: {
    work: summarise,
    limit: LONG,
    of: "pasted",
    asks: /summar|\bsum\b[\s\S]*\bup\b|tl;?\s?dr|\bgist\b|\bboil|in (?:short|brief|a nutshell)|short(?:er)?\b|\bbrief|digest|recap|overview|what (?:does|do|is) [\s\S]*(?:say|about)/i,
  },
  "key-points": {
    work: summarise,
    limit: LONG,
    of: "pasted",
    asks: /\b(?:key|main|points?|takeaways?|bullets?|highlights?|decisions?|tasks?|actions?|dates?|essentials?|important|extract|pull)\b/i,
  },
  shorten: {
    work: shorten,
    limit: WHOLE,
    of: "latest",
    asks: /short|\btrim|\bcut|condens|tighten|\bbrief|concise|reduce|too (?:long|wordy)|\bhalf\b|halve|fewer|less words|crisp|compact|compress/i,
  },
  format: {
    work: format,
    limit: WHOLE,
    of: "latest",
    asks: /\b(?:list|table|bullets?|number(?:ed)?|steps?|sort|order|alphabet\w*|case|caps|capitals?|spac\w+|format\w*|lay ?out|clean|tidy|lines?|paragraphs|duplicates?|dedup\w*|check ?list|to-?do|heading)\b/i,
  },
  proofread: {
    work: proofread,
    limit: WHOLE,
    of: "latest",
    asks: /proof|spell|gramm[ae]r|typo|\berrors?\b|mistake|correct|\bfix|punctuat/i,
  },
  "tone-check": {
    work: checkTone,
    limit: LONG,
    of: "latest",
    asks: /^(?![\s\S]*\b(?:make|turn|put|write|say this|give it)\b)[\s\S]*\b(?:tone|rude|harsh|impolite|polite|blunt|sounds?|comes? across|vague|aggressive|offen[cs]\w*|friendly|unfriendly|cold|angry|shout\w*|passive|mean|nice|appropriate|professional)\b/i,
  },
  count: {
    work: count,
    limit: LONG,
    of: "latest",
    asks: /count|how (?:many|long)|number of|\blength\b|\b(?:under|over|below|more than|less than) \d|characters|reading time/i,
  },
};

/** These words ask for other words, which no rule finds. */
const REWORDS = /\b(?:re-?writ|re-?phras|re-?word|paraphras|translat|soften|simplif|tone (?:it |this |that )?down)/i;

const REMAKES =
  /^\W*(?:please\s+)?(?:now\s+)?(?:make|give|put|say|write|phrase|turn)\s+(?:it|this|that|them|the|my|me)\b/i;

/** Undefined when this agent has no skill that works on texts, or none was asked for. */
export function workOnText(step: AgentStep): Decision | undefined {
  const { skills } = step.agent;
  if (!skills.some(hasRule)) return undefined;
  const outside = step.ask.origin === "outside";
  // A stranger's post gives no instruction, however it begins: all of it is the text.
  const { instruction, text: given } = outside
    ? { instruction: "", text: step.ask.words }
    : askText(step.ask.words, instructionLeftOpen(step));
  const chosen = choose(skills, instruction);
  if (chosen === "model") return leaveToModel(step, instruction);
  // A bare text with no instruction: the agent's first skill is what it is there for.
  const skill = chosen ?? (given && (instruction === "" || skills.every(hasRule)) ? skills.find(hasRule) : undefined);
  const rule = skill && RULES[skill.name];
  if (!rule) return given === undefined ? undefined : leaveToModel(step, instruction);

  const text = given ?? earlierText(step.history, rule.of);
  if (!text || !/[\p{L}\p{N}]/u.test(text)) {
    if (outside) return answer("There are no words in it.");
    return clarify("Which text do you mean? Paste it here, and I will work on it.");
  }
  if (text.length > rule.limit) {
    const [has, most] = [text.length, rule.limit].map((count) => count.toLocaleString("en"));
    return fail("cannot", `This text has ${has} characters, and I work on ${most} at most. Please give it in parts.`);
  }
  return answer(rule.work({ text, instruction }));
}

/** The nearest skill whose rule does what is asked; "model" when what is asked is plain and no rule does it. */
function choose(skills: readonly Skill[], instruction: string): Skill | "model" | undefined {
  if (instruction === "") return undefined;
  if (REWORDS.test(instruction) || translates(instruction)) return "model";
  const fitting = skills.filter(({ name }) => RULES[name]?.asks.test(instruction));
  if (fitting.length > 0) return nearestSkill(fitting, instruction)?.skill ?? fitting[0];
  if (skills.every(hasRule)) return undefined;
  const near = nearestSkill(skills, instruction)?.skill;
  return REMAKES.test(instruction) || (near && !hasRule(near)) ? "model" : undefined;
}

function leaveToModel(step: AgentStep, instruction: string): Decision {
  const { skills } = step.agent;
  const near = nearestSkill(
    skills.filter((skill) => !hasRule(skill)),
    instruction,
  );
  const rewording = near?.skill ?? (REMAKES.test(instruction) ? skills.find((skill) => !hasRule(skill)) : undefined);
  const task = translates(instruction) ? "Translating" : rewording && asTask(rewording.description);
  return needsModel(step, task, skills.filter(hasRule).map(named));
}

const hasRule = ({ name }: Skill): boolean => name in RULES;
const named = ({ name }: Skill): string => name.replaceAll("-", " ");
