/** Random choices that are the same in every run. Called by typos.ts and distractors.ts. */
import { createRandom } from "#core";

export type Random = {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  /** One of a list that is not empty. */
  one<T>(list: readonly T[]): T;
};

export function seeded(seed: number): Random {
  const next = createRandom(seed);
  const below = (end: number): number => Math.floor(next() * end);
  return {
    below,
    one(list) {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error("a choice needs something to choose from");
      return found;
    },
  };
}
