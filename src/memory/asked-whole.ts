/** Questions for all that there is of one thing: "what did we decide?", "what do you know about Borea?". Pure. Called by recall.ts. */
import { stem, type LexicalQuery, type MemoryKind } from "#core";
import { FRAME } from "./evidence.ts";

const KINDS = new Map<string, MemoryKind>([
  ...["decide", "decision", "agree"].map((word) => [stem(word), "decision"] as const),
  ...["prefer", "preference", "favourite", "favorite"].map((word) => [stem(word), "preference"] as const),
]);

/** Longer ones name no project and nothing else. */
const MOST_WORDS = 6;

export type AskedWhole =
  /** Every word asks for things of this kind, and none says about what. */
  | { readonly kind: MemoryKind }
  /** All that is left besides asking, lower-case: perhaps the name of a project. */
  | { readonly project: string };

/** Undefined for a question that says what it is about at more length. */
export function askedWhole({ terms }: LexicalQuery): AskedWhole | undefined {
  const told = terms.filter(({ term }) => !FRAME.has(term));
  const kinds = new Set(told.map(({ term }) => KINDS.get(term)));
  const [kind] = kinds;
  if (kinds.size === 1 && kind !== undefined) return { kind };
  const name = told.filter(({ word }) => word !== "project").map(({ word }) => word);
  return name.length === 0 || name.length > MOST_WORDS ? undefined : { project: name.join(" ") };
}
