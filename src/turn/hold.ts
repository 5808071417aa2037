/** A worker's hold on a turn: watches for a stop or a lost epoch, and aborts the work when either comes. */
import { QueueStopping, type Log, type TakenTurn, type TurnId, type Turns } from "#core";

/** Why a turn's work was aborted. */
export class TurnAborted extends Error {
  override readonly name = "TurnAborted";
  /** `ended`: the take is over, and what was left behind in it stops. */
  readonly why: "stopped" | "lost" | "shutdown" | "ended";
  constructor(why: TurnAborted["why"]) {
    super(`the turn was aborted: ${why}`);
    this.why = why;
  }
}

/** Carries stops from the door to the turns that this process holds; the database carries them to other processes. */
export interface Stops {
  stop(turn: TurnId): void;
  watch(turn: TurnId, onStop: () => void): () => void;
}

export function createStops(): Stops {
  const watchers = new Map<TurnId, () => void>();
  return {
    stop: (turn) => watchers.get(turn)?.(),
    watch(turn, onStop) {
      watchers.set(turn, onStop);
      return () => {
        if (watchers.get(turn) === onStop) watchers.delete(turn);
      };
    },
  };
}

/** How often a hold asks the database; a stop in the same process does not wait for it. */
const CHECK_EVERY_MS = 1_000;

export type Hold = {
  /** Aborts with a TurnAborted, at the latest when it is released. */
  readonly signal: AbortSignal;
  /** Called by whoever sees that the epoch is lost. */
  lose(): void;
  release(): void;
};

export function holdTurn(
  turn: TakenTurn,
  deps: { readonly turns: Pick<Turns, "check">; readonly stops: Stops; readonly log: Log },
  outer: AbortSignal,
): Hold {
  const controller = new AbortController();
  const abort = (why: TurnAborted["why"]) => controller.abort(new TurnAborted(why));
  const unwatch = deps.stops.watch(turn.id, () => abort("stopped"));
  const onOuter = () => abort(outer.reason instanceof QueueStopping ? "shutdown" : "lost");
  if (outer.aborted) onOuter();
  outer.addEventListener("abort", onOuter, { once: true });

  let checking = false;
  const check = async () => {
    // A database that is slow to answer must not be asked more and more.
    if (checking) return;
    checking = true;
    try {
      const state = await deps.turns.check(turn);
      if (state !== "held") abort(state);
    } catch (error) {
      // A check that cannot reach the database decides nothing: the next write of the turn will tell.
      deps.log.warn("turn.check_failed", { turn: turn.id, error: error instanceof Error ? error.name : "unknown" });
    } finally {
      checking = false;
    }
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MS);
  timer.unref();

  return {
    signal: controller.signal,
    lose: () => abort("lost"),
    release() {
      clearInterval(timer);
      unwatch();
      outer.removeEventListener("abort", onOuter);
      abort("ended");
    },
  };
}
