/** Where all that is stored lies, and how it is saved while Nova works. Used by main.ts, restore.ts and move.ts. */
import { join } from "node:path";
import { type Archive, type Clock, type Log, NovaError } from "#core";
import { writeBackup } from "./archive/write.ts";
import type { Config } from "./config.ts";
import { enterHome } from "./home/enter.ts";
import { databaseFolder } from "./home/database-folder.ts";
import { refuseMoved } from "./home/moved.ts";
import { readArchive } from "./postgres/archive/read.ts";
import { openDatabase, type Database, type DatabaseOptions } from "./postgres/engine/database.ts";

export const MIGRATIONS = join(import.meta.dirname, "..", "migrations");

/** The caller holds the folder's lock. */
export async function databaseOf(config: Config, log: Log, clock: Clock): Promise<DatabaseOptions> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, log };
  await refuseMoved(config.home);
  return { folder: await databaseFolder(config.home, clock.now()), log };
}

export function createArchive(database: Database, version: string, clock: Clock): Archive {
  return {
    save: (file, onRows, signal) =>
      readArchive(database, { version, madeAt: clock.now(), signal }, (parts) => writeBackup(file, parts, onRows)),
  };
}

export async function opened<T>(place: DatabaseOptions, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(place);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

export type AloneOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once when another process has the folder and no service answers. */
  readonly onWait: () => void;
};

const WAIT_MS = 30_000;

/** Does what nothing may run beside. Throws `locked` when a service does. */
export async function alone<T>(
  { home }: Config,
  verb: string,
  { signal, onWait }: AloneOptions,
  work: () => Promise<T>,
): Promise<T> {
  const entered = await enterHome(home, { waitMs: WAIT_MS, signal, onWait });
  if (entered.kind === "service") {
    const { pid, startedAt } = entered.service.run;
    const since = startedAt.toISOString();
    throw new NovaError(
      "locked",
      `Nova runs for ${home} (process ${pid}, since ${since}); ${verb} needs it to itself.`,
      {
        advice: "Stop that process first, then try again.",
      },
    );
  }
  try {
    return await work();
  } finally {
    entered.lock.release();
  }
}
