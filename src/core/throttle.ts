/** Counts attempts per address over a sliding window. Used by channels, for sign-in codes and bad signatures. */
import type { Clock } from "./clock.ts";

export interface Throttle {
  /** Counts an attempt. 0 when it may go on, else the seconds to wait. */
  attempt(key: string): number;
  /** The same, and counts nothing. */
  wait(key: string): number;
}

/** Remembers at most `MAX_KEYS` addresses; when there are more, the quiet ones are forgotten. */
const MAX_KEYS = 10_000;

export function createThrottle(options: { limit: number; windowMs: number; clock: Clock }): Throttle {
  const { limit, windowMs, clock } = options;
  const attempts = new Map<string, readonly number[]>();
  const recentOf = (key: string, now: number): readonly number[] =>
    (attempts.get(key) ?? []).filter((at) => at > now - windowMs);
  const left = (recent: readonly number[], now: number): number => {
    const [oldest] = recent;
    if (recent.length < limit || oldest === undefined) return 0;
    return Math.max(1, Math.ceil((oldest + windowMs - now) / 1_000));
  };
  return {
    wait(key) {
      const now = clock.now().getTime();
      return left(recentOf(key, now), now);
    },
    attempt(key) {
      const now = clock.now().getTime();
      const recent = recentOf(key, now);
      const wait = left(recent, now);
      if (wait > 0) return wait;
      attempts.delete(key);
      attempts.set(key, [...recent, now]);
      const [quietest] = attempts.keys();
      if (attempts.size > MAX_KEYS && quietest !== undefined) attempts.delete(quietest);
      return 0;
    },
  };
}
