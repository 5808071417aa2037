/** Writes a turn's trace in order and in batches, tells telemetry, and says when the hold is lost. */
import {
  isAway,
  withoutSecrets,
  type Clock,
  type Log,
  type Noted,
  type TakenTurn,
  type Telemetry,
  type TraceEvent,
  type Turns,
} from "#core";

export interface Tracer {
  add(event: TraceEvent): void;
  /** Resolves when everything added so far is written. */
  flush(): Promise<void>;
  /** What is not written yet, for the end of the turn to write with it. When it could not, a flush writes it. */
  rest(): Promise<readonly Noted[]>;
}

/** What ends within this time is written with the turn's end, and all of it in one go. */
const GATHER_MS = 100;

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
  let waiting: Noted[] = [];
  let chain = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
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
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    chain = chain.then(write);
    return chain;
  };
  return {
    add(added) {
      const at = deps.clock.now();
      const event = guarded(added);
      deps.telemetry.traced(turn, event, at);
      waiting.push({ at, event });
      timer ??= setTimeout(() => void flush(), GATHER_MS);
    },
    flush,
    async rest() {
      clearTimeout(timer);
      timer = undefined;
      await chain;
      return waiting;
    },
  };
}

/** Names that a model made up stand in events, too, and it may make them up of what it was told. */
function guarded(event: TraceEvent): TraceEvent {
  return JSON.parse(JSON.stringify(event), (_, value: unknown) =>
    typeof value === "string" ? withoutSecrets(value) : value,
  );
}
