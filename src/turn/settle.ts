/** Ends a turn in one transaction; one that another worker took over is left to it, and nothing of this answer stays. */
import { setTimeout as pause } from "node:timers/promises";
import { isAway, type Noted, type Settled, type Settlement, type TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import { apology, stopped } from "./endings.ts";
import { TurnAborted } from "./hold.ts";

type SettleCrew = Pick<Crew, "turns" | "log" | "surfaces" | "roster" | "telemetry" | "clock">;

/** With what the trace has gathered and not yet written. */
type Ending = Settlement & { readonly events: readonly Noted[] };

/**
 * `held` is good for as long as the turn is. True when nothing more waits in the conversation: the call that it is served
 * for has ended with the turn.
 */
export async function settle(
  turn: TakenTurn,
  settlement: Ending,
  crew: SettleCrew,
  held: AbortSignal,
): Promise<boolean> {
  const settled = await untilStored(turn, settlement, crew, held).catch((error: unknown) => {
    if (isAway(error) || held.aborted) throw error;
    // An answer that cannot be stored would be worked out again for nothing, and paid again: the person is told instead.
    crew.log.error("turn.settle_failed", error, { turn: turn.id });
    return untilStored(turn, { ...apology(turn, crew, "internal"), events: [] }, crew, held);
  });
  if (settled.kind === "stopped")
    return settle(turn, { ...stopped(turn, crew), events: settlement.events }, crew, held);
  if (settled.kind === "lost") throw new TurnAborted("lost");
  crew.log.info("turn.settled", {
    turn: turn.id,
    state: settlement.state,
    agent: settlement.reply.agent,
    model: settlement.reply.note.model,
    kept: settlement.keep.length,
  });
  const event = { kind: "settled", state: settlement.state, parts: settlement.parts.length } as const;
  crew.telemetry.traced(turn, event, crew.clock.now());
  return settled.done;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * An answer that is there is not worked out again because the database is away: it waits for it as long as the turn is
 * held. When a settlement was stored and nobody could say so, the next one finds the turn ended, which is no harm.
 */
async function untilStored(
  turn: TakenTurn,
  { events, ...settlement }: Ending,
  crew: SettleCrew,
  held: AbortSignal,
): Promise<Settled> {
  for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_PAUSE_MS)) {
    try {
      return await crew.turns.settle(turn, settlement, events);
    } catch (error) {
      if (!isAway(error) || held.aborted) throw error;
      crew.log.warn("turn.settle_waits", { turn: turn.id });
      await pause(waitMs, undefined, { signal: held }).catch(() => held.throwIfAborted());
    }
  }
}
