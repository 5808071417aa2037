/** Answers wake-up calls: takes a conversation's turns one after another, and delivers what they settled. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConversationId, Inbound, Receipt } from "#core";
import { accept } from "./accept.ts";
import type { Crew } from "./crew.ts";
import { deliver } from "./delivery.ts";
import { apology } from "./endings.ts";
import { createStops, TurnAborted } from "./hold.ts";
import { hearOthers, toldProgress, toldStops } from "./others.ts";
import { settle } from "./settle.ts";
import { runTurn } from "./turn.ts";

/** How long a running turn may go on when the service stops; then it is left to the next start. */
const GRACE_MS = 20_000;

export interface Worker {
  /** Stores an inbound; see AdapterHost.accept. */
  accept(inbound: Inbound): Promise<Receipt>;
  /** Serves the queue and wakes every conversation that an earlier process left unfinished. */
  start(): Promise<void>;
  /** Resolves when no turn waits or runs and no reply is left to deliver. */
  settled(signal: AbortSignal): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

export function createWorker(own: Crew): Worker {
  const stops = createStops();
  const told = toldStops(stops, own.wire);
  const crew: Crew = { ...own, progress: toldProgress(own.progress, own.wire) };
  const running = new Set<Promise<void>>();

  const tracked = (work: Promise<void>): Promise<void> => {
    const counted = work.finally(() => running.delete(counted));
    running.add(counted);
    return counted;
  };

  const serveTurns = async (conversation: ConversationId, signal: AbortSignal): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const turn = await crew.turns.take(conversation);
      if (!turn) return;
      try {
        await runTurn(turn, crew, stops, signal);
      } catch (error) {
        // Lost to another worker: it goes on there, and this one has nothing left to do here.
        if (!(error instanceof TurnAborted && error.why === "lost")) throw error;
        crew.log.warn("turn.lost", { turn: turn.id, epoch: turn.epoch });
        return;
      }
    }
  };

  return {
    accept: (inbound) => accept(inbound, crew, told),

    async start() {
      hearOthers(own.progress, stops, crew.wire);
      await crew.queue.serve({
        turn: (conversation, signal) => tracked(serveTurns(conversation, signal)),
        deliver: (conversation, signal) => tracked(deliver(conversation, crew, signal)),
        dead: (kind, conversation) => onDead(kind, conversation, crew),
      });
      for (const conversation of await crew.turns.unfinished()) await crew.queue.wake("turn", conversation);
      for (const conversation of await crew.outbox.unsent()) await crew.queue.wake("deliver", conversation);
    },

    async settled(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (running.size === 0 && (await isQuiet(crew))) return;
        await Promise.race([...running, pause(SETTLED_POLL_MS)]).catch(ignoreFailedWork);
      }
    },

    async stop(graceMs = GRACE_MS) {
      await crew.queue.finish("turn", graceMs);
      // What the last turns settled still goes out: somebody may be waiting for it.
      const limit = AbortSignal.timeout(DELIVERY_MS);
      while (!limit.aborted && (await crew.outbox.unsent()).length > 0) await pause(SETTLED_POLL_MS);
      await crew.queue.stop(graceMs);
    },
  };
}

const SETTLED_POLL_MS = 25;
/** How long a stopping service waits for replies to leave; those of a channel that is down wait for the next start. */
const DELIVERY_MS = 3_000;

async function isQuiet(crew: Crew): Promise<boolean> {
  return (await crew.turns.unfinished()).length === 0 && (await crew.outbox.unsent()).length === 0;
}

/** The queue's last word on a conversation: the person gets an apology, and the conversation goes on. */
async function onDead(kind: "turn" | "deliver", conversation: ConversationId, crew: Crew): Promise<void> {
  crew.log.warn("queue.dead", { kind, conversation });
  if (kind === "deliver") return;
  // Only what was begun is given up; what still waits begins with the next call.
  const turn = await crew.turns.retake(conversation);
  if (turn) await settle(turn, apology(turn, crew, "gave_up"), crew);
}

/** A failed handler is the queue's to retry; whoever waits for quiet only waits on. */
const ignoreFailedWork = (): void => undefined;
