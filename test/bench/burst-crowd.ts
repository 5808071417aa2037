/** Fifty people who write at once on a platform. Implemented in burst-slack.ts and burst-discord.ts. */
import { setTimeout as pause } from "node:timers/promises";

export const PLACES = ["Slack Socket Mode", "Slack HTTP", "Discord gateway"] as const;
export type Place = (typeof PLACES)[number];

export const PEOPLE = Array.from({ length: 50 }, (_, i) => `person-${i + 1}`);
/** One in so many is delivered twice. */
export const TWICE = 10;

/** The words of a round, each said by the next of the people, and how fast: null is as fast as it goes. */
export type Round = { readonly texts: readonly string[]; readonly overMs: number | null };

/** A message as it was delivered: its key on the platform, when it left, and when Slack had its ack; Discord knows none. */
export type Delivered = { readonly key: string; readonly sentAt: number; readonly ackedAt: number | null };
export type Reply = { readonly channel: string; readonly id: string };

export interface Crowd {
  /** The settings with which Nova takes the peer for the platform. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the people, in their order. */
  readonly accounts: readonly { readonly platform: string; readonly scope: string; readonly id: string }[];
  /** Resolves when Nova, which answers at this address, can hear. */
  ready(url: string): Promise<void>;
  /** Resolves when all was delivered, and acknowledged where there are acks. With a pace, one in ten goes out twice. */
  play(round: Round): Promise<readonly Delivered[]>;
  /** All that Nova wrote so far. */
  replies(): Promise<readonly Reply[]>;
}

/** Milliseconds that mean the same in both processes. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Calls `act` for each of so many, evenly over the time, or all in a row. */
export async function paced(count: number, overMs: number | null, act: (at: number) => void): Promise<void> {
  const began = performance.now();
  for (let at = 0; at < count; at += 1) {
    const early = overMs === null ? 0 : began + (at * overMs) / count - performance.now();
    if (early > 0) await pause(early);
    act(at);
  }
}
