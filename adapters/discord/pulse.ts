/** Whether the gateway is alive: connected, and with an answered heartbeat at most two intervals old. Fed by gateway.ts. */
import type { Clock, Health } from "#core";

export interface Pulse {
  /** The connection stands: identified or resumed. */
  up(): void;
  /** Discord answered a heartbeat. */
  beat(): void;
  /** How often hearts beat on this connection. */
  every(ms: number): void;
  down(why: string): void;
  /** Since when nothing was heard, in intervals; 0 while all is well. */
  health(): Health;
}

/** What Discord asks for, until it has said so. */
const INTERVAL_MS = 45_000;
const MOST_INTERVALS = 2;

export function createPulse(clock: Clock): Pulse {
  let interval = INTERVAL_MS;
  let heardAt: number | undefined;
  let why = "not connected yet";
  const now = () => clock.now().getTime();
  return {
    up: () => void (heardAt = now()),
    beat: () => void (heardAt = heardAt === undefined ? undefined : now()),
    every: (ms) => void (interval = ms),
    down(reason) {
      heardAt = undefined;
      why = reason;
    },
    health() {
      if (heardAt === undefined) return { ok: false, detail: why };
      const silent = now() - heardAt;
      const seconds = Math.round(silent / 1_000);
      return silent <= MOST_INTERVALS * interval
        ? { ok: true, detail: `connected; heard ${seconds} s ago` }
        : { ok: false, detail: `nothing heard for ${seconds} s; connecting again` };
    },
  };
}
