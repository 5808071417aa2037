/** A message's life from taken to settled, on one screen. Called by the worker for one turn at a time per conversation. */
import { isAway, type AgentId, type Settlement, type TakenTurn } from "#core";
import { warnOfBudget } from "./budget-warning.ts";
import { answerToYes } from "./approval/bare-yes.ts";
import { crewFor, type TurnCrew } from "./parts/turn-crew.ts";
import { choose, type Chosen } from "./choose.ts";
import { answerCommand } from "./commands/commands.ts";
import type { Crew } from "./crew.ts";
import { apology, clarification, novaSays, refusedRoute, stopped, withLeadIn } from "./endings.ts";
import { createTracer, type Tracer } from "./tracer.ts";
import { holdTurn, TurnAborted, type Hold, type Stops } from "./hold.ts";
import { lettingGo } from "./let-go.ts";
import { createPast } from "./past.ts";
import { openFiles } from "./open-files.ts";
import { respond } from "./respond.ts";
import { sayWhichSchedule } from "./schedule/lead-in.ts";
import { settle } from "./settle.ts";
import { isTakenBack, takenBack, wordless } from "./unread.ts";

/**
 * How many takes may end without settling before the turn is given up with an apology. So many deaths in a row are the
 * turn's own doing; a machine that is restarted a few times is not.
 */
const MAX_ATTEMPTS = 10;

type Working = Crew & { readonly stops: Stops; readonly payers: Set<AgentId> };

/**
 * Ends in exactly one visible result, or throws and leaves the turn to a later take. True when nothing more waits in the
 * conversation: the call that it is served for has ended with the turn.
 */
export async function runTurn(turn: TakenTurn, crew: Crew, stops: Stops, outer: AbortSignal): Promise<boolean> {
  const hold = holdTurn(turn, { ...crew, stops }, outer);
  // A reload in the middle changes nothing for it, for whom it is routed to included.
  const roster = crew.roster.now();
  const payers = new Set<AgentId>();
  const tracer = createTracer(turn, { ...crew, onLost: () => hold.lose() });
  crew.progress.publish(turn.address, { kind: "taken", turn: turn.id, messages: turn.messages.map((m) => m.id) });
  tracer.add({ kind: "taken", messages: turn.messages.map((m) => m.id), epoch: turn.epoch });
  try {
    const ending = sayWhichSchedule(turn, await work(turn, { ...crew, roster, stops, payers }, tracer, hold), crew);
    const done = await settle(turn, { ...ending, events: await tracer.rest() }, crew, hold.signal);
    crew.progress.publish(turn.address, { kind: "ended", turn: turn.id });
    await warnOfBudget(turn, payers, crew);
    return done;
  } catch (error) {
    await tracer.flush();
    if (error instanceof TurnAborted && error.why === "shutdown") await handBack(turn, crew);
    // A lost turn goes on elsewhere, and whoever looks on is told of its end from there.
    if (!(error instanceof TurnAborted && error.why === "lost"))
      crew.progress.publish(turn.address, { kind: "ended", turn: turn.id });
    throw error;
  } finally {
    hold.release();
  }
}

/** What was not finished in time is taken up at once by another process or the next start, as if never begun here. */
async function handBack(turn: TakenTurn, crew: Crew): Promise<void> {
  if (!(await crew.turns.release(turn, "shutdown"))) return;
  crew.log.info("turn.handed_back", { turn: turn.id });
  crew.telemetry.traced(turn, { kind: "released", why: "shutdown" }, crew.clock.now());
}

async function work(turn: TakenTurn, crew: Working, tracer: Tracer, hold: Hold): Promise<Settlement> {
  if (isTakenBack(turn)) return takenBack(turn, crew);
  if (turn.cancelled) return stopped(turn, crew);
  if (turn.attempts >= MAX_ATTEMPTS) return apology(turn, crew, "gave_up");
  try {
    const read = await openFiles(turn, crew, hold);
    return wordless(read, crew) ?? (await answer(read, crew, tracer, hold.signal));
  } catch (error) {
    if (error instanceof TurnAborted || hold.signal.aborted)
      return onAbort(turn, crew, hold.signal.aborted ? hold.signal.reason : error);
    // The turn is as sound as before: it is taken again when the database is back.
    if (isAway(error)) throw error;
    // The last known place where the unexpected is caught: the person is told, the log and the trace keep the cause.
    crew.log.error("turn.failed", error, { turn: turn.id });
    tracer.add({ kind: "failed", where: "turn", error: error instanceof Error ? error.name : "unknown" });
    return apology(turn, crew, "internal");
  }
}

async function answer(turn: TakenTurn, crew: Working, tracer: Tracer, signal: AbortSignal): Promise<Settlement> {
  const past = createPast(turn, crew);
  const yes = await answerToYes(turn, { ...crew, past });
  if (yes) return novaSays(turn, crew, yes);
  const left = await lettingGo(turn, { ...crew, past });
  if (left) return novaSays(turn, crew, left);
  // What an earlier take has finished belongs to the route that it had chosen.
  const kept = turn.epoch > 1 ? await crew.turns.steps(turn) : undefined;
  const chosen = await choose(turn, { ...crew, tracer, past, kept: kept?.route }, signal);
  const turnCrew = crewFor(chosen.route, kept, { ...crew, tracer, past: chosen.past, signal });
  const ending = await carriedOut(turn, chosen, { ...turnCrew, stops: crew.stops });
  return chosen.which === undefined ? ending : withLeadIn(chosen.which, turn, ending, crew);
}

function carriedOut(
  turn: TakenTurn,
  { route, about }: Chosen,
  crew: TurnCrew & Working,
): Settlement | Promise<Settlement> {
  switch (route.to.kind) {
    case "agent":
    case "plan":
      return respond(turn, { route, about, to: route.to }, crew);
    case "command":
      return answerCommand(turn, route, route.to, crew);
    case "clarify":
      return clarification(turn, route, route.to, crew);
    case "refuse":
      return refusedRoute(turn, route, route.to.reason, crew);
  }
}

function onAbort(turn: TakenTurn, crew: Crew, reason: unknown): Settlement {
  if (reason instanceof TurnAborted && reason.why === "stopped") return stopped(turn, crew);
  throw reason;
}
