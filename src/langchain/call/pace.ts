/** How long a run waits for a model, and how long before it asks again. Read by attempt.ts and ask.ts. */
import { ExponentialBackoff, halfJitterGenerator } from "cockatiel";

export type Pace = {
  /** Between two tries of the same model, in milliseconds: at least half of this, twice as much for the next one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How often a person is told that Nova still waits, in milliseconds. */
  readonly noticeMs: number;
};

export const PACE: Pace = { firstPauseMs: 500, longestPauseMs: 4_000, noticeMs: 5_000 };

/**
 * Three quarters of what is left until the deadline. A model may think for long before its first word, and who gives up on
 * it starts anew with a worse one; the last quarter is for who answers then.
 */
export function patience(leftMs: number): number {
  return Math.max(0, Math.floor((leftMs * 3) / 4));
}

/** Pauses that grow, and differ from one process to the next, so that those who failed together do not come back together. */
export function createPauses({ firstPauseMs, longestPauseMs }: Pace): () => number {
  const growing = new ExponentialBackoff({
    initialDelay: firstPauseMs,
    maxDelay: longestPauseMs,
    generator: halfJitterGenerator,
  });
  let current = growing.next();
  return () => {
    const { duration } = current;
    current = current.next(undefined);
    return duration;
  };
}
