/** Holds what connects Nova to Slack until it is told to stop; what ends it is thrown, and the roof begins again. */
import { NovaError } from "#core";
import type { Identity } from "../identity.ts";
import { pause } from "../pause.ts";
import { CHECK_MS } from "../proof.ts";
import type { Pulse } from "./pulse.ts";
import { BEAT_MS, type Connection, type Ending } from "./socket.ts";

export type ListenDeps = {
  readonly identity: Identity;
  readonly pulse: Pulse;
  readonly open: (signal: AbortSignal) => Promise<Connection>;
};

/** By Socket Mode: always one connection, for a moment two when Slack asks for another. */
export async function listenSocket({ identity, pulse, open }: ListenDeps, signal: AbortSignal, up: () => void) {
  await identity.check(signal);
  let current: Connection | undefined;
  try {
    for (;;) {
      const next = await open(signal);
      pulse.beat();
      void current?.close();
      current = next;
      up();
      const ending = await endOf(next, { identity, pulse }, signal);
      if (signal.aborted) return;
      if (ending?.kind === "disabled")
        throw new NovaError("bad_config", "Socket Mode is switched off for this Slack app.", {
          advice: "Switch it on in the app's settings, or set SLACK_MODE=http.",
        });
      if (ending?.kind !== "refresh") throw new NovaError("unavailable", "The connection to Slack was lost.");
    }
  } finally {
    pulse.stop();
    await current?.close();
  }
}

/** Undefined when nobody said an end: told to stop, or nothing heard any more. */
async function endOf(
  { ended }: Connection,
  { identity, pulse }: Pick<ListenDeps, "identity" | "pulse">,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([ended, aborted(until), muted(pulse, until), refused(identity, until)]);
  } finally {
    over.abort();
  }
}

/** By HTTP there is nothing to hold; only the token is looked after. */
export async function listenHttp(identity: Identity, signal: AbortSignal, up: () => void): Promise<void> {
  await identity.check(signal);
  up();
  await Promise.race([aborted(signal), refused(identity, signal)]);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (signal.aborted) resolve(undefined);
  else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  return promise;
}

/** Resolves when nothing was heard for too long, unless this process itself stood still meanwhile. */
async function muted(pulse: Pulse, signal: AbortSignal): Promise<undefined> {
  for (;;) {
    const before = performance.now();
    await pause(BEAT_MS / 2, signal);
    if (signal.aborted) return undefined;
    const wasLate = performance.now() - before > BEAT_MS;
    if (!wasLate && !pulse.health().ok) return undefined;
  }
}

/** Rejects when Slack takes the token no more; what Slack does not answer says nothing of it. */
async function refused(identity: Identity, signal: AbortSignal): Promise<undefined> {
  for (;;) {
    await pause(CHECK_MS, signal);
    if (signal.aborted) return undefined;
    try {
      await identity.check(signal);
    } catch (error) {
      if (error instanceof NovaError && error.code === "bad_config") throw error;
    }
  }
}
