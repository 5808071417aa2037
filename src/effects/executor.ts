/** Carries out what was approved, once: claims it in the ledger, hands it to its verb's performer, records the end. */
import { setTimeout as pause } from "node:timers/promises";
import {
  isAway,
  PAUSES_MS,
  QueueStopping,
  type Claim,
  type ClaimEnd,
  type Clock,
  type Executor,
  type Ledger,
  type Log,
  type Performed,
  type Performer,
  type Policy,
  type Standing,
} from "#core";
import { keepHold } from "./hold.ts";

export type ExecutorDeps = {
  readonly ledger: Ledger;
  readonly performers: readonly Performer[];
  readonly policy: Pick<Policy, "canonical">;
  readonly standing: Standing;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a performer has; default one minute. */
  readonly limitMs?: number;
};

const LIMIT_MS = 60_000;
/** What was not begun so long after it was approved is asked for again, not done: by then nobody reckons with it. */
const OLDEST_MS = 24 * 3_600_000;
/** How long an effect waits for which nobody could be asked whether it may still be done. */
const LOOK_AGAIN_MS = 30_000;
/** Claims of one effect, interrupted ones among them: more than any performer has tries. */
const MOST_CLAIMS = 25;
/** What an effect came to when its target was asked and knew nothing of it; then it is told once more. */
const ABSENT = { kind: "absent" } as const;

type Fate = Performed | typeof ABSENT;

export function createExecutor(deps: ExecutorDeps): Executor {
  const { ledger, performers, policy, standing, clock, log, limitMs = LIMIT_MS } = deps;
  const byVerb = new Map(performers.map((performer) => [performer.verb, performer]));

  const carryOut = async (claim: Claim, signal: AbortSignal): Promise<void> => {
    const performer = byVerb.get(claim.effect.verb);
    const hold = keepHold(claim, ledger);
    try {
      const watched = AbortSignal.any([signal, hold.signal]);
      const end = await endOf(claim, performer, watched);
      const recorded = await ledger.record(claim, end);
      const fields = { ...fieldsOf(claim), state: end.state, ...(end.state === "done" ? {} : { code: end.code }) };
      if (recorded === "lost") log.warn("effect.lost", fields);
      else if (end.state === "done") log.info("effect.done", fields);
      else log.warn("effect.not_done", fields);
    } catch (error) {
      // Whoever has it now says what became of it.
      if (!hold.signal.aborted) throw error;
      log.warn("effect.lost", fieldsOf(claim));
    } finally {
      hold.letGo();
    }
  };

  const endOf = async (claim: Claim, performer: Performer | undefined, signal: AbortSignal): Promise<ClaimEnd> => {
    if (!performer) return claim.resumed ? unknown("no_performer") : failed("no_performer", GONE);
    if (!isWhatWasDecided(claim, policy)) {
      return claim.resumed ? unknown("digest") : failed("digest", NOT_THE_SAME);
    }
    // It ends the process that carries it out, again and again.
    if (claim.resumed && claim.attempts >= MOST_CLAIMS) return unknown("gave_up");
    const fate: Fate = claim.resumed ? await asked(performer, claim, signal) : ABSENT;
    if (fate.kind !== "absent") return endAfter(fate, claim, performer);
    // Also of what was begun once: much may have changed since, and nothing of it has happened.
    return (await outdated(claim)) ?? endAfter(await told(performer, claim, signal), claim, performer);
  };

  /** Of what has certainly not happened so far: why it does not happen any more. */
  const outdated = async (claim: Claim): Promise<ClaimEnd | undefined> => {
    if (clock.now().getTime() - claim.approvedAt.getTime() > OLDEST_MS) return failed("too_old", TOO_OLD);
    try {
      const fallen = await standing(claim);
      return fallen && failed(fallen.code, fallen.told);
    } catch (error) {
      log.warn("effect.not_looked_at", { ...fieldsOf(claim), error: nameOf(error) });
      return { state: "waiting", code: "not_looked_at", afterMs: LOOK_AGAIN_MS };
    }
  };

  /** What nobody saw the end of is asked for, never told again. */
  const asked = async (performer: Performer, claim: Claim, signal: AbortSignal): Promise<Fate> => {
    try {
      const { effect, key, grounds } = claim;
      const fate = await within(limitMs, signal, async (limit) => performer.reconcile?.(effect, key, limit, grounds));
      return fate ?? { kind: "unknown", code: claim.resumed ? "interrupted" : "no_answer" };
    } catch (error) {
      leaveIfStopped(signal);
      log.warn("effect.not_reconciled", { ...fieldsOf(claim), error: nameOf(error) });
      return { kind: "unknown", code: "cannot_tell" };
    }
  };

  const told = async (performer: Performer, claim: Claim, signal: AbortSignal): Promise<Fate> => {
    signal.throwIfAborted();
    const { effect, key, grounds } = claim;
    const result = await within(limitMs, signal, (limit) => performer.perform(effect, key, limit, grounds)).catch(
      (error: unknown): Performed => {
        log.warn("effect.threw", { ...fieldsOf(claim), error: nameOf(error) });
        return { kind: "unknown", code: signal.aborted ? "interrupted" : nameOf(error) };
      },
    );
    if (result.kind !== "unknown") return result;
    // Left claimed: whoever takes it up asks the target, or tells a person.
    if (performer.reconcile) leaveIfStopped(signal);
    const fate = performer.reconcile ? await asked(performer, claim, signal) : result;
    // Certainly not there: it is told again after a pause, not at once.
    return fate.kind === "absent" ? { kind: "failed", code: result.code, told: NOT_REACHED, retry: true } : fate;
  };

  return {
    async carryOut(conversation, signal) {
      for (;;) {
        signal.throwIfAborted();
        const claim = await ledger.claim(conversation);
        if (!claim) return;
        await carryOut(claim, signal);
      }
    },
  };
}

