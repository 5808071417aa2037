/**
 * Serves the calls of one kind in this process, so many at once, one per conversation. Made by queue.ts.
 *
 * One fetch takes as many calls as there are hands free. A call that is sent within a transaction of this process while a
 * hand is free is under way from its beginning, so that nobody has to fetch it: a hand is kept for it until the commit.
 */
import type { PgBoss } from "pg-boss";
import { conversationId, isAway, QueueStopping, type CallKind, type ConversationId, type Log, type Queue } from "#core";
import { absorb, handBack, type HeldCall } from "./call-rows.ts";
import type { Database } from "../engine/database.ts";
import { keepLease, type LeaseTimes } from "./lease.ts";
import type { Takeover } from "./takeover.ts";

export type Handler = Parameters<Queue["serve"]>[0][CallKind];

export type ServingDeps = {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly log: Log;
  readonly takeover: Pick<Takeover, "hold">;
};

export interface Serving {
  open(handler: Handler): void;
  /** Keeps a hand for a call that is about to be sent. Undefined when none is free, or when the call would have to wait. */
  keep(conversation: ConversationId): Place | undefined;
  /** The call of the conversation that is under way here. */
  heldFor(conversation: ConversationId): Held | undefined;
  /** Fetches what waits, as far as hands are free; for a conversation that is served here, when that is over. */
  look(conversation: ConversationId): void;
  /** Takes no more calls, waits so long for the handlers, aborts them, and hands back the calls of those that do not end. */
  finish(graceMs: number): Promise<void>;
}

/** A hand that is kept: either the call is taken, or the hand is free again. */
export interface Place {
  take(call: HeldCall): void;
  leave(): void;
}

export type Held = HeldCall & {
  /** Another call of the conversation waits behind it. */
  followed: boolean;
  /** Nothing is to be done about it any more: it ended within a transaction, or was handed back. */
  ended: boolean;
};

/** How long a call may lie that nobody told of. */
const POLL_MS = 500;
/** How long handlers may take to end once they are aborted. */
const UNWIND_MS = 1_200;
/** How long handing back may take for those that have not: the database may be what they wait for. */
const HAND_BACK_MS = 800;

export function createServing(kind: CallKind, hands: number, deps: ServingDeps): Serving {
  const { boss, database, log, takeover } = deps;
  const stopping = new AbortController();
  const running = new Map<Held, Promise<void>>();
  let handler: Handler | undefined;
  let closed = false;
  let kept = 0;
  /** Whether there may be calls that no fetch has looked for yet, or that there was no hand for. */
  let more = false;
  let fetching = false;
  let poll: NodeJS.Timeout | undefined;

  const free = (): number => (handler && !closed ? hands - running.size - kept : 0);
  const heldFor = (conversation: ConversationId): Held | undefined =>
    [...running.keys()].find((call) => call.conversation === conversation && !call.ended);

  const fetchAll = async (): Promise<void> => {
    more = true;
    if (fetching) return;
    fetching = true;
    while (more && free() > 0) {
      const wanted = free();
      more = false;
      // Hands may be kept for others meanwhile: a few more at once do no harm.
      const calls = await fetch(wanted);
      for (const call of calls) begin(call, call);
      more ||= calls.length === wanted;
    }
    fetching = false;
  };

  /** Never throws: what one fetch did not reach, the next one may. */
  const fetch = async (batchSize: number): Promise<readonly (HeldCall & LeaseTimes)[]> => {
    try {
      const jobs = await boss.fetch<{ conversation: string }>(kind, { batchSize });
      const calls = jobs.map((job) => ({
        kind,
        conversation: conversationId(job.data.conversation),
        id: job.id,
        tries: job.retryCount,
        heartbeatSeconds: job.heartbeatSeconds,
        expireInSeconds: job.expireInSeconds,
      }));
      if (calls.length > 0) await absorb(database.pool, kind, calls);
      return calls;
    } catch (error) {
      report(error);
      return [];
    }
  };

  const begin = ({ conversation, id, tries }: HeldCall, times: LeaseTimes): void => {
    const call: Held = { kind, conversation, id, tries, followed: false, ended: false };
    const served = serve(call, times).finally(() => {
      running.delete(call);
      if (more || call.followed) void fetchAll();
    });
    running.set(call, served);
  };

  const serve = async (call: Held, times: LeaseTimes): Promise<void> => {
    const letGo = takeover.hold(call);
    const lease = keepLease(boss, call, times);
    const signal = AbortSignal.any([lease.signal, stopping.signal]);
    const attempt = { id: call.id, retryCount: call.tries };
    try {
      await Promise.race([handler?.(call.conversation, signal), lease.expired]);
      if (!call.ended) await boss.complete(kind, attempt);
    } catch (error) {
      if (call.ended) return;
      tell(call, signal, error);
      if (stopping.signal.aborted) await giveBack(call);
      // The queue stores why; an error's details may hold a person's words, so it is told the kind only.
      else await boss.fail(kind, attempt, { message: nameOf(error) }).catch(report);
    } finally {
      lease.end();
      letGo();
    }
  };

  const tell = ({ conversation }: Held, signal: AbortSignal, error: unknown): void => {
    const fields = { kind, conversation };
    // Neither is a fault of this process: it stops, or the database does.
    if (signal.reason instanceof QueueStopping) log.info("queue.call_stopped", fields);
    else if (isAway(error)) log.warn("queue.call_waits", fields);
    else log.error("queue.call_failed", error, fields);
  };

  const giveBack = async (call: Held): Promise<void> => {
    call.ended = true;
    try {
      await handBack(database.pool, call);
      log.info("queue.handed_back", { kind, conversation: call.conversation });
    } catch (error) {
      // Its heartbeat runs out by itself, and then another process takes it.
      log.error("queue.hand_back_failed", error, { kind, conversation: call.conversation });
    }
  };

  const report = (error: unknown): void => {
    boss.emit("error", error instanceof Error ? error : new Error("unknown"));
  };

  const allEnded = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running.values());
  };

  return {
    open(given) {
      handler = given;
      poll = setInterval(() => void fetchAll(), POLL_MS);
      void fetchAll();
    },
    keep(conversation) {
      if (free() <= 0 || heldFor(conversation)) return undefined;
      kept += 1;
      return {
        take(call) {
          kept -= 1;
          if (!closed) return begin(call, {});
          void giveBack({ ...call, followed: false, ended: false });
        },
        leave() {
          kept -= 1;
          if (more) void fetchAll();
        },
      };
    },
    heldFor,
    look(conversation) {
      const held = heldFor(conversation);
      if (held) held.followed = true;
      else void fetchAll();
    },
    async finish(graceMs) {
      closed = true;
      clearInterval(poll);
      const late = setTimeout(() => stopping.abort(new QueueStopping()), graceMs);
      await within(graceMs + UNWIND_MS, allEnded());
      clearTimeout(late);
      // A handler that ignores its signal must not keep others from the work until its heartbeat runs out.
      const left = [...running.keys()].filter((call) => !call.ended);
      await within(HAND_BACK_MS, Promise.all(left.map(giveBack)));
    },
  };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

/** Gives up waiting, not the work: handlers that ignore their signal must not keep the process from ending. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
