/** What an agent asked for and nobody will decide on, in words for the program that called. Pure; used by outcome.ts. */
import type { LeftOut } from "#core";

/** A draft is all that its agent may make of it: it was not left out by mistake. */
export const isDraft = ({ why }: LeftOut): boolean => why === "draft";

type Told = { readonly message: string; readonly advice: string };

/** At least one. */
export function leftOutWords([first, ...others]: readonly LeftOut[]): Told {
  const { verb, why } = first ?? { verb: "", why: "" };
  const { says, advice } = WHY[why] ?? FORBIDDEN;
  const rest =
    others.length === 0 ? "" : ` ${others.length} more ${others.length === 1 ? "was" : "were"} left out, too.`;
  return { message: `A part of what was asked for was left out (\`${verb}\`): ${says}.${rest}`, advice };
}

type Words = { readonly says: string; readonly advice: string };

const READ_TEXT = "The agent's words say why; ask for it differently.";
const FORBIDDEN: Words = {
  says: "it is not allowed on these words, for this person or for this agent",
  advice: "`nova trace` with the turn shows which rule it was; `nova agents show` with the agent what it may do.",
};
const WHY: Readonly<Record<string, Words>> = {
  draft: {
    says: "the agent may only draft it",
    advice: "`nova trust` shows how much it may do; only the operator raises that.",
  },
  denied_before: {
    says: "a person said no to exactly this within the last day",
    advice: "Ask that person, or ask for something else.",
  },
  missing: {
    says: "the agent holds no such verb",
    advice: "`nova agents show` with the agent lists those that it holds.",
  },
  input: { says: "the agent filled it in wrong", advice: READ_TEXT },
  unbound: { says: "it does not fit what there is", advice: READ_TEXT },
  uncanonical: { says: "it cannot be shown to a person for certain", advice: READ_TEXT },
};
