/** Keeps a model that fails again and again from being asked for a while. One for each provider and model, in chat-models.ts. */
import { systemClock, type Clock, type ModelHealth } from "#core";
import { FAILURES, type FailureKind, type ModelFailure } from "./failure.ts";

/** So many calls that fail within this time, in milliseconds, and none between that is answered, open the circuit for so long. */
const FAILURES_TO_OPEN = 5;
const WINDOW_MS = 60_000;
const REST_MS = 30_000;
/** A provider may ask for a pause of a day; what it needs may be over much sooner. */
const LONGEST_PAUSE_MS = 10 * 60_000;

export type Resting = { readonly why: FailureKind; readonly ms: number };

/** One call, its retries included. The first of these to happen decides, but that a call which spoke can still fail. */
export interface Passage {
  /** The first call after a rest: it decides alone whether the model is well again. */
  readonly trial: boolean;
  /** A piece of an answer came: a trial has shown enough, and others may ask again. */
  spoke(): void;
  answered(): void;
  failed(failure: ModelFailure): void;
  /** The call ended and shows nothing of the model: after a trial the next call is one. */
  left(): void;
}

export interface Circuit {
  /** Why the model is not to be asked now; undefined when it may be. */
  resting(): Resting | undefined;
  /** Milliseconds of the pause that the provider asked one of its callers for, and that all of them keep; 0 when there is none. */
  pauseMs(): number;
  /** The provider asks for a pause of so many milliseconds. */
  askedForPause(ms: number): void;
  /** Whether the operator is to be told of such a failure: the next of its kind within a minute is the same story. */
  isNews(kind: FailureKind): boolean;
  /** Begins a call, in the same moment in which it is known that the model does not rest. */
  enter(): Passage | Resting;
  health(): ModelHealth;
}

type State =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly why: FailureKind; readonly wait: Wait; readonly trial: Passage | null };

type Wait = { readonly from: number; readonly ms: number };

export function createCircuit(model: string, clock: Clock = systemClock): Circuit {
  let state: State = { kind: "closed" };
  let since = clock.now();
  let failedAt: number[] = [];
  let pause: Wait = { from: 0, ms: 0 };
  const told = new Map<FailureKind, Wait>();

  const now = (): number => clock.now().getTime();

  /** A clock that was set back ends a wait: nobody rests longer than it was meant. */
  function leftOf({ from, ms }: Wait): number {
    const gone = now() - from;
    return gone < 0 ? 0 : Math.max(0, ms - gone);
  }

  function open(why: FailureKind, ms: number): void {
    since = clock.now();
    state = { kind: "open", why, wait: { from: now(), ms }, trial: null };
    failedAt = [];
  }

  function close(): void {
    failedAt = [];
    if (state.kind === "closed") return;
    since = clock.now();
    state = { kind: "closed" };
  }

  const isTrial = (passage: Passage): boolean => state.kind === "open" && state.trial === passage;

  function fail(failure: ModelFailure, trial: boolean): void {
    const at = opensAtOnce(failure);
    if (at !== undefined) return open(failure.kind, at);
    if (FAILURES[failure.kind].circuit !== "counts") return;
    if (trial) return open(failure.kind, REST_MS);
    // Those that began before it opened tell nothing new.
    if (state.kind === "open") return;
    failedAt = [...failedAt.filter((each) => each > now() - WINDOW_MS && each <= now()), now()];
    if (failedAt.length >= FAILURES_TO_OPEN) open(failure.kind, REST_MS);
  }

  function begin(trial: boolean): Passage {
    let over = false;
    const end = (settle: () => void) => () => {
      if (over) return;
      over = true;
      settle();
    };
    const leave = () => {
      if (isTrial(passage) && state.kind === "open") state = { ...state, trial: null };
    };
    const passage: Passage = {
      trial,
      spoke: () => void (isTrial(passage) && close()),
      // An answer of a call that began before the circuit opened decides nothing: that is the trial's.
      answered: end(() => void ((state.kind === "closed" || isTrial(passage)) && close())),
      failed(failure) {
        if (over) return;
        const rule = FAILURES[failure.kind].circuit;
        // A refusal such as "too long" shows that the server lives.
        if (rule === "lives" && isTrial(passage)) close();
        fail(failure, isTrial(passage));
        leave();
        over = true;
      },
      left: end(leave),
    };
    return passage;
  }

  function resting(): Resting | undefined {
    if (state.kind === "closed") return undefined;
    const ms = leftOf(state.wait);
    return ms > 0 || state.trial ? { why: state.why, ms } : undefined;
  }

  return {
    resting,
    pauseMs: () => leftOf(pause),
    askedForPause(ms) {
      if (ms > leftOf(pause)) pause = { from: now(), ms };
    },
    isNews(kind) {
      if (leftOf(told.get(kind) ?? { from: 0, ms: 0 }) > 0) return false;
      told.set(kind, { from: now(), ms: WINDOW_MS });
      return true;
    },
    enter() {
      const rest = resting();
      if (rest) return rest;
      const passage = begin(state.kind === "open");
      if (state.kind === "open") state = { ...state, trial: passage };
      return passage;
    },
    health() {
      if (state.kind === "closed") return { model, state: "closed", since, why: null, until: null };
      const { why, wait } = state;
      const name = leftOf(wait) > 0 ? "open" : "half_open";
      return { model, state: name, since, why, until: new Date(wait.from + wait.ms) };
    },
  };
}

/** How long the circuit opens at this failure alone, in milliseconds: by its rule, or because a long pause is asked for. */
export function opensAtOnce({ kind, pauseMs = 0 }: ModelFailure): number | undefined {
  const rule = FAILURES[kind].circuit;
  if (typeof rule === "number") return rule;
  return pauseMs > REST_MS ? Math.min(pauseMs, LONGEST_PAUSE_MS) : undefined;
}
