/** What this person's words may be the answer to: questions to them, and what they had said before each. Called by answered.ts and language.ts. */
import { openQuestion, type AgentStep } from "#core";

/** A question, and what it was about: what the person had said before it. */
type LeftOpen = { readonly question: string; readonly about: string };

/** The newest first; none where nothing is open, or what somebody else is to answer. */
export function leftOpen({ ask, history }: AgentStep): readonly LeftOpen[] {
  const open = openQuestion(history, ask.now);
  if (!open || open.isOvertaken) return [];
  const { about, questions } = open;
  const others = about.findIndex(({ author }) => author.kind !== "person" || author.person !== ask.person.id);
  return about
    .slice(0, others < 0 ? about.length : others)
    .map(({ text }, i) => ({ question: questions[i]?.text ?? "", about: text }));
}

/** "Which text?" was asked, and the text comes now: what is to be done to it stands before the question. */
export const instructionLeftOpen = (step: AgentStep): string | undefined => leftOpen(step)[0]?.about;
