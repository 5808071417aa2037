/** Keeps a call that is under way in this process's hands: its heartbeat, and the longest that it may take. Used by serving.ts. */
import type { PgBoss } from "pg-boss";

export interface Lease {
  /** Aborts when the call is in other hands, or took too long. */
  readonly signal: AbortSignal;
  /** Rejects when the call took too long. */
  readonly expired: Promise<never>;
  end(): void;
}

/** A call as it was fetched or begun. */
type Claim = { readonly kind: string; readonly id: string; readonly tries: number };

/** In seconds, as the call itself has it; what makeQueues sets for all when left out. */
export type LeaseTimes = { readonly heartbeatSeconds?: number | null; readonly expireInSeconds?: number };

export const HEARTBEAT_SECONDS = 10;
export const EXPIRE_SECONDS = 900;

export function keepLease(boss: PgBoss, call: Claim, times: LeaseTimes): Lease {
  const lost = new AbortController();
  const expiry = Promise.withResolvers<never>();
  const touch = async (): Promise<void> => {
    try {
      const answer: object = await boss.touch(call.kind, { id: call.id, retryCount: call.tries });
      if ("affected" in answer && answer.affected === 0) lost.abort(new Error("the call is in other hands"));
    } catch (error) {
      // A heartbeat that did not get through says nothing about the call.
      boss.emit("error", error instanceof Error ? error : new Error("unknown"));
    }
  };
  const beat = setInterval(() => void touch(), ((times.heartbeatSeconds ?? HEARTBEAT_SECONDS) / 2) * 1_000);
  const last = setTimeout(
    () => {
      const error = new Error("the call took too long");
      lost.abort(error);
      expiry.reject(error);
    },
    (times.expireInSeconds ?? EXPIRE_SECONDS) * 1_000,
  );
  return {
    signal: lost.signal,
    expired: expiry.promise,
    end() {
      clearInterval(beat);
      clearTimeout(last);
    },
  };
}
