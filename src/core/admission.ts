/** Whether messages are being stored, as readiness is told. Fed by a channel with every message that it offers. */
import type { Health } from "./adapter.ts";
import type { Clock } from "./clock.ts";

export interface Admission {
  note(stored: boolean): void;
  health(): Health;
}

/** Who is not ready gets no messages, and so no chance to store one: a failure counts only this long. */
const LAPSE_MS = 60_000;

export function createAdmission(clock: Clock): Admission {
  let failedAt: number | undefined;
  return {
    note(stored) {
      failedAt = stored ? undefined : clock.now().getTime();
    },
    health() {
      const isFailing = failedAt !== undefined && clock.now().getTime() - failedAt < LAPSE_MS;
      return isFailing ? { ok: false, detail: "the last message was not stored" } : { ok: true, detail: "storing" };
    },
  };
}
