/**
 * Shows that a Nova works on a server's database, so that nobody rebuilds it underneath. Opened by database.ts.
 *
 * Every process shares one lock from the moment that it has opened the database until it closes it, on a session of its
 * own: names of connections can be set otherwise in DATABASE_URL, a lock cannot. Who rebuilds takes it alone (alone.ts).
 * The server frees it together with the session; the line takes it again when it is back.
 */
import { setTimeout as pause } from "node:timers/promises";
import { NovaError, type Log } from "#core";
import { away } from "./failure.ts";
import { openLine } from "./line.ts";
import type { Patience, ServerConnection } from "./server.ts";

/** The lock's two keys, which nothing else in the database uses: `here`, and nothing. */
export const PRESENCE: readonly [number, number] = [0x68657265, 0];

export interface Presence {
  /** Does `work` while this process does not count as present, so that it can take the database for itself. */
  apart<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type PresenceOptions = {
  readonly connection: ServerConnection;
  /** How long whoever rebuilds the database is waited for; some seconds when left out. */
  readonly patience: Pick<Patience, "ms" | "signal"> | undefined;
  readonly log: Log;
};

const WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 20;
/** Less than a line waits for an answer. */
const RETAKE = "set lock_timeout = '4s'";
const TAKE = "select pg_advisory_lock_shared($1::int, $2::int)";
const TRY = "select pg_try_advisory_lock_shared($1::int, $2::int) as present";

/** Resolves when this process is present. Throws `locked` when the database is being rebuilt for longer than that. */
export async function openPresence({ connection, patience, log }: PresenceOptions): Promise<Presence> {
  const keys = [...PRESENCE];
  let present = false;
  const line = openLine({
    connection,
    name: "nova presence",
    greeting: () =>
      present
        ? [
            { sql: RETAKE, values: [] },
            { sql: TAKE, values: keys },
          ]
        : [],
    log,
  });

  const enter = async (): Promise<void> => {
    const deadline = performance.now() + Math.max(patience?.ms ?? 0, WAIT_MS);
    for (let told = false; ;) {
      const rows = await line.ask<{ present: boolean }>(TRY, keys);
      if (rows?.[0]?.present) break;
      if (performance.now() > deadline) throw rows ? rebuilt() : away("lost", new Error("no session"));
      if (rows && !told) log.warn("database.waits_for_rebuilding");
      told ||= rows !== undefined;
      await pause(LOOK_AGAIN_MS, undefined, { signal: patience?.signal });
    }
    present = true;
  };

  try {
    await enter();
  } catch (error) {
    await line.close();
    throw error;
  }
  return {
    async apart(work) {
      present = false;
      await line.ask("select pg_advisory_unlock_all()", []);
      try {
        return await work();
      } finally {
        present = true;
        await line.ask(TRY, keys);
      }
    },
    close: () => line.close(),
  };
}

function rebuilt(): NovaError {
  return new NovaError("locked", "The database is being rebuilt: a restore or a move into it is under way.", {
    advice: "Wait until it has ended, then try again.",
  });
}
