/** Tells what a person states from what they ask or order. Decides what of a conversation is worth keeping. */
import { isQuestion } from "./tokens.ts";

/** A longer text is material to work on. */
const LONGEST = 2_000;
const FEWEST_WORDS = 4;

/** Openings of questions and requests: what follows them is wanted, not stated. */
const ORDER =
  /^\s*(?:[/@]|(?:hi|hello|hey|thanks|thank you|please|can|could|would|will|should|do|does|did|is|are|was|were|am|has|have|who|what|when|where|why|which|whose|how|tell|show|give|find|search|look|list|explain|describe|write|draft|make|create|add|help|remember|forget|recall|calculate|count|compare|convert|check|fix|proofread|correct|shorten|summari[sz]e|sum|translate|rewrite|rephrase|format|turn|put|plan|let|let's|remind|schedule|send|open|start|stop|run|book|order|buy|call|play|note|keep|decision|decided|i (?:need|want|would like)|i'd like|i don['’]t know)\b)/i;

/** Whether the words open like a question or a request; commands and mentions do, too. */
export const isOrder = (text: string): boolean => ORDER.test(text);

/**
 * Whether the words state something. A question put to Nova is no knowledge: kept, it would be the best match of the
 * same question asked again.
 */
export function isStatement(text: string): boolean {
  if (isQuestion(text) || isOrder(text) || text.length > LONGEST) return false;
  return text.trim().split(/\s+/).length >= FEWEST_WORDS;
}
