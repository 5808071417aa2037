/** What this process knows of its own sends: when each began, where it went, which drafts are given up. Made by index.ts. */
import type { OutPart, PartId, TurnId } from "#core";

export type Try = {
  /** The conversation that it was posted in; null for what only a response URL reaches. */
  readonly channel: string | null;
  /** Root of its thread; null outside of threads. */
  readonly thread: string | null;
  /** Milliseconds. */
  readonly at: number;
  /** Written over what was there: doing it again shows it once. */
  readonly isSafe: boolean;
};

export interface Tries {
  of(part: PartId): Try | undefined;
  begun(part: OutPart, one: Try): void;
  /** The messages that showed the draft are not there any more: parts are posted. */
  dropDraft(turn: TurnId): void;
  hasNoDraft(turn: TurnId): boolean;
}

const REMEMBERED = 1_000;

export function createTries(): Tries {
  const tries = new Map<PartId, Try>();
  const dropped = new Set<TurnId>();
  return {
    of: (part) => tries.get(part),
    begun(part, one) {
      tries.set(part.id, one);
      const [oldest] = tries.keys();
      if (tries.size > REMEMBERED && oldest !== undefined) tries.delete(oldest);
    },
    dropDraft(turn) {
      dropped.add(turn);
      const [oldest] = dropped;
      if (dropped.size > REMEMBERED && oldest !== undefined) dropped.delete(oldest);
    },
    hasNoDraft: (turn) => dropped.has(turn),
  };
}
