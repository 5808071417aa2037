/** Writes a turn's trace in order and in batches, tells telemetry, and says when the hold is lost. */
import { isAway, type Clock, type Log, type TakenTurn, type Telemetry, type TraceEvent, type Turns } from "#core";

export interface Tracer {
  add(event: TraceEvent): void;
  /** Resolves when everything added so far is written. */
  flush(): Promise<void>;
}

export function createTracer(
  turn: TakenTurn,
  deps: {
    readonly turns: Turns;
    readonly telemetry: Telemetry;
    readonly clock: Clock;
    readonly log: Log;
    readonly onLost: () => void;
  },
): Tracer {
  let waiting: TraceEvent[] = [];
  let chain = Promise.resolve();
  const write = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      if (!(await deps.turns.trace(turn, batch))) deps.onLost();
    } catch (error) {
      // The next write tries again; when none gets through, the end of the turn does not either.
      if (isAway(error)) return void (waiting = [...batch, ...waiting]);
      // The trace must not cost the person an answer; the gap is logged.
      deps.log.error("turn.trace_failed", error, { turn: turn.id, events: batch.length });
    }
  };
  return {
    add(event) {
      deps.telemetry.traced(turn, event, deps.clock.now());
      waiting.push(event);
      if (waiting.length === 1) chain = chain.then(write);
    },
    flush() {
      chain = chain.then(write);
      return chain;
    },
  };
}
