/** Names of schedules: given without case, made where a person gave none, and found again by a part of them. Pure. */
import type { Schedule } from "./schedule.ts";
import { clip } from "./text/tokens.ts";

const LONGEST = 60;
const plain = (name: string): string => name.normalize("NFKC").replaceAll(/\s+/g, " ").trim().toLowerCase();

/** The name itself, or with a number where it is in use. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const base = clip(wanted.replaceAll(/\s+/g, " ").trim(), LONGEST);
  const used = new Set(taken.map(plain));
  if (!used.has(plain(base))) return base;
  for (let number = 2; ; number += 1) if (!used.has(plain(`${base} ${number}`))) return `${base} ${number}`;
}

export type Meant =
  | { readonly kind: "one"; readonly schedule: Schedule }
  | { readonly kind: "several"; readonly schedules: readonly Schedule[] }
  | { readonly kind: "none" };

const LETTER = String.raw`[\p{L}\p{N}_]`;

/** Whole words: "Ann" is not "Anna". */
function stands(words: string, text: string): boolean {
  const escaped = words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`(?<!${LETTER})${escaped}(?!${LETTER})`, "u").test(text);
}

/** By its whole name, else by whole words that stand in its name or in what it says. */
export function scheduleMeant(words: string, schedules: readonly Schedule[]): Meant {
  const wanted = plain(words);
  if (wanted === "") return { kind: "none" };
  const named = schedules.find(({ name }) => plain(name) === wanted);
  if (named) return { kind: "one", schedule: named };
  const bare = wanted.replace(/^(?:the|my|a|an) (?=.)/, "");
  const found = schedules.filter((each) => stands(bare, `${plain(each.name)}\n${plain(each.words)}`));
  const [first] = found;
  if (!first) return { kind: "none" };
  return found.length === 1 ? { kind: "one", schedule: first } : { kind: "several", schedules: found };
}
