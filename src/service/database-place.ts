/** Where all that is stored lies, and how it is opened. Used by main.ts, restore.ts, move.ts and on-trial.ts. */
import { join } from "node:path";
import type { Clock, Log } from "#core";
import { databaseFolder } from "../home/database-folder.ts";
import { refuseMoved } from "../home/moved.ts";
import { openDatabase, type Database, type DatabaseOptions } from "../postgres/engine/database.ts";
import type { Config } from "../settings/config.ts";

export const MIGRATIONS = join(import.meta.dirname, "../..", "migrations");

/** The caller holds the folder's lock. */
export async function databaseOf(config: Config, log: Log, clock: Clock): Promise<DatabaseOptions> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, log };
  await refuseMoved(config.home);
  return { folder: await databaseFolder(config.home, clock.now()), log };
}

export async function opened<T>(place: DatabaseOptions, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(place);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
