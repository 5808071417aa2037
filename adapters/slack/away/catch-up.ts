/** When to look for what was written while Nova was away: at its start and behind a long break. Made by index.ts. */
import type { Clock, Log } from "#core";
import type { History } from "./history.ts";

export interface CatchUp {
  /** Before a connection is opened; what it returns is called when the connection stands, and waits for nothing. */
  opening(): () => void;
  /** Slack was heard just now. */
  alive(): void;
  /** Resolves when nothing is looked for any more. */
  stop(): Promise<void>;
}

export type CatchUpDeps = { readonly history: History; readonly clock: Clock; readonly log: Log };

/** What is not taken Slack brings again for five minutes. */
const BREAK_MS = 4 * 60_000;

export function createCatchUp({ history, clock, log }: CatchUpDeps): CatchUp {
  const closing = new AbortController();
  const madeAt = clock.now();
  let aliveAt: Date | undefined;
  /** Since when something may be missing that nobody found yet. */
  let owed: Date | undefined;
  let last = Promise.resolve();

  const look = async (to: Date): Promise<void> => {
    owed ??= to;
    try {
      if (await history.read(owed, closing.signal)) owed = undefined;
    } catch (error) {
      if (!closing.signal.aborted) log.error("slack.not_caught_up", error);
    }
  };
  const missedSince = (now: Date): Date | undefined => {
    if (aliveAt === undefined) return madeAt;
    return now.getTime() - aliveAt.getTime() > BREAK_MS ? now : owed;
  };

  return {
    opening() {
      const missed = missedSince(clock.now());
      return () => {
        aliveAt = clock.now();
        if (missed && !closing.signal.aborted) last = last.then(() => look(missed));
      };
    },
    alive: () => void (aliveAt = clock.now()),
    async stop() {
      closing.abort();
      await last;
    },
  };
}
