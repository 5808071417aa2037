/** Counts attempts per address over a sliding window. Used by channels, for sign-in codes and bad signatures. */
import type { Clock } from "./clock.ts";

export interface Throttle {
  /** Counts an attempt. 0 when it may go on, else the seconds to wait. */
  attempt(key: string): number;
}

/** Remembers at most `MAX_KEYS` addresses; when there are more, the quiet ones are forgotten. */
const MAX_KEYS = 10_000;

export function createThrottle(options: { limit: number; windowMs: number; clock: Clock }): Throttle {
  const { limit, windowMs, clock } = options;
  const attempts = new Map<string, readonly number[]>();
  return {
    attempt(key) {
      const now = clock.now().getTime();
      const recent = (attempts.get(key) ?? []).filter((at) => at > now - windowMs);
      const oldest = recent[0];
      if (recent.length >= limit && oldest !== undefined)
        return Math.max(1, Math.ceil((oldest + windowMs - now) / 1_000));
      attempts.delete(key);
      attempts.set(key, [...recent, now]);
      const [quietest] = attempts.keys();
      if (attempts.size > MAX_KEYS && quietest !== undefined) attempts.delete(quietest);
      return 0;
    },
  };
}
