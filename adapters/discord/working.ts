/** What goes on behind events that were taken: waited for when the channel stops. Made by index.ts. */
import { setTimeout as timer } from "node:timers/promises";

export interface Working {
  readonly add: (work: Promise<void>) => void;
  /** Resolves when nothing goes on any more, at the latest after `ms`. */
  settled(ms: number): Promise<void>;
}

export function createWorking(): Working {
  const going = new Set<Promise<void>>();
  return {
    add(work) {
      going.add(work);
      void work.finally(() => going.delete(work));
    },
    async settled(ms) {
      const over = new AbortController();
      await Promise.race([
        Promise.allSettled(going),
        timer(ms, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      over.abort();
    },
  };
}
