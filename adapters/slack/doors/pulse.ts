/** Whether the other end of the connection is alive, for its health and for listen.ts. Made by index.ts. */
import type { Clock, Health } from "#core";
import { BEAT_MS } from "./socket.ts";

/** So many beats may be missing before nobody believes in the connection any more. */
const MISSED = 2;

export interface Pulse {
  beat(): void;
  /** Forgets all beats: what came was of a connection that is gone. */
  stop(): void;
  health(): Health;
}

export function createPulse(clock: Clock): Pulse {
  let last: number | undefined;
  return {
    beat: () => void (last = clock.now().getTime()),
    stop: () => void (last = undefined),
    health() {
      if (last === undefined) return { ok: false, detail: "not connected" };
      const age = clock.now().getTime() - last;
      const isAlive = age <= MISSED * BEAT_MS;
      const seconds = Math.round(age / 1_000);
      return isAlive
        ? { ok: true, detail: "connected by Socket Mode" }
        : { ok: false, detail: `Slack was last heard of ${seconds} seconds ago` };
    },
  };
}
