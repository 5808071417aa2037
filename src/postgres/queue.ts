/** Wake-up calls that survive a crash, on pg-boss: the port Queue of the core, and the calls sent within transactions. */
import type { PgBoss } from "pg-boss";
import {
  conversationId,
  isAway,
  QueueStopping,
  type ConversationId,
  type Log,
  type MessageId,
  type Queue,
} from "#core";
import { deadOf, openBoss } from "./boss.ts";
import { handBack, hasDeferred, unblock, withoutCall, type HeldCall } from "./call-rows.ts";
import { CALL_KINDS, type CallKind, type Calls } from "./calls.ts";
import type { Database } from "./database.ts";
import { createTakeover, type Takeover } from "./takeover.ts";

export type QueueOptions = {
  /** How many calls of a kind are served at once. Default 8 turns and 2 deliveries. */
  readonly workers?: Readonly<Record<CallKind, number>>;
};

type Handlers = Parameters<Queue["serve"]>[0];
type Handler = Handlers[CallKind];
type Call = { readonly conversation: string };

/** Half a second is as far as polling goes down; notifications are faster, and polling finds what they miss. */
const POLLING = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 };

/** How long handlers may take to end once they are aborted. */
const UNWIND_MS = 1_200;
/** How long handing back may take for those that have not: the database may be what they wait for. */
const HAND_BACK_MS = 800;

/** Makes the queue's own tables when they are missing. Calls can be sent from then on; nothing is served before `serve`. */
export async function createQueue(
  database: Database,
  log: Log,
  { workers = { turn: 8, deliver: 2 } }: QueueOptions = {},
): Promise<Queue & Calls> {
  const boss = await openBoss(database, log);
  const stopping = { turn: new AbortController(), deliver: new AbortController() };
  const held = new Set<HeldCall>();
  const takeover = createTakeover(database, log);

  const giveBack = async (call: HeldCall): Promise<void> => {
    held.delete(call);
    try {
      await handBack(database.pool, call);
      log.info("queue.handed_back", { kind: call.kind, conversation: call.conversation });
    } catch (error) {
      // Its heartbeat runs out by itself, and then another process takes it.
      log.error("queue.hand_back_failed", error, { kind: call.kind, conversation: call.conversation });
    }
  };

  const finish = async (kind: CallKind, graceMs: number): Promise<void> => {
    const late = setTimeout(() => stopping[kind].abort(new QueueStopping()), graceMs);
    const queues = [kind, deadOf(kind)];
    await within(graceMs + UNWIND_MS, Promise.all(queues.map((queue) => boss.offWork(queue))));
    clearTimeout(late);
    // A handler that ignores its signal must not keep others from the work until its heartbeat runs out.
    await within(HAND_BACK_MS, Promise.all([...held].filter((call) => call.kind === kind).map(giveBack)));
  };

  return {
    async serve(handlers) {
      takeover.open();
      for (const kind of CALL_KINDS) {
        const handler = discreet(kind, handlers[kind], log);
        const serving = { boss, kind, handler, stopping: stopping[kind].signal, held, giveBack, takeover };
        for (let count = 0; count < workers[kind]; count += 1) await serveCalls(serving);
        await serveDead(boss, kind, handlers.dead);
      }
    },

    async wake(kind, conversation, delayMs) {
      const options = { singletonKey: conversation };
      if (delayMs === undefined) await boss.send(kind, callTo(conversation), options);
      else if (!(await hasDeferred(database.pool, kind, conversation))) {
        await boss.send(kind, callTo(conversation), { ...options, startAfter: new Date(Date.now() + delayMs) });
      }
    },

    async rouse(kind, conversations) {
      const left = await withoutCall(database.pool, kind, conversations);
      for (const conversation of left) {
        await unblock(database.pool, kind, conversation);
        await boss.send(kind, callTo(conversation), { singletonKey: conversation });
      }
      return left;
    },

    async send(tx, kind, conversation, message) {
      const db = { executeSql: (sql: string, values?: unknown[]) => tx.query(sql, values) };
      await boss.send(kind, callTo(conversation), { db, id: jobId(message), singletonKey: conversation });
    },

    finish: (kind, graceMs) => finish(kind, graceMs),

    async stop(graceMs) {
      await Promise.all(CALL_KINDS.map((kind) => finish(kind, graceMs)));
      await takeover.close();
      await boss.stop({ graceful: false });
    },
  };
}

const callTo = (conversation: ConversationId): Call => ({ conversation });

/** Rises with the messages, because calls of one transaction are else ordered by chance. */
function jobId(message: MessageId): string {
  return `00000000-0000-7000-8000-${BigInt(message).toString(16).padStart(12, "0")}`;
}

type Serving = {
  readonly boss: PgBoss;
  readonly kind: CallKind;
  readonly handler: Handler;
  readonly stopping: AbortSignal;
  /** The calls that are under way in this process. */
  readonly held: Set<HeldCall>;
  readonly giveBack: (call: HeldCall) => Promise<void>;
  readonly takeover: Pick<Takeover, "hold">;
};

async function serveCalls({ boss, kind, handler, stopping, held, giveBack, takeover }: Serving): Promise<void> {
  const worker: string = await boss.work<Call>(kind, POLLING, async (jobs) => {
    try {
      for (const job of jobs) {
        const conversation = conversationId(job.data.conversation);
        const call: HeldCall = { kind, conversation, id: job.id, tries: job.retryCount };
        held.add(call);
        const letGo = takeover.hold(call);
        try {
          await handler(conversation, AbortSignal.any([job.signal, stopping]));
        } catch (error) {
          if (!stopping.aborted) throw error;
          await giveBack(call);
        } finally {
          letGo();
          held.delete(call);
        }
      }
    } finally {
      // A worker would sleep for a whole poll after each short call, however many wait.
      boss.notifyWorker(worker);
    }
  });
}

/** A call that failed for good blocks its conversation until it is deleted. */
async function serveDead(boss: PgBoss, kind: CallKind, onDead: Handlers["dead"]): Promise<void> {
  await boss.work<Call, void, typeof POLLING & { includeMetadata: true }>(
    deadOf(kind),
    { ...POLLING, includeMetadata: true },
    async (jobs) => {
      for (const job of jobs) {
        await onDead(kind, conversationId(job.data.conversation));
        if (job.sourceId) await boss.deleteJob(kind, job.sourceId);
      }
    },
  );
}

/** The queue stores why a call failed; an error's details may hold a person's words, so it is told the kind only. */
function discreet(kind: CallKind, handler: Handler, log: Log): Handler {
  return async (conversation, signal) => {
    try {
      await handler(conversation, signal);
    } catch (error) {
      const fields = { kind, conversation };
      // Neither is a fault of this process: it stops, or the database does.
      if (signal.reason instanceof QueueStopping) log.info("queue.call_stopped", fields);
      else if (isAway(error)) log.warn("queue.call_waits", fields);
      else log.error("queue.call_failed", error, fields);
      throw new Error(error instanceof Error ? error.name : "unknown");
    }
  };
}

/** Gives up waiting, not the work: handlers that ignore their signal must not keep the process from ending. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
