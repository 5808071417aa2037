/** The question for the one thing that a tool or an effect still needs: in words for people, with one good example. */
import { fillArguments, type Fillable } from "./arguments.ts";
import { clarify, fail, type Decision } from "./decision.ts";

/** `literally`: of effects, whose texts have to stand in quotes. */
export type Wanting = {
  readonly tool: Fillable & { readonly examples: readonly string[] };
  readonly how?: "literally";
};

/** A schema's own description is for models. */
export const questionFor = (field: string): string =>
  QUESTIONS.get(field) ??
  (field === "" ? "One thing is still missing." : `One thing is still missing: the ${field.replaceAll("_", " ")}.`);

const QUESTIONS: ReadonlyMap<string, string> = new Map([
  ["to", "Whom shall I tell, and what?"],
  ["text", "What shall it say?"],
  ["words", "What shall I ask then?"],
  ["when", "When?"],
  ["name", "Which one do you mean?"],
  ["receiver", "Which receiver of webhooks shall get it?"],
  ["event", "What happened?"],
  ["project", "Which project do you mean?"],
  ["expression", "What shall I work out?"],
  ["query", "What shall I look for?"],
  ["turn", "Which turn do you mean? Its number begins with a t."],
]);

export const askFor = (field: string, wanting: Wanting): Decision =>
  clarify([questionFor(field), exampleOf(wanting)].filter(Boolean).join(" "));

/** For whoever has answered already: the same question again would lead nowhere. */
export const notRead = (field: string, wanting: Wanting): Decision =>
  fail(
    "needs_model",
    [
      `I could not read ${field === "" ? "what is missing" : `the ${field.replaceAll("_", " ")}`} in that, and without a language model I know no other way to ask.`,
      exampleOf(wanting) ?? "Put all of it into one message, and words that are to stand as they are in quotes.",
    ].join(" "),
  );

/** One that leaves nothing open; undefined when each of them would be asked about as well. */
function exampleOf({ tool, how }: Wanting): string | undefined {
  const whole = tool.examples.find((example) => fillArguments(tool, example, how).kind === "filled");
  return whole === undefined ? undefined : `For instance: “${whole.split("\n", 1)[0]}”`;
}
