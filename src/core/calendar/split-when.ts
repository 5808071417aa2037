/** Finds in a request the words that say when, and what remains of it: "tomorrow at 9 to call Ann". */
import { readWhen } from "./read-when.ts";
import type { Here } from "./when.ts";

export type Split = {
  /** What is to be said or done, as the person wrote it. */
  readonly text: string;
  /** The time words, as the person wrote them; empty when there are none. */
  readonly when: string;
};

/** No time takes more words. */
const MOST_WORDS = 12;
const LINK = /^(?:to|that|about|of|an|zu|dass|daran|for|ask|:)$/i;
/** A date behind these is a part of what is said: "pay the rent by Friday". */
const DUE = /^(?:by|before|until|till|bis|vor)$/i;

export async function splitWhen(request: string, here: Here): Promise<Split> {
  const tokens = request
    .trim()
    .split(/\s+/)
    .filter((token) => token !== "");
  const reads = async (from: number, to: number): Promise<boolean> =>
    from < to && (await readWhen(tokens.slice(from, to).join(" "), here)).kind !== "none";
  const joined = (from: number, to?: number): string => tokens.slice(from, to).join(" ");

  const ahead = await longest(Math.min(MOST_WORDS, tokens.length), (count) => reads(0, count));
  const firstBehind = Math.max(ahead, tokens.length - MOST_WORDS);
  let behind = tokens.length;
  for (let from = firstBehind; from < tokens.length; from += 1) {
    if (!DUE.test(tokens[from] ?? "") && !DUE.test(tokens[from - 1] ?? "") && (await reads(from, tokens.length))) {
      behind = from;
      break;
    }
  }
  if (ahead > 0) {
    // "At 9 to call Ann on Monday": both are one time, where they read as one.
    const both = `${joined(0, ahead)} ${joined(behind)}`;
    if (behind < tokens.length && (await readWhen(both, here)).kind !== "none")
      return { text: unlinked(joined(ahead, behind)), when: both };
    return { text: unlinked(joined(ahead)), when: joined(0, ahead) };
  }
  if (behind < tokens.length) return { text: unlinked(joined(0, behind)), when: joined(behind) };
  return { text: unlinked(request.trim()), when: "" };
}

/** The greatest count from `most` down to 1 for which it holds; 0 when there is none. */
async function longest(most: number, holds: (count: number) => Promise<boolean>): Promise<number> {
  for (let count = most; count > 0; count -= 1) if (await holds(count)) return count;
  return 0;
}

/** Without the words that only tie it to the time. */
function unlinked(text: string): string {
  const tokens = text.replace(/^[\s,:–-]+/, "").split(/\s+/);
  const start = LINK.test((tokens[0] ?? "").replace(/,$/, "")) ? 1 : 0;
  return tokens
    .slice(start)
    .join(" ")
    .replace(/[\s,:–-]+$/, "")
    .replace(/^[\s,:–-]+/, "");
}
