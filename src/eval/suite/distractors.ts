/** Lines that no question asks for, made from patterns and hand-written parts. Called by the files that hold those. */
import type { MemoryKind } from "#core";
import { seeded, type Random } from "./random.ts";
import type { Cluster, Part, SuiteLine } from "./suite.ts";

/** `{slot}` stands for one of the slot's parts; the same slot twice in one pattern is the same part. */
export type Recipe = {
  readonly count: number;
  readonly kind: MemoryKind;
  readonly project?: string;
  readonly authors?: readonly string[];
  /** Each is one line, or the lines of one conversation. */
  readonly patterns: readonly (string | readonly string[])[];
  readonly slots: Readonly<Record<string, readonly string[]>>;
};

const FIRST_DAY = Date.UTC(2025, 11, 1, 8);
const DAYS = 330;
const MINUTE = 60_000;

/** Tries before a recipe is said to be too poor for its count. */
const TRIES = 200;

export function crowd(name: string, part: Part, recipes: readonly Recipe[], seed: number): Cluster {
  const random = seeded(seed);
  const told = new Set<string>();
  const lines = recipes.flatMap((recipe, r) =>
    Array.from({ length: recipe.count }, (_, k) => drawn(recipe, `${name}/${r + 1}.${k + 1}`, { random, told })).flat(),
  );
  return { name, part, lines, cases: [] };
}

/** One line, or one conversation, that was not told before; a short reply may come again in another one. */
function drawn(
  recipe: Recipe,
  ref: string,
  { random, told }: { readonly random: Random; readonly told: Set<string> },
): readonly SuiteLine[] {
  for (let tried = 0; tried < TRIES; tried++) {
    const pattern = random.one(recipe.patterns);
    const texts = filled(typeof pattern === "string" ? [pattern] : pattern, recipe.slots, random);
    const said = texts.join("\n");
    if (told.has(said)) continue;
    told.add(said);
    return placed(texts, recipe, { ref, random });
  }
  throw new Error(`the parts of ${ref} do not make that many different lines`);
}

function filled(pattern: readonly string[], slots: Recipe["slots"], random: Random): readonly string[] {
  const picks = new Map<string, string>();
  return pattern.map((text) =>
    text.replaceAll(/\{(\w+)\}/g, (_, slot: string) => {
      const pick = picks.get(slot) ?? random.one(slots[slot] ?? []);
      picks.set(slot, pick);
      return pick;
    }),
  );
}

function placed(
  texts: readonly string[],
  { kind, project, authors }: Recipe,
  { ref, random }: { readonly ref: string; readonly random: Random },
): readonly SuiteLine[] {
  const start = FIRST_DAY + random.below(DAYS) * 24 * 60 * MINUTE + random.below(600) * MINUTE;
  const turn = authors === undefined ? 0 : random.below(authors.length);
  return texts.map((text, k) => {
    const author = authors?.[(turn + k) % authors.length];
    return {
      ref: texts.length === 1 ? ref : `${ref}.${k + 1}`,
      kind,
      text,
      at: new Date(start + 2 * k * MINUTE),
      stream: ref,
      ...(author === undefined ? {} : { author }),
      ...(project === undefined ? {} : { project }),
    };
  });
}
