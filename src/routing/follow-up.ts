/** Whether a message goes on with the last exchange. A reading of its shape alone; the stages weigh it. */
import { isReply, words, type AgentId, type RouteAsk } from "#core";

/**
 * `likely`: it answers the agent's question, or opens like the second half of a talk.
 * `maybe`: it is very short, or points back at something.
 */
export type FollowUp = { readonly agent: AgentId; readonly how: "likely" | "maybe" };

const OPENING =
  /^\W*(?:and|also|but|or|then|now|again|instead|otherwise|still|yes|yep|no|nope|ok|okay|sure|right|exactly|more|less|shorter|longer|(?:how|what) about|try (?:again|it|that)|once more|one more|same|(?:the )?(?:first|second|third|last|other) one)\b/i;
const POINTS_BACK =
  /\b(?:it|them)\b|\bwhat (?:does|did) (?:that|this) mean\b|\bis (?:that|this) (?:all|right|so)\b|\b(?:this|that|these|those|same|one)\s*[.!?]*$/i;
/** Half a sentence that changes how, not what: "in French", "as a table". */
const MANNER = /^\W*(?:in|as|with|without|for|to)\b/i;
const HALF_A_SENTENCE = 5;
const SHORT = 10;
const VERY_SHORT = 2;
const LONGEST = 200;

/** It opens, points back or is cut as what goes on with something. */
export function pointsBack(line: string): boolean {
  if (OPENING.test(line) || POINTS_BACK.test(line)) return true;
  return words(line).length <= HALF_A_SENTENCE && MANNER.test(line);
}

const ASKS = /^\W*(?:who|whom|whose|what|when|where|which|why|how)\b.*\?\W*$/i;
const LEAST_QUESTION = 3;
/** What is wanted may be a question itself: a text to work on, or words to say. */
const WANTS_WORDS = /\btext\b|\bpaste\b|\b(?:shall|should)\b.{0,100}\b(?:say|ask|translate|write)\b/i;

/** Right after a question it rarely answers it. */
const asksAnew = (line: string, question: string): boolean =>
  line.length <= LONGEST &&
  ASKS.test(line) &&
  !line.includes("\n") &&
  !pointsBack(line) &&
  !WANTS_WORDS.test(question) &&
  words(line).length >= LEAST_QUESTION;

export function followUp({ words: text, last, origin, history }: RouteAsk): FollowUp | undefined {
  if (origin === "outside") return undefined;
  if (!last || last.clarifying.length > 0) return undefined;
  const line = text.trim();
  const question = history.findLast(isReply)?.text ?? "";
  if (last.asked) return asksAnew(line, question) ? undefined : { agent: last.agent, how: "likely" };
  if (line.length > LONGEST || line.includes("\n")) return undefined;
  const count = words(line).length;
  if (count > SHORT) return undefined;
  if (OPENING.test(line)) return { agent: last.agent, how: "likely" };
  const hint = count <= VERY_SHORT || POINTS_BACK.test(line) || (count <= HALF_A_SENTENCE && MANNER.test(line));
  return hint ? { agent: last.agent, how: "maybe" } : undefined;
}
