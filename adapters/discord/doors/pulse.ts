/** Whether the gateway is alive: connected, and with an answered heartbeat at most two intervals old. Fed by gateway.ts, read by index.ts. */
import type { Clock, Health } from "#core";

export interface Pulse {
  /** A connection is tried for the first time. */
  begin(): void;
  /** The connection stands: identified or resumed. */
  up(): void;
  /** Discord answered a heartbeat. */
  beat(): void;
  /** How often hearts beat on this connection. */
  every(ms: number): void;
  down(why: string): void;
  health(): Health;
  /** For how long nothing was heard, connected or not. */
  silentMs(): number;
}

/** What Discord asks for, until it has said so. */
const INTERVAL_MS = 45_000;
const MOST_INTERVALS = 2;

export function createPulse(clock: Clock): Pulse {
  let interval = INTERVAL_MS;
  let heardAt: number | undefined;
  let lastAt = clock.now().getTime();
  let why = "not connected yet";
  const now = () => clock.now().getTime();
  return {
    begin: () => void (lastAt = now()),
    up: () => void (heardAt = lastAt = now()),
    beat() {
      if (heardAt !== undefined) heardAt = lastAt = now();
    },
    every: (ms) => void (interval = ms),
    down(reason) {
      heardAt = undefined;
      why = reason;
    },
    silentMs: () => now() - lastAt,
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
