/** Keeps a trouble that repeats from flooding the log. Used where a database that is away is noticed again and again. */

/** Calls `write` at most once in a while for the same key, with how many were passed over since. */
export type Sparing = (key: string, write: (more: number) => void) => void;

const EVERY_MS = 5_000;
/** There are far fewer troubles; should there be more, all are told anew. */
const MOST_KEYS = 200;

export function createSparing(now: () => number = () => performance.now()): Sparing {
  const seen = new Map<string, { at: number; more: number }>();
  return (key, write) => {
    const last = seen.get(key);
    if (last && now() - last.at < EVERY_MS) return void (last.more += 1);
    if (!last && seen.size >= MOST_KEYS) seen.clear();
    seen.set(key, { at: now(), more: 0 });
    write(last?.more ?? 0);
  };
}
