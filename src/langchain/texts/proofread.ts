/** Mends what rules can be sure of: doubled words, spacing, capitals and common misspellings; and lists every change. */
import { tidy } from "./layout.ts";
import type { TextWork } from "./ask-text.ts";
import { corrected } from "./misspellings.ts";

const MAX_LISTED = 30;
/** How much of the text beside a change is looked at, in characters. */
const AROUND = 40;

type Rule = {
  readonly pattern: RegExp;
  readonly mend: (...match: string[]) => string;
};

/** In order. Every rule must be right nearly always; what is merely likely is left alone. */
const RULES: readonly Rule[] = [
  { pattern: /\p{L}+/gu, mend: (word = "") => corrected(word) ?? word },
  // "had had" and "that that" can be right.
  {
    pattern: /(?<![\p{L}\p{N}_])(?!(?:had|that|is|do)\b)(\p{L}{2,})(\s+\1)+(?![\p{L}\p{N}_])/giu,
    mend: (_all, word = "") => word,
  },
  { pattern: /\b(t)heir(?= (?:is|are|was|were|will be|has been)\b)/giu, mend: (_all, first = "t") => `${first}here` },
  { pattern: /\ba(?= +(?!eu|one\b|once\b)[aeio]\p{Ll}+\b)/gu, mend: () => "an" },
  { pattern: /\ban(?= +[bcdfgjklmnpqrstvwxz]\p{Ll}+\b)/gu, mend: () => "a" },
  { pattern: /(?<![\p{L}\p{N}.'’-])i(?=['’](?:m|ve|ll|d)\b|\s)(?![.)])/gu, mend: () => "I" },
  { pattern: /(?<=\p{L}) *,(?=\p{L})/gu, mend: () => ", " },
  { pattern: /(?<=[\p{L}\p{N}]) +(?=[,;:!?.](?:\s|$))/gu, mend: () => "" },
  { pattern: /(?<=[\p{L}\p{N}])([,;:])\1+/gu, mend: (_all, mark = "") => mark },
  {
    pattern:
      /(?=\p{Ll})(?<=^|\n\s*|[.!?]\s+)(?!(?:e\.g|i\.e)\b|https?:|\p{Ll}+\p{Lu})\p{Ll}(?=\p{L}*[\s,.!?'’]|\p{L}*$)/gu,
    mend: (letter = "") => letter.toUpperCase(),
  },
];

export function proofread({ text }: TextWork): string {
  const changes: string[] = [];
  const spaced = tidy(text);
  if (spaced !== text.trim()) changes.push("white space cleaned");

  const mended = RULES.reduce((before, { pattern, mend }) => {
    return before.replace(pattern, (...match: unknown[]) => {
      const groups = match.filter((part) => typeof part === "string").slice(0, -1);
      const [found = ""] = groups;
      const better = mend(...groups);
      if (better !== found) changes.push(`“${shown(before, match, found)}” → “${shown(before, match, found, better)}”`);
      return better;
    });
  }, spaced);

  if (changes.length === 0) {
    return "I found nothing to correct. I check spacing, doubled words, capitals and common misspellings only.";
  }
  const listed = changes.slice(0, MAX_LISTED).map((change) => `- ${change}`);
  if (changes.length > MAX_LISTED) listed.push(`- and ${changes.length - MAX_LISTED} more`);
  return `${mended}\n\n**Changed:**\n${listed.join("\n")}`;
}

/** A change of less than a word is shown with the word that it stands in: a lone space or letter says nothing. */
function shown(text: string, match: readonly unknown[], found: string, better = found): string {
  if (/^\p{L}{3,}/u.test(found)) return better;
  const at = match.findLast((part) => typeof part === "number") ?? 0;
  const before = /\S*$/.exec(text.slice(Math.max(0, at - AROUND), at))?.[0] ?? "";
  const after = /^(?:[^\S\n]?\S+)?/.exec(text.slice(at + found.length, at + found.length + AROUND))?.[0] ?? "";
  return `${before}${better}${after}`;
}
