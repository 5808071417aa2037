/**
 * Calls that did not end again and again are served one at a time: of those that run together when a process dies one may
 * be guilty, and all are blamed. Used by worker.ts.
 */

export interface Suspects {
  /** Waits until no other suspect runs here. Throws the signal's reason when it aborts first. */
  alone<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSuspects(): Suspects {
  let last: Promise<void> = Promise.resolve();
  return {
    async alone(work, signal) {
      const before = last;
      const over = Promise.withResolvers<void>();
      last = over.promise;
      try {
        await Promise.race([before, aborted(signal)]);
        signal.throwIfAborted();
        return await work();
      } finally {
        // Also one that gave up waiting lets the next one in only after the one before it.
        void before.then(over.resolve);
      }
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
