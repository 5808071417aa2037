/** What whoever wrote is told of their message, beside an answer. Pure. Used by take-post.ts and take-interaction.ts. */
import type { Receipt } from "#core";

const UNKNOWN =
  "I do not know this account. Send me `/link` and a one-time code of yours, or ask the owner of this Nova.";

/** Undefined: nothing. A command always waits for a word, a message may be met with silence. */
export function wordsFor(receipt: Receipt, to: "command" | "message"): string | undefined {
  switch (receipt.kind) {
    case "accepted":
      return undefined;
    case "unknown":
      return receipt.hint ?? (to === "command" ? UNKNOWN : undefined);
    case "linked":
      return `Hello ${receipt.person.name}, this account is yours now.`;
    case "refused":
      return receipt.reason;
    case "blocked":
      return to === "command" ? "I do not answer this account." : undefined;
  }
}
