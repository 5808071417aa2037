/** Keeps a model that fails again and again from being asked for a while. One for each provider and model, in chat-models.ts. */
import { CircuitState, circuitBreaker, handleWhen } from "cockatiel";
import type { ModelHealth } from "#core";
import { FAILURES, ModelFailure, type FailureKind } from "./failure.ts";

/** So many failures within this time, in milliseconds, open the circuit for so long. */
const FAILURES_TO_OPEN = 5;
const WINDOW_MS = 60_000;
const REST_MS = 30_000;
/** A provider may ask for a pause of a day; what it needs may be over much sooner. */
const LONGEST_PAUSE_MS = 10 * 60_000;

export interface Circuit {
  /** Why the model is not to be asked now; undefined when it may be. */
  resting(): { readonly why: FailureKind; readonly ms: number } | undefined;
  /** One try. The first one after the rest decides alone whether the model is well again. */
  run<T>(attempt: () => Promise<T>): Promise<T>;
  health(): ModelHealth;
}

export function createCircuit(model: string): Circuit {
  let failedAt: number[] = [];
  let why: FailureKind | null = null;
  let since = new Date();
  let until = 0;

  const policy = circuitBreaker(
    // An answer such as "too long" shows that the server lives. A cancelled trial shows nothing: the rest begins anew.
    handleWhen((error) => !(error instanceof ModelFailure && FAILURES[error.kind].circuit === "ignores")),
    {
      halfOpenAfter: { next: rest },
      breaker: {
        state: undefined,
        success: (state) => void (state === CircuitState.HalfOpen && (failedAt = [])),
        failure(state) {
          if (state === CircuitState.HalfOpen) return true;
          const failure = lastFailure();
          if (!failure) return false;
          const now = Date.now();
          failedAt = [...failedAt.filter((at) => at > now - WINDOW_MS), now];
          return opensAtOnce(failure) !== undefined || failedAt.length >= FAILURES_TO_OPEN;
        },
      },
    },
  );
  policy.onStateChange((state) => {
    since = new Date();
    if (state === CircuitState.Closed) why = null;
  });

  /** What the last handled try failed of; undefined when it was cancelled. */
  function lastFailure(): ModelFailure | undefined {
    const last = policy.lastFailure;
    return last && "error" in last && last.error instanceof ModelFailure ? last.error : undefined;
  }

  function rest() {
    const failure = lastFailure();
    why = failure?.kind ?? why;
    const duration = (failure && opensAtOnce(failure)) ?? REST_MS;
    until = Date.now() + duration;
    return { duration, next: rest };
  }

  const waiting = (): boolean => policy.state === CircuitState.Open && Date.now() < until;

  return {
    resting() {
      if (!waiting() && policy.state !== CircuitState.HalfOpen) return undefined;
      return { why: why ?? "unexpected", ms: Math.max(0, until - Date.now()) };
    },
    run: (attempt) => policy.execute(attempt),
    health() {
      const state = policy.state === CircuitState.Closed ? "closed" : waiting() ? "open" : "half_open";
      return { model, state, since, why, until: state === "closed" ? null : new Date(until) };
    },
  };
}

/** How long the circuit opens at this failure alone, in milliseconds: by its rule, or because a long pause is asked for. */
function opensAtOnce({ kind, pauseMs = 0 }: ModelFailure): number | undefined {
  const rule = FAILURES[kind].circuit;
  if (typeof rule === "number") return rule;
  return pauseMs > REST_MS ? Math.min(pauseMs, LONGEST_PAUSE_MS) : undefined;
}
