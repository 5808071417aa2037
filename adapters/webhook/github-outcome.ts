/** GitHub's words for how something ended, as a person says them. Used by the sentences about builds and repositories. */
import { bold } from "./quote.ts";

const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ["success", "**succeeded**"],
  ["complete", "**succeeded**"],
  ["built", "**succeeded**"],
  ["failure", "**failed**"],
  ["error", "**failed** with an error"],
  ["errored", "**failed** with an error"],
  ["startup_failure", "**failed** to start"],
  ["timed_out", "**timed out**"],
  ["cancelled", "was **cancelled**"],
  ["skipped", "was **skipped**"],
  ["neutral", "ended with **neutral**"],
  ["action_required", "waits for somebody: **action required**"],
]);

/** For instance `**failed**`, or `is **in progress**` of what has not ended. */
export const outcome = (word: string): string =>
  OUTCOMES.get(word) ?? `is ${bold(word.replaceAll("_", " ") || "unknown")}`;
