/** Sends what the outbox holds for a conversation, part by part in order. Called by the worker; the outbox retries. */
import { deliveredEvent, type ConversationId, type OutPart, type RenderedPart, type SendResult } from "#core";
import type { Crew, Outlet } from "./crew.ts";
import { missingPart, unsentPart } from "./endings.ts";
import { tellSaid } from "./others.ts";
import { createPatience } from "./patience.ts";

/** A platform that is away or has no time for us is waited for: a part is given up by its age, however often it was tried. */
const MOST_AGE_MS = 24 * 60 * 60_000;
/** So many tries a part has at any age: Nova itself may have been off for days. A part that breaks its adapter has no more. */
const FAIR_SENDS = 12;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;
/** A channel may be switched on in another process, or be on its way: its parts wait for it as long. */
const ABSENT_PAUSE_MS = 15_000;
/** A send that is under way when the service stops has this long to end; cut off, its fate would be unknown. */
const SEND_GRACE_MS = 1_000;

/** Ends when all is sent, and when the next part has to wait: the queue then calls again in time. */
export async function deliver(conversation: ConversationId, crew: Crew, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const next = await crew.outbox.next(conversation);
    if (!next) {
      const due = await crew.outbox.dueIn(conversation);
      if (due === undefined) return;
      if (due === 0) continue;
      return crew.queue.wake("deliver", conversation, due);
    }
    const outlet = crew.outlet(next.part.address);
    const startedAt = crew.clock.now();
    const fate = outlet
      ? fateOf(next.part, await send(next.part, next.resumed, outlet, signal), crew)
      : deferred(next.part, crew);
    const recorded = await record(next.part, fate, startedAt, crew);
    if (recorded === "lost") {
      // This process stood still, and another has the part and what comes after it.
      crew.log.warn("part.lost", { turn: next.part.turn, part: next.part.ordinal });
      return;
    }
    tellSaid(next.part.address, crew.wire);
    if (recorded === "done") return;
  }
}

async function send(part: OutPart, resumed: boolean, outlet: Outlet, signal: AbortSignal): Promise<SendResult> {
  const repeatable = outlet.idempotentSend || part.amends !== null;
  if (resumed && !repeatable) {
    const fate = await reconciled(part, "interrupted", outlet, signal);
    // Absent for certain: it can go out now.
    if (fate.kind !== "not_sent") return fate;
  }
  const patience = createPatience(signal, SEND_GRACE_MS);
  const result = await once(part, { ...outlet, idempotentSend: repeatable }, patience.signal).finally(() =>
    patience.release(),
  );
  if (result.kind !== "unknown") return result;
  return repeatable
    ? { kind: "not_sent", retry: true, code: result.code }
    : reconciled(part, result.code, outlet, signal);
}

async function once(part: OutPart, outlet: Outlet, signal: AbortSignal): Promise<SendResult> {
  try {
    return await outlet.send(part, signal);
  } catch (error) {
    // Left claimed: whoever takes it up finds out what became of it.
    signal.throwIfAborted();
    // An adapter that throws has broken its promise; a part must not block the ones behind it for that.
    const code = error instanceof Error ? error.name : "unknown";
    if (!outlet.idempotentSend) return { kind: "unknown", code };
    return { kind: "not_sent", retry: part.attempts + 1 < FAIR_SENDS, code };
  }
}

/** What the platform itself knows of a part whose fate is in doubt. */
async function reconciled(part: OutPart, code: string, outlet: Outlet, signal: AbortSignal): Promise<SendResult> {
  const fate = (await outlet.reconcile?.(part, signal)) ?? "cannot_tell";
  // Not looked at to the end: left claimed, for whoever takes it up.
  if (fate === "cannot_tell" && outlet.reconcile) signal.throwIfAborted();
  if (fate === "sent") return { kind: "sent", externalId: part.id };
  return fate === "absent" ? { kind: "not_sent", retry: true, code } : { kind: "unknown", code };
}

type Fate = {
  readonly result: SendResult;
  readonly giveUp: boolean;
  /** Told to the person when the part did not arrive, or nobody can know whether it did. */
  readonly notice?: readonly RenderedPart[];
};

function fateOf(part: OutPart, result: SendResult, crew: Crew): Fate {
  const fields = { turn: part.turn, part: part.ordinal };
  switch (result.kind) {
    case "sent":
      return { result, giveUp: false };
    case "unknown":
      crew.log.warn("part.unknown", { ...fields, code: result.code });
      return { result, giveUp: false, notice: missingPart(part.address, crew) };
    case "not_sent": {
      const giveUp = !result.retry || (isOld(part, crew) && part.attempts + 1 >= FAIR_SENDS);
      crew.log.warn(giveUp ? "part.given_up" : "part.not_sent", { ...fields, code: result.code });
      const fate = { result: { ...result, afterMs: pauseAfter(part, result.afterMs) }, giveUp };
      // Where nothing at all can be written the notice has the same end, and `nova status` tells the owner.
      // What was to take its place is not there; what it was to replace is.
      if (part.amends !== null) return fate;
      return giveUp ? { ...fate, notice: unsentPart(part.address, crew, result.retry ? "late" : "refused") } : fate;
    }
  }
}

/** No try of it: nobody was there to send it. */
function deferred(part: OutPart, crew: Crew): Fate {
  const giveUp = isOld(part, crew);
  const { platform } = part.address;
  crew.log.warn(giveUp ? "part.given_up" : "part.no_channel", { turn: part.turn, part: part.ordinal, platform });
  const result = { kind: "not_sent", retry: true, code: "channel_not_running", afterMs: ABSENT_PAUSE_MS } as const;
  return { result, giveUp };
}

async function record(
  part: OutPart,
  { result, giveUp, notice }: Fate,
  startedAt: Date,
  crew: Crew,
): ReturnType<Crew["outbox"]["record"]> {
  const endedAt = crew.clock.now();
  const recorded = await crew.outbox.record(part, result, giveUp, notice);
  if (recorded !== "lost")
    crew.telemetry.delivered(part, { event: deliveredEvent(part, result, giveUp), startedAt, endedAt });
  return recorded;
}

const isOld = (part: OutPart, { clock }: Crew): boolean => clock.now().getTime() - part.at.getTime() > MOST_AGE_MS;

/** As long as the platform asks for, and longer when that is too short again and again; unasked twice as long each time. */
function pauseAfter({ attempts }: OutPart, asked: number | undefined): number {
  if (asked === undefined || !Number.isFinite(asked) || asked < 0) return growing(attempts);
  return Math.max(Math.min(asked, MOST_AGE_MS), attempts < FAIR_SENDS ? 0 : growing(attempts - FAIR_SENDS));
}

const growing = (times: number): number => Math.min(FIRST_PAUSE_MS * 2 ** times, LONGEST_PAUSE_MS);
