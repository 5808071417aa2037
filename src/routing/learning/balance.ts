/** Keeps a label with many examples from winning by their number. Called by the classifier. */
import type { Sample } from "./regression.ts";

/**
 * The samples of a label with more than the middle label has count, together, as many as that one's. Unweighed, 293 lines
 * that are nobody's against some 25 examples of each agent took short questions from the agents that they were for.
 */
export function balanced(samples: readonly Sample[]): readonly Sample[] {
  const counts = new Map<number, number>();
  for (const { at, is } of samples) if (is) counts.set(at, (counts.get(at) ?? 0) + 1);
  const ordered = [...counts.values()].toSorted((a, b) => a - b);
  const middle = ordered[Math.floor((ordered.length - 1) / 2)] ?? 0;
  return samples.map((sample) => {
    const count = counts.get(sample.at) ?? 0;
    return sample.is && count > middle ? { ...sample, weight: (sample.weight * middle) / count } : sample;
  });
}
