/** Answers wake-up calls: takes a conversation's turns one after another, and delivers what they settled. */
import { setTimeout as pause } from "node:timers/promises";
import {
  isAway,
  type CallKind,
  type ConversationId,
  type Decisions,
  type Drafts,
  type Inbound,
  type Offer,
  type Press,
  type Pressed,
  type Receipt,
  type Revised,
  type Revision,
  type TakenTurn,
  type TurnId,
} from "#core";
import { accept } from "./accept.ts";
import type { Crew } from "./crew.ts";
import { createDecisions } from "./approval/decisions.ts";
import { deliver } from "./delivery.ts";
import { createHeldDrafts } from "./held-drafts.ts";
import { serveEffects } from "./approval/effects.ts";
import { apology } from "./endings.ts";
import { createStops, TurnAborted } from "./hold.ts";
import { hearOthers, tellSaid, toldProgress, toldStops } from "./others.ts";
import { press } from "./press.ts";
import { createRedeem } from "./redeem.ts";
import { revise } from "./revise.ts";
import { settle } from "./settle.ts";
import { createSweep } from "./sweep.ts";
import { createTimekeeper } from "./schedule/timekeeper.ts";
import { runTurn } from "./turn.ts";

/** How long what runs may go on when the service stops; then it is handed back. All in all the end takes 20 seconds at most. */
const TURNS_MS = 12_000;
/** How long a stopping service waits for replies to leave; those of a channel that is down wait for the next start. */
const DELIVERY_MS = 1_500;
/**
 * So many interruptions make a turn a suspect. One is nobody's fault: all that runs when a process dies is interrupted.
 * Suspects run one at a time, so that the guilty one is found and the others come to their end.
 */
const SUSPECT_ATTEMPTS = 2;
const SUSPECT_PAUSE_MS = 1_000;
/** How long a turn waits that met a database that was away, and longer each time. */
const AWAY_PAUSE_MS = 5_000;
/** How long an apology waits for the database; then the dead letter comes again. */
const APOLOGY_MS = 10_000;
/** How long a call waits that failed for good without the fault of anything that could be put aside. */
const AGAIN_MS = 30_000;

export interface Worker {
  /** Stores an inbound; see AdapterHost.accept. */
  accept(inbound: Inbound): Promise<Receipt>;
  /** Stores an edit or a deletion; see AdapterHost.revise. */
  revise(revision: Revision): Promise<Revised>;
  /** Answers a click; see AdapterHost.press. */
  press(press: Press): Promise<Pressed>;
  /** What people say on the terminal about what waits. */
  readonly decisions: Decisions;
  readonly drafts: Drafts;
  /** Ends a turn as `/stop` does; see AdapterHost.stop. */
  stopTurn(turn: TurnId): Promise<void>;
  /** Serves the queue, and finds from now on what was left behind, beginning with what an earlier process left. */
  start(): Promise<void>;
  /** Resolves when no turn waits or runs and no reply is left to deliver. */
  settled(signal: AbortSignal): Promise<void>;
  /** Takes nothing more; what runs is finished, or handed back after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export type WorkerOptions = {
  /** How often is looked for what was left behind. Default 30 s. */
  readonly sweepEveryMs?: number | undefined;
  /** True: what comes due is done here. A single verb, which is gone in a moment, keeps no time. */
  readonly keepsTime?: boolean;
};

const SWEEP_MS = 30_000;

