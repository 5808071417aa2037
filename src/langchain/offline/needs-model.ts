/** The honest end of rules: what is not done, how to get it done, and what works all the same. */
import type { AgentSpec, AgentStep } from "#core";
import { fail, type Decision } from "./decision.ts";
import { taskIn } from "./task.ts";

/** Fits both an installation without a model and one whose model's server is down: which it is, is not known here. */
const HOW =
  "Set `OPENAI_API_KEY` or `OPENAI_BASE_URL` to add one; if that is done, its server did not answer, so try again later.";
const KEY = "`OPENAI_API_KEY`";

/** `task` is a noun phrase, such as “Translating”; `possible` names what the agent does by rules. */
export function needsModel(step: AgentStep, task?: string, possible: readonly string[] = []): Decision {
  const what = task ?? taskIn(step.ask.words) ?? "An open request like this";
  const without =
    possible.length > 0 ? `Without one I can do this: ${possible.join(", ")}.` : worksWithout(step.context.roster);
  return fail(
    "needs_model",
    [`${what} is work for a language model, and none is at hand.`, ...once(step, [HOW, without])].join(" "),
  );
}

/** A question that neither memory nor a rule answers. */
export function unknown(step: AgentStep): Decision {
  const here = step.recalled
    ? "I have nothing stored about that, and for general questions I need a language model: none is at hand."
    : "Answering that is work for a language model, and none is at hand.";
  return fail("needs_model", [here, ...once(step, [HOW, worksWithout(step.context.roster)])].join(" "));
}

/** Nobody wants to read twice in one talk how a model is set up. */
function once({ history }: AgentStep, sentences: readonly string[]): readonly string[] {
  const told = history.some(({ author, text }) => author.kind === "agent" && text.includes(KEY));
  return told ? [] : sentences.filter((sentence) => sentence !== "");
}

/** What rules do, by the names of the skills that they serve. */
const ABILITIES: readonly { readonly skills: readonly string[]; readonly does: string }[] = [
  { skills: ["calculate", "dates"], does: "work out figures and dates" },
  { skills: ["keep", "recall"], does: "keep and find what you tell me" },
  { skills: ["summarise", "proofread", "shorten"], does: "summarise, shorten or correct a text" },
];

/** One sentence that is true of this roster, or "". */
function worksWithout(roster: readonly AgentSpec[]): string {
  const names = new Set(roster.flatMap(({ skills }) => skills.map(({ name }) => name)));
  const able = ABILITIES.filter(({ skills }) => skills.every((name) => names.has(name))).map(({ does }) => does);
  if (able.length === 0) return "";
  return `Without one I can ${new Intl.ListFormat("en").format(able)}.`;
}
