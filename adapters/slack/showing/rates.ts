/** How often a method may be called for what is only shown, all turns together: below Slack's tiers, so that replies pass. */
import type { Clock } from "#core";

export type PacedMethod = keyof typeof PER_MINUTE;

/** Slack allows 20, 100, 50 and some 60 a minute; what is left is for replies. */
const PER_MINUTE = {
  "chat.startStream": 18,
  "chat.appendStream": 95,
  "chat.update": 40,
  "chat.postMessage": 40,
  "assistant.threads.setStatus": 50,
} as const;
const MINUTE_MS = 60_000;

export interface Rates {
  /** 0 when the call may be made now, which counts it; else in how many milliseconds to ask again. */
  take(method: PacedMethod): number;
}

export function createRates(clock: Clock): Rates {
  const calls = new Map<PacedMethod, number[]>();
  return {
    take(method) {
      const now = clock.now().getTime();
      const recent = (calls.get(method) ?? []).filter((at) => now - at < MINUTE_MS);
      calls.set(method, recent);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= PER_MINUTE[method]) return MINUTE_MS - (now - oldest);
      recent.push(now);
      return 0;
    },
  };
}
