/** An answer that speaks of another project or branch than the one it was asked in, as if it were its own. Pure. */
import { bare, sentencesIn, withoutQuotes } from "./sentences.ts";

/** Names of projects and branches. */
export type Places = {
  /** Those of the turn; empty when it spans everything. */
  readonly here: readonly string[];
  readonly others: readonly string[];
};

/** The other names that the answer gives as its scope; those in `said` were brought up by the person. */
export function strangePlaces(answer: string, { here, others }: Places, said: readonly string[]): readonly string[] {
  if (here.length === 0) return [];
  const sentences = sentencesIn(withoutQuotes(answer)).map(({ text }) => bare(text));
  return others
    .filter((name) => name.trim() !== "" && !here.some((own) => same(own, name)))
    .filter((name) => {
      const scope = scopeOf(name);
      const named = sentences.some((sentence) => scope.test(sentence) && !DENIED.test(sentence));
      return named && !said.some((text) => wordOf(name).test(text));
    });
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const DENIED = /\b(?:not|only|other than|outside|cannot|nicht|nur|außerhalb)\b|n't\b/i;

const escaped = (name: string): string => name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll(/\s+/g, "\\s+");
const wordOf = (name: string): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped(name)}(?![\p{L}\p{N}])`, "iu");

/** "in Borea", "project Borea", "Borea:", "for the branch North", "in der Filiale Nord". */
function scopeOf(name: string): RegExp {
  const word = String.raw`(?<![\p{L}\p{N}])["']?${escaped(name)}["']?(?![\p{L}\p{N}])`;
  const noun = "(?:project|branch|projekt|filiale|niederlassung|zweig)";
  return new RegExp(
    String.raw`\b(?:in|for|within|across|of|from|on|im|für|aus|von)\s+(?:(?:the|our|your|der|dem|das|unserer?m?)\s+)?(?:${noun}\s+)?${word}|\b${noun}:?\s+${word}|${word}\s+(?:${noun}|has|had|hat)\b|^${word}\s*:`,
    "iu",
  );
}
