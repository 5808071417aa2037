/** A rest that ends early when it is called off. Handed in by index.ts, so that tests need not wait. */
import { setTimeout as wait } from "node:timers/promises";

/** Resolves after so many milliseconds, or when the signal aborts; never rejects. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** By the system's own clock; keeps no process alive. */
export const pause: Pause = (ms, signal) =>
  wait(ms, undefined, { ref: false, ...(signal ? { signal } : {}) }).catch(() => undefined);
