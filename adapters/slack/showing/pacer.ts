/** Does a step whenever there is something to do, one at a time, and rests between two as long as the step asks. */
import type { Pause } from "../pause.ts";

export interface Pacer {
  /** There is something to do. */
  kick(): void;
  /** Resolves when the last step has ended. */
  stop(): Promise<void>;
}

/** The step must not reject. */
export function createPacer(step: () => Promise<number>, pause: Pause): Pacer {
  const over = new AbortController();
  let isDue = false;
  let running: Promise<void> | undefined;
  const drive = async (): Promise<void> => {
    while (isDue && !over.signal.aborted) {
      isDue = false;
      const rest = await step();
      if (rest > 0) await pause(rest, over.signal);
    }
    running = undefined;
  };
  return {
    kick() {
      isDue = true;
      if (!over.signal.aborted) running ??= drive();
    },
    async stop() {
      over.abort();
      await running;
    },
  };
}
