/** What this process knows of its own sends, for as long as their fate can be in doubt. Noted by send.ts, asked by look.ts and reconcile.ts. */
import type { PartId } from "#core";

export type Try = {
  /** Where it went: a channel's id, or null for what only a token reaches. */
  readonly channel: string | null;
  /** Milliseconds of the first one that Discord may have taken. */
  readonly since: number;
  /** Sent with a nonce, or written over what was there: doing it again shows it once. */
  readonly isSafe: boolean;
};

export interface Tries {
  of(part: PartId): Try | undefined;
  inDoubt(part: PartId, one: Try): void;
  /** It is certain now: sent as that message, or not at all. */
  settled(part: PartId, message?: string): void;
  /** True for a message that is known to be another part. */
  isOther(part: PartId, message: string): boolean;
}

const MOST = 2_000;

export function createTries(): Tries {
  const doubts = new Map<PartId, Try>();
  const sent = new Map<string, PartId>();
  return {
    of: (part) => doubts.get(part),
    inDoubt(part, one) {
      const first = doubts.get(part);
      doubts.set(part, first && first.channel === one.channel ? { ...one, since: first.since } : one);
      shed(doubts);
    },
    settled(part, message) {
      doubts.delete(part);
      if (message === undefined) return;
      sent.set(message, part);
      shed(sent);
    },
    isOther: (part, message) => sent.has(message) && sent.get(message) !== part,
  };
}

function shed(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > MOST && oldest !== undefined) map.delete(oldest);
}
