/** What is wrong with a plug-in, and the refusal to start over it. Used by every loader of this folder. */
import { closest, distance } from "fastest-levenshtein";
import { NovaError } from "#core";

export type Problem = {
  /** Path from the project's folder, for instance agents/general/analyst.md. */
  readonly file: string;
  /** The field at fault, for instance `skills[0].examples`; empty for the file as a whole. */
  readonly key: string;
  readonly what: string;
  /** One sentence: what to change. */
  readonly advice: string;
};

/** Throws one `bad_plugin` over all problems, first things first; returns when there are none. */
export function refuse(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (!first) return;
  const more = rest.slice(0, 9).map((problem) => `\n  - ${describe(problem)}`);
  const uncounted = rest.length > 9 ? `\n  - and ${rest.length - 9} more` : "";
  throw new NovaError("bad_plugin", `${describe(first)}${more.join("")}${uncounted}`, { advice: first.advice });
}

/** What to change when a name is not among the known ones: the nearest of them, or the list. */
export function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  return known.length > 0 ? `Known are: ${known.toSorted().join(", ")}.` : "Nothing of the kind exists yet.";
}

/** The known word that a typing error most likely meant. */
function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(word, [...known]);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined;
}

function describe({ file, key, what }: Problem): string {
  return key === "" ? `${file}: ${what}` : `${file}: ${key}: ${what}`;
}
