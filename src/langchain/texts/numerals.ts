/** Small numbers as people write them beside a noun: "in 3 bullets", "the five main points". */
const WORDS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/** The number before one of the nouns, with at most two words between; undefined when none is given. */
export function countIn(text: string, nouns: RegExp): number | undefined {
  const pattern = new RegExp(
    String.raw`\b(\d{1,5}|${WORDS.join("|")})\s+(?:[\p{L}-]+\s+){0,2}?(?:${nouns.source})\b`,
    "iu",
  );
  const found = pattern.exec(text)?.[1]?.toLowerCase();
  if (found === undefined) return undefined;
  const value = /^\d/.test(found) ? Number(found) : numeral(found);
  return value > 0 ? value : undefined;
}

/** The value of a word such as "five"; -1 for any other. */
export const numeral = (word: string): number => WORDS.indexOf(word.toLowerCase());
