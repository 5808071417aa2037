/** The line under an answer that names what has no source, and such an answer read again: what it named grounds nothing. Pure. */

const LEAD = "I found no source for: ";

/** `named`: as `listed` writes them. */
export const doubtLine = (named: string): string => `*${LEAD}${named}.*`;

/** Without what its own last lines name, so that an answer never becomes the source of its repetition. */
export function withoutDoubted(text: string): string {
  const lines = text.split("\n").filter((line) => line.startsWith(`*${LEAD}`));
  if (lines.length === 0) return text;
  const named = lines.flatMap((line) => line.slice(LEAD.length + 1, -2).split(", "));
  // Not all of them are named.
  if (named.some((words) => / and \d+ more$/.test(words))) return "";
  return named.reduce((left, words) => left.replaceAll(words, ""), text);
}
