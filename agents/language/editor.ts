/** The editor's check: a rewriting keeps the figures and the negations of its text. */
import { defineAgentCode, strayFigures } from "#core";

/** What asks for a rewriting. Counts and checks speak about a text and bring figures of their own. */
const REWRITING =
  /\b(?:rewrite|rephrase|reword|say this|make (?:this|it)(?: \w+)? (?:more|less|polite|formal|friendl|simpl|clear|plain)|polite|formal|friendl|improve|polish)/i;
const NEGATION = /\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b/i;

export default defineAgentCode({
  check({ ask, history }, answer) {
    const [instruction = ""] = ask.words.split(/[:\n]/, 1);
    if (!REWRITING.test(instruction)) return undefined;
    const stray = strayFigures(answer, [ask.words, ...history.map((message) => message.text)]);
    if (stray.length > 0) {
      return `These figures do not stand in the text: ${stray.slice(0, 5).join(", ")}. A rewriting keeps the facts.`;
    }
    const text = ask.words.slice(instruction.length);
    const denies = NEGATION.test(text) && !NEGATION.test(answer);
    return denies ? "The text denies something, and the rewriting does not any more." : undefined;
  },
});
