/** Ends the parts of Nova one after another, each within its time and whatever the one before it did. Used by main.ts. */
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "#core";

export type Stage = { readonly name: string; readonly mostMs: number; readonly end: () => Promise<void> };

/** Never throws. A stage that takes too long is left to itself. */
export async function closeInTurn(stages: readonly Stage[], log: Log): Promise<void> {
  for (const { name, mostMs, end } of stages) {
    const patience = new AbortController();
    const late = pause(mostMs, "late", { signal: patience.signal }).catch(() => undefined);
    try {
      if ((await Promise.race([end(), late])) === "late") log.warn("nova.close_overran", { stage: name, ms: mostMs });
    } catch (error) {
      log.error("nova.close_failed", error, { stage: name });
    } finally {
      patience.abort();
    }
  }
}
