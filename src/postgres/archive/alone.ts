/** A transaction on a database that no other Nova works on meanwhile. Used by load.ts and, before a move, by the roof. */
import { setTimeout as pause } from "node:timers/promises";
import { NovaError } from "#core";
import type { Database, Tx } from "../engine/database.ts";
import { rebuilding } from "./keeper.ts";
import { PRESENCE } from "../engine/presence.ts";

/**
 * As `rebuilding`, and alone from before its first look until it is committed: another Nova waits with its start.
 * Throws `locked` when one is present. The embedded engine's folder has a lock of its own.
 */
export async function rebuildingAlone<T>(
  database: Database,
  signal: AbortSignal,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  if (database.engine === "embedded") return rebuilding(database, work);
  return database.apart(() =>
    rebuilding(database, async (tx) => {
      await takeAlone(tx, signal);
      return work(tx);
    }),
  );
}

/** Throws `locked` when another Nova works on the database just now. */
export const refuseCompany = (database: Database, signal: AbortSignal): Promise<void> =>
  rebuildingAlone(database, signal, async () => {});

/** A server notices late that a process has gone. */
const TRIES = 10;
const PAUSE_MS = 200;

async function takeAlone(tx: Tx, signal: AbortSignal): Promise<void> {
  for (let tries = TRIES; !(await isAlone(tx)); tries -= 1) {
    if (tries === 0) {
      throw new NovaError("locked", `Another Nova is using the database (connections: ${await countPresent(tx)}).`, {
        advice: "Stop every Nova that uses it, also on other machines, and try again.",
      });
    }
    await pause(PAUSE_MS, undefined, { signal });
  }
}

async function isAlone(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ alone: boolean }>("select pg_try_advisory_xact_lock($1::int, $2::int) as alone", [
    ...PRESENCE,
  ]);
  return rows[0]?.alone === true;
}

async function countPresent(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ present: number }>(
    `select count(*)::integer as present from pg_locks
     where locktype = 'advisory' and granted and objsubid = 2 and classid::bigint = $1 and objid::bigint = $2
       and database = (select oid from pg_database where datname = current_database())`,
    [...PRESENCE],
  );
  return rows[0]?.present ?? 0;
}
