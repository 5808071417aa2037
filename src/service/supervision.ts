/** Keeps a channel's outgoing connection: starts it again whenever it ends, after a pause that grows. Made by channels.ts. */
import { setTimeout as timer } from "node:timers/promises";
import { halfJitterGenerator } from "cockatiel";
import { novaErrorIn, sentenceFor, type Adapter, type Clock, type Health, type Log } from "#core";

export type Retrying = {
  /** How long to wait after so many failures in a row; the first is 1. */
  readonly pauseMs: (failures: number) => number;
  /** What no waiting mends is tried again as rarely as that. */
  readonly longestMs: number;
  /** A connection that was up for so long has come to stay: what ends it counts as the first failure. */
  readonly steadyMs: number;
  /** Resolves after that time or when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

const LONGEST_MS = 5 * 60_000;

export const RETRYING: Retrying = {
  pauseMs: growing(1_000, LONGEST_MS),
  longestMs: LONGEST_MS,
  steadyMs: 60_000,
  wait: (ms, signal) => timer(ms, undefined, { signal }).catch(() => undefined),
};

/** Tells when a connection stands, and when it is gone. */
export type ConnectionNews = { readonly kind: "up" } | { readonly kind: "down"; readonly detail: string };

export interface Supervision {
  /** Connects and returns at once. */
  start(): void;
  /** The adapter's own word counts only while it is connected. */
  transport(own: Health): Health;
  /** Ends the connection, and resolves when it has ended. May be called twice. */
  stop(): Promise<void>;
}

type State =
  | { readonly kind: "closed" }
  | { readonly kind: "connecting" }
  | { readonly kind: "up"; readonly since: number }
  /** `fault`: what happened, and what to do about it when that is known. */
  | { readonly kind: "waiting"; readonly fault: string; readonly until: number };

export type SupervisionDeps = {
  readonly listen: NonNullable<Adapter["listen"]>;
  readonly clock: Clock;
  readonly log: Log;
  readonly retrying: Retrying;
  readonly onNews: (news: ConnectionNews) => void;
};

export function createSupervision({ listen, clock, log, retrying, onNews }: SupervisionDeps): Supervision {
  const stopping = new AbortController();
  const now = (): number => clock.now().getTime();
  let state: State = { kind: "closed" };
  let running: Promise<void> | undefined;

  const up = (): void => {
    if (stopping.signal.aborted || state.kind !== "connecting") return;
    state = { kind: "up", since: now() };
    log.info("channel.up");
    onNews({ kind: "up" });
  };

  /** One connection, from its beginning to its end; why it ended. */
  const hold = async (): Promise<unknown> => {
    state = { kind: "connecting" };
    const over = new AbortController();
    try {
      await listen(stopping.signal, () => {
        if (!over.signal.aborted) up();
      });
      return new EndedEarly();
    } catch (error) {
      return error;
    } finally {
      over.abort();
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const error = await hold();
      if (stopping.signal.aborted) break;
      const wasSteady = state.kind === "up" && now() - state.since >= retrying.steadyMs;
      failures = wasSteady ? 1 : failures + 1;
      const hopeless = novaErrorIn(error)?.code === "bad_config";
      const pauseMs = hopeless ? retrying.longestMs : retrying.pauseMs(failures);
      const fault = faultOf(error);
      const told = {
        error: nameOf(error),
        code: novaErrorIn(error)?.code,
        wasUp: state.kind === "up",
        failures,
        pauseMs: Math.round(pauseMs),
      };
      if (hopeless) log.error("channel.refused", error, { ...told, remedy: novaErrorIn(error)?.advice });
      else log.warn("channel.down", told);
      state = { kind: "waiting", fault, until: now() + pauseMs };
      onNews({ kind: "down", detail: fault });
      await retrying.wait(pauseMs, stopping.signal);
    }
    state = { kind: "closed" };
  };

  return {
    start() {
      running ??= run();
    },
    transport(own) {
      switch (state.kind) {
        case "closed":
          return { ok: false, detail: "not connected" };
        case "connecting":
          return { ok: false, detail: "connecting" };
        case "up":
          return own;
        case "waiting":
          return { ok: false, detail: `${state.fault} The next try is ${inTime(state.until - now())}` };
      }
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Listening is to last until it is told to end. */
class EndedEarly extends Error {
  override readonly name = "EndedEarly";
}

/** Pauses that grow, and differ from one process to the next, so that those cut off together do not come back together. */
function growing(initialDelay: number, maxDelay: number): (failures: number) => number {
  const options = { initialDelay, maxDelay, exponent: 2, generator: halfJitterGenerator };
  return (failures) => halfJitterGenerator(failures - 1, options)[0];
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** A foreign error's text may hold anything, a token among it; only Nova's own sentences are repeated. */
function faultOf(error: unknown): string {
  if (novaErrorIn(error)) return sentenceFor(error);
  return `The connection ended (${nameOf(error)}).`;
}

function inTime(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 90 ? `in ${seconds} s` : `in ${Math.round(seconds / 60)} min`;
}
