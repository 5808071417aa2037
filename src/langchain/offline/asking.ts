/** Whether a message asks something: by its mark, or by how it begins when people leave the mark out. */
import { isQuestion } from "#core";

const BEGINS =
  /^\W*(?:who|whom|whose|what|whats|wat|when|where|why|which|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|am)\b/i;

export const asksSomething = (text: string): boolean => isQuestion(text) || BEGINS.test(text);
