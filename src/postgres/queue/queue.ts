/** Wake-up calls that survive a crash, on pg-boss: the port Queue of the core, and the calls within transactions. */
import { randomUUIDv7 } from "node:crypto";
import type { PgBoss } from "pg-boss";
import {
  CALL_KINDS,
  conversationId,
  type Alarms,
  type CallKind,
  type ConversationId,
  type Log,
  type MessageId,
  type Queue,
} from "#core";
import { openAlarms } from "./alarms.ts";
import { deadOf, openBoss } from "./boss.ts";
import { endCall, hasDeferred, insertCall, unblock, withoutCall } from "./call-rows.ts";
import type { Calls } from "./calls.ts";
import type { Database } from "../engine/database.ts";
import { createServing, type Serving } from "./serving.ts";
import { createTakeover } from "./takeover.ts";

export type QueueOptions = {
  /** How many calls of a kind are served at once. Default 8 turns and deliveries, 4 effects. */
  readonly workers?: Readonly<Record<CallKind, number>>;
};

type Handlers = Parameters<Queue["serve"]>[0];
type Call = { readonly conversation: string };

/** Half a second is as far as polling goes down. */
const DEAD_POLLING = { pollingIntervalSeconds: 0.5, includeMetadata: true } as const;

/** Makes the queue's own tables when they are missing. Calls can be sent from then on; nothing is served before `serve`. */
export async function createQueue(
  database: Database,
  log: Log,
  { workers = { turn: 8, deliver: 8, effect: 4 } }: QueueOptions = {},
): Promise<Queue & Calls & { readonly alarms: Alarms }> {
  const boss = await openBoss(database, log);
  const alarms = await openAlarms(boss, database);
  const takeover = createTakeover(database, log);
  const serving = (kind: CallKind): Serving => createServing(kind, workers[kind], { boss, database, log, takeover });
  const servings = { turn: serving("turn"), deliver: serving("deliver"), effect: serving("effect") };

  /** A call lies in the queue; whoever serves its conversation takes it next. */
  const announce = (kind: CallKind, conversation: ConversationId): void => {
    const here = servings[kind].heldFor(conversation) !== undefined;
    servings[kind].look(conversation);
    if (!here) takeover.tell({ kind, conversation });
  };

  const finish = async (kind: CallKind, graceMs: number): Promise<void> => {
    await Promise.all([servings[kind].finish(graceMs), boss.offWork(deadOf(kind))]);
  };

  return {
    alarms,

    async serve(handlers) {
      takeover.open(({ kind, conversation }) => servings[kind].look(conversation));
      for (const kind of CALL_KINDS) {
        servings[kind].open(handlers[kind]);
        await serveDead(boss, kind, handlers.dead);
      }
    },

    async wake(kind, conversation, delayMs) {
      const options = { singletonKey: conversation };
      if (delayMs === undefined) {
        await boss.send(kind, callTo(conversation), options);
        announce(kind, conversation);
      } else if (!(await hasDeferred(database.pool, kind, conversation))) {
        await boss.send(kind, callTo(conversation), { ...options, startAfter: new Date(Date.now() + delayMs) });
      }
    },

    async rouse(kind, conversations) {
      const left = await withoutCall(database.pool, kind, conversations);
      for (const conversation of left) {
        await unblock(database.pool, kind, conversation);
        await boss.send(kind, callTo(conversation), { singletonKey: conversation });
        announce(kind, conversation);
      }
      return left;
    },

    async send(tx, kind, conversation, cause) {
      const call = { kind, conversation, id: cause === null ? randomUUIDv7() : jobId(cause), tries: 0 };
      const place = servings[kind].keep(conversation);
      const fate: { sent?: "begun" | "waits" | "known" } = {};
      tx.onEnd((committed) => {
        if (committed && fate.sent === "begun") return place?.take(call);
        place?.leave();
        if (committed && fate.sent === "waits") announce(kind, conversation);
      });
      fate.sent = await insertCall(tx, call, place !== undefined);
    },

    async done(tx, kind, conversation) {
      const held = servings[kind].heldFor(conversation);
      if (!held || !(await endCall(tx, held))) return false;
      tx.onEnd((committed) => {
        if (committed) held.ended = true;
      });
      return true;
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

/** A call that failed for good blocks its conversation until it is deleted. */
async function serveDead(boss: PgBoss, kind: CallKind, onDead: Handlers["dead"]): Promise<void> {
  await boss.work<Call, void, typeof DEAD_POLLING>(deadOf(kind), DEAD_POLLING, async (jobs) => {
    for (const job of jobs) {
      await onDead(kind, conversationId(job.data.conversation));
      if (job.sourceId) await boss.deleteJob(kind, job.sourceId);
    }
  });
}
