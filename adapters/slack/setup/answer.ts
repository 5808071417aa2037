/** What Slack's answers mean to who sets Nova up. Used by every check. */
import { pauseAsked, unanswered, unreadable } from "#core";
import type { Answer } from "./call.ts";
import { SLACK } from "./words.ts";

/** Detail and remedy for an answer that is none. */
export function complaint(answer: Answer, name: string, where: string): [detail: string, remedy: string] {
  if (answer.kind === "away") return unanswered(SLACK, answer);
  if (answer.kind === "ok") return unreadable(SLACK);
  if (answer.error === "ratelimited") return pauseAsked(SLACK);
  if (answer.error === "missing_scope")
    return [`${name} lacks the scope ${answer.needed ?? "that this needs"}.`, where];
  return [`Slack refuses ${name} (${answer.error}).`, where];
}