export function createWorker(own: Crew, { sweepEveryMs = SWEEP_MS, keepsTime = false }: WorkerOptions = {}): Worker {
  const stops = createStops();
  const told = toldStops(stops, own.wire);
  const crew: Crew = { ...own, progress: toldProgress(own.progress, own.wire) };
  const redeem = createRedeem(crew);
  const drafts = createHeldDrafts(crew.drafts);
  let suspectRuns = false;
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
      if (!turn || !(await serveTurn(turn, signal))) return;
    }
  };

  /** False when there is nothing more to do here: the conversation goes on elsewhere, or later. */
  const serveTurn = async (turn: TakenTurn, signal: AbortSignal): Promise<boolean> => {
    const isSuspect = turn.attempts >= SUSPECT_ATTEMPTS;
    if (isSuspect && suspectRuns) return putOff(turn);
    suspectRuns ||= isSuspect;
    const letGo = drafts.hold(turn);
    try {
      return !(await runTurn(turn, crew, told, signal));
    } catch (error) {
      if (isAway(error)) {
        // The database's failure, not the call's: those it has for itself are few.
        crew.log.warn("turn.waits", { turn: turn.id, attempts: turn.attempts });
        await crew.queue.wake("turn", turn.conversation, AWAY_PAUSE_MS * (turn.attempts + 1));
        return false;
      }
      // Lost to another worker: it goes on there, and this one has nothing left to do here.
      if (!(error instanceof TurnAborted && error.why === "lost")) throw error;
      crew.log.warn("turn.lost", { turn: turn.id, epoch: turn.epoch });
      return false;
    } finally {
      letGo();
      if (isSuspect) suspectRuns = false;
    }
  };

  const putOff = async (turn: TakenTurn): Promise<false> => {
    await crew.turns.release(turn, "suspect");
    await crew.queue.wake("turn", turn.conversation, SUSPECT_PAUSE_MS);
    return false;
  };

  const watched = async (inbound: Inbound, take: () => Promise<Receipt>): Promise<Receipt> => {
    const { platform } = inbound.address;
    const startedAt = crew.clock.now().getTime();
    let outcome: Offer["outcome"] = "failed";
    try {
      const receipt = await take();
      outcome = receipt.kind === "accepted" && receipt.duplicate ? "duplicate" : receipt.kind;
      return receipt;
    } finally {
      crew.telemetry.accepted({ platform, outcome, ms: crew.clock.now().getTime() - startedAt });
    }
  };

  const take = async (inbound: Inbound): Promise<Receipt> => {
    const receipt = await watched(inbound, () => accept(inbound, { ...crew, redeem }, told));
    if (receipt.kind === "accepted" && !receipt.duplicate) tellSaid(inbound.address, crew.wire);
    return receipt;
  };

  const timekeeper = keepsTime ? createTimekeeper({ ...crew, accept: take }) : undefined;
  const sweep = createSweep(crew, sweepEveryMs, timekeeper);

  return {
    accept: take,

    revise: (revision) => revise(revision, crew),
    press: (pressed) => press(pressed, { ...crew, accept: take }),
    decisions: createDecisions(crew),
    drafts,
    async stopTurn(turn) {
      // Stored first: whoever takes the turn after this process knows of it, too.
      if (await crew.turns.stop(turn)) told.stop(turn);
    },

    async start() {
      hearOthers(own.progress, stops, crew.wire);
      await crew.queue.serve({
        turn: (conversation, signal) => tracked(serveTurns(conversation, signal)),
        deliver: (conversation, signal) => tracked(deliver(conversation, crew, signal)),
        effect: (conversation, signal) => tracked(serveEffects(conversation, crew, signal)),
        dead: (kind, conversation) => onDead(kind, conversation, crew),
      });
      await timekeeper?.start();
      await sweep.start();
    },

    async settled(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (running.size === 0 && (await isQuiet(crew))) return;
        await Promise.race([...running, pause(SETTLED_POLL_MS)]).catch(ignoreFailedWork);
      }
    },

    async stop(graceMs = TURNS_MS) {
      sweep.stop();
      try {
        await timekeeper?.stop();
        await Promise.all([crew.queue.finish("turn", graceMs), crew.queue.finish("effect", graceMs)]);
        await untilSent(crew, Math.min(graceMs, DELIVERY_MS));
      } catch (error) {
        // The database is away: what could not be handed back is found by whoever comes next.
        crew.log.error("worker.stop_failed", error);
      }
      await crew.queue.stop(0);
    },
  };
}

const SETTLED_POLL_MS = 25;

async function isQuiet(crew: Crew): Promise<boolean> {
  for (const left of [crew.turns.unfinished(), crew.watch.due(), crew.outbox.unsent()]) {
    if ((await left).length > 0) return false;
  }
  return true;
}

/** What the last turns settled still goes out: somebody may be waiting for it. */
async function untilSent(crew: Crew, mostMs: number): Promise<void> {
  const limit = AbortSignal.timeout(mostMs);
  while (!limit.aborted && (await crew.outbox.unsent()).length > 0) await pause(SETTLED_POLL_MS);
}

/** The queue's last word on a conversation: the person gets an apology, and the conversation goes on. */
async function onDead(kind: CallKind, conversation: ConversationId, crew: Crew): Promise<void> {
  crew.log.warn("queue.dead", { kind, conversation });
  // A part is given up by the outbox alone, and a message by nobody.
  if (kind === "deliver") return crew.queue.wake("deliver", conversation, AGAIN_MS);
  if (kind === "effect") {
    // Of an effect nobody knows better than a person who looks: they are told with the next call.
    await crew.ledger.giveUp(conversation, "gave_up");
    return crew.queue.wake("effect", conversation, AGAIN_MS);
  }
  // Only what was begun is given up; what still waits begins with the next call.
  const turn = await crew.turns.retake(conversation);
  if (!turn) return crew.queue.wake("turn", conversation, AGAIN_MS);
  await settle(turn, { ...apology(turn, crew, "gave_up"), events: [] }, crew, AbortSignal.timeout(APOLOGY_MS));
  await crew.queue.wake("turn", conversation);
}

/** A failed handler is the queue's to retry; whoever waits for quiet only waits on. */
const ignoreFailedWork = (): void => undefined;
