/** Which waiting messages are one thing said in pieces. Used where a turn collects what waits. */
import { isOrder } from "./statement.ts";
import { isStop } from "./stop.ts";
import { isQuestion } from "./tokens.ts";

/** More words than this are a message of their own. */
const FRAGMENT_WORDS = 5;
/** What plainly goes on in the next message: "summarise this:". */
const OPEN_END = /[:,…]\s*$/;

/**
 * How many of these texts, from the first on, belong together; at least 1 for a non-empty list. A command, a question, a
 * request or a whole statement is a message of its own: read as a piece of another one it would go unanswered.
 */
export function together(texts: readonly string[]): number {
  const [first, ...rest] = texts;
  if (first === undefined) return 0;
  if (isAlone(first)) return 1;
  let before = first;
  for (const [i, text] of rest.entries()) {
    if (isAlone(text) || !(OPEN_END.test(before) || isFragment(text))) return i + 1;
    before = text;
  }
  return texts.length;
}

const isAlone = (text: string): boolean => text.trimStart().startsWith("/") || isStop(text);

function isFragment(text: string): boolean {
  return !isQuestion(text) && !isOrder(text) && text.trim().split(/\s+/).length <= FRAGMENT_WORDS;
}