const GONE = "Nova cannot do this any more: what carried it out is not installed. Nothing was done.";
const NOT_THE_SAME = "What is stored is not what was approved, so nothing was done. Ask for it again.";
const TOO_OLD =
  "It could not be done within a day of its approval, so nothing was done. Ask for it again if it still matters.";
const NOT_REACHED = "It did not get through.";

/** The stored object by its digest, and nothing else. */
function isWhatWasDecided({ effect, digest }: Claim, policy: ExecutorDeps["policy"]): boolean {
  const same = policy.canonical(effect);
  return same.kind === "canonical" && same.digest === digest;
}

const unknown = (code: string): ClaimEnd => ({ state: "unknown", code });
const failed = (code: string, sentence: string): ClaimEnd => ({ state: "failed", code, told: sentence });

function endAfter(fate: Fate, { attempts }: Claim, { pauses = PAUSES_MS }: Performer): ClaimEnd {
  switch (fate.kind) {
    case "done":
      return { state: "done", told: fate.told };
    case "unknown":
      return unknown(fate.code);
    case "absent":
      return failed("absent", NOT_REACHED);
    case "failed": {
      const next = pauses[attempts];
      if (!fate.retry || next === undefined) return failed(fate.code, fate.told);
      return { state: "waiting", code: fate.code, afterMs: Math.max(next, fate.afterMs ?? 0) };
    }
  }
}

/** So much time, or as long as the signal is good: a performer that heeds neither is left alone with its end unseen. */
async function within<T>(ms: number, signal: AbortSignal, work: (limit: AbortSignal) => Promise<T>): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  limit.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => void pause(UNWIND_MS).then(() => reject(limit.reason));
  limit.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work(limit), promise]);
  } finally {
    limit.removeEventListener("abort", end);
  }
}

/** A performer that was told to stop may still say how it ended. */
const UNWIND_MS = 500;

/** Nothing is recorded that this process could not see to the end. */
function leaveIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new QueueStopping();
}

const fieldsOf = ({ proposal, effect, attempts }: Claim) => ({ proposal, verb: effect.verb, attempts });
const nameOf = (error: unknown): string => (isAway(error) ? "away" : error instanceof Error ? error.name : "unknown");
