/** What metrics look at in tests that have no Nova around them. */
import type { Sights } from "../../src/telemetry/surroundings.ts";

export const sights = (more: Partial<Sights> = {}): Sights => ({
  load: async () => ({ waitingMessages: 1, runningTurns: 2, undeliveredParts: 3, calls: [] }),
  parts: async () => ({ database: { ok: true } }),
  connections: () => ({ total: 4, idle: 3, waiting: 0 }),
  breakers: () => [],
  build: { version: "1.2.3", node: "26.0.0", database: "embedded" },
  ...more,
});
