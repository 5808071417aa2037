/** Proposes an effect when all that it needs stands in the message, word by word; else it asks for what is missing. */
import { z } from "zod";
import type { AgentStep, EffectDefinition } from "#core";
import { fillArguments } from "./arguments.ts";
import { asksSomething } from "./asking.ts";
import type { Decision } from "./decision.ts";
import { askFor } from "./missing.ts";
import { rank } from "./tool-choice.ts";

const jsonObject = z.record(z.string(), z.json());

/** An effect, by the name that things are chosen by. */
type Named = Pick<EffectDefinition, "description" | "examples" | "input"> & { readonly name: string };

/** Nothing of words from outside, which ask for nothing here. A person still decides, or the trust rule. */
export function askForEffect(step: AgentStep): Decision | undefined {
  const { effects, ask } = step;
  const words = ask.own ?? ask.words;
  if (effects.length === 0 || ask.origin === "outside" || asksSomething(words)) return undefined;
  const tries = effectsFor(step).map((tool) => ({ tool, filled: fillArguments(tool, words, "literally") }));
  const sound = tries.find(({ filled }) => filled.kind === "filled");
  if (sound?.filled.kind === "filled") return proposal(sound.tool, sound.filled.args);
  const [first] = tries;
  if (first?.filled.kind !== "missing") return undefined;
  return askFor(first.filled.field, { tool: first.tool, how: "literally" });
}

/** Those that the words may be about, the likeliest first. */
export const effectsFor = ({ effects, ...step }: Pick<AgentStep, "effects" | "agent" | "ask">): readonly Named[] =>
  rank(
    effects.map(({ verb, ...effect }) => ({ ...effect, name: verb })),
    step,
  ).map(({ tool }) => tool);

export const proposal = ({ name }: Pick<Named, "name">, args: object): Decision => ({
  kind: "reply",
  reply: {
    kind: "propose",
    text: "In your words, as you put them.",
    effects: [{ verb: name, input: jsonObject.parse(args) }],
  },
});
