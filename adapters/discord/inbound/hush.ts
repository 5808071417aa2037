/** How often somebody is told that their message was of no use: whoever goes on all the same is not answered. Used by take-post.ts. */
import type { Clock } from "#core";

export interface Hush {
  /** True when this account may be told once more; it counts as told then. */
  mayTell(user: string): boolean;
}

const WINDOW_MS = 60 * 60_000;
const MOST_TOLD = 3;
const MOST_KEPT = 5_000;

export function createHush(clock: Clock): Hush {
  const told = new Map<string, readonly number[]>();
  return {
    mayTell(user) {
      const now = clock.now().getTime();
      const recent = (told.get(user) ?? []).filter((at) => now - at < WINDOW_MS);
      if (recent.length >= MOST_TOLD) return false;
      told.delete(user);
      told.set(user, [...recent, now]);
      const [oldest] = told.keys();
      if (told.size > MOST_KEPT && oldest !== undefined) told.delete(oldest);
      return true;
    },
  };
}
