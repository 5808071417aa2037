/** Proposes an effect when all that it needs stands in the message, word by word; else it asks for what is missing. */
import { z } from "zod";
import type { AgentStep } from "#core";
import { fillArguments } from "./arguments.ts";
import { asksSomething } from "./asking.ts";
import { clarify, type Decision } from "./decision.ts";
import { rank } from "./tool-choice.ts";

const jsonObject = z.record(z.string(), z.json());

/** Nothing of words from outside, which ask for nothing here. A person still decides, or the trust rule. */
export function askForEffect(step: AgentStep): Decision | undefined {
  const { effects, ask } = step;
  const words = ask.own ?? ask.words;
  if (effects.length === 0 || ask.origin === "outside" || asksSomething(words)) return undefined;
  const named = effects.map(({ verb, ...effect }) => ({ ...effect, name: verb }));
  const tries = rank(named, step).map(({ tool }) => ({ tool, filled: fillArguments(tool, words, "literally") }));
  const sound = tries.find(({ filled }) => filled.kind === "filled");
  if (sound?.filled.kind === "filled") {
    const effect = { verb: sound.tool.name, input: jsonObject.parse(sound.filled.args) };
    return { kind: "reply", reply: { kind: "propose", text: "In your words, as you put them.", effects: [effect] } };
  }
  const [first] = tries;
  if (first?.filled.kind !== "missing") return undefined;
  const { field } = first.filled;
  const [example] = first.tool.examples;
  const write = example === undefined ? "" : ` Write it like this: ${example}`;
  return clarify(`${QUESTIONS.get(field) ?? `What is the ${field.replaceAll("_", " ")}?`}${write}`);
}

/** In plain words: a schema's own description is for models. */
const QUESTIONS: ReadonlyMap<string, string> = new Map([
  ["to", "Whom shall I tell, and what?"],
  ["text", "What shall it say?"],
  ["words", "What shall I ask then?"],
  ["when", "When?"],
  ["name", "Which one do you mean?"],
  ["receiver", "Which receiver of webhooks shall get it?"],
  ["event", "What happened?"],
  ["project", "Which project do you mean?"],
]);
