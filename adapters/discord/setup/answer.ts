/** What a check found, and what Discord's answers mean to who sets Nova up. Used by every check. */
import type { z } from "zod";
import { awayBy, pauseAsked, unanswered, unreadable } from "#core";
import { codeOf, type Answer } from "../answer.ts";
import { DISCORD } from "./words.ts";

export function read<T>(answer: Answer, shape: z.ZodType<T>): T | undefined {
  return answer.kind === "done" ? shape.safeParse(answer.body).data : undefined;
}

/** Detail and remedy for an answer that is none. */
export function complaint(answer: Answer, what: string, remedy: string): [detail: string, remedy: string] {
  switch (answer.kind) {
    case "done":
      return unreadable(DISCORD);
    case "refused":
      return [`Discord refuses ${what} (${codeOf(answer)}).`, remedy];
    case "later":
      return pauseAsked(DISCORD);
    case "unsent":
    case "unknown":
      return unanswered(DISCORD, awayBy(answer.code));
  }
}
