/** `nova restore`: puts a backup in the place of what is stored, all of it or nothing. Called by keeping.ts. */
import type { ArchiveManifest } from "#core";
import { checkBackup, readBackup } from "../archive/read.ts";
import { databaseFolder, draftFolder, dropDraft, hasDatabase, replaceDatabase } from "../home/database-folder.ts";
import { unmarkMoved } from "../home/moved.ts";
import { refuseHoldings } from "../postgres/archive/holdings.ts";
import { loadArchive, type Loaded, type LoadOptions, refuseNewer } from "../postgres/archive/load.ts";
import type { DatabaseOptions } from "../postgres/engine/database.ts";
import { migrationsIn } from "../postgres/engine/migrate.ts";
import { MIGRATIONS, opened } from "../service/database-place.ts";
import type { Config } from "../settings/config.ts";
import { alone, type AloneOptions } from "./alone.ts";

export type RestoreOptions = AloneOptions & {
  /** Also where something is stored already. */
  readonly replace: boolean;
  /** How many rows were checked, and then loaded, so far. */
  readonly onRows: (step: "checked" | "loaded", rows: number) => void;
};

export type Restored = {
  readonly file: string;
  readonly engine: "embedded" | "server";
  readonly manifest: ArchiveManifest;
  /** Newer migrations than the backup's, applied after it. */
  readonly migrated: readonly string[];
  /** Where the database from before is kept; null on a server, or when there was none. */
  readonly kept: string | null;
};

export async function restoreNova(config: Config, file: string, options: RestoreOptions): Promise<Restored> {
  return alone(config, "a restore", options, async () => {
    const { manifest } = await checkBackup(file, (rows) => options.onRows("checked", rows), options.signal);
    refuseNewer(manifest, await migrationsIn(MIGRATIONS));
    const { databaseUrl } = config;
    const done =
      databaseUrl === null
        ? await intoFolder(config.home, file, options)
        : await intoServer({ url: databaseUrl, log: options.log }, file, options);
    return { file, manifest, ...done };
  });
}

type Done = Pick<Restored, "engine" | "migrated" | "kept">;

/** Built beside the old database, which keeps its place until the new one is whole. */
async function intoFolder(home: string, file: string, options: RestoreOptions): Promise<Done> {
  const { log, clock, replace } = options;
  const current = await databaseFolder(home, clock.now());
  if (!replace && (await hasDatabase(home))) {
    await opened({ folder: current, log }, (database) => refuseHoldings(database, MIGRATIONS, current));
  }
  try {
    const { migrated } = await load({ folder: await draftFolder(home), log }, file, options);
    const kept = await replaceDatabase(home, clock.now());
    await unmarkMoved(home);
    return { engine: "embedded", migrated, kept };
  } catch (error) {
    await dropDraft(home);
    throw error;
  }
}

async function intoServer(place: DatabaseOptions, file: string, options: RestoreOptions): Promise<Done> {
  const { migrated } = await load(place, file, options);
  return { engine: "server", migrated, kept: null };
}

async function load(place: DatabaseOptions, file: string, options: RestoreOptions): Promise<Loaded> {
  const { replace, signal, onRows } = options;
  const loading: LoadOptions = {
    migrations: MIGRATIONS,
    replace,
    stale: true,
    signal,
    onRows: (rows) => onRows("loaded", rows),
  };
  return opened(place, (database) => loadArchive(database, readBackup(file), loading));
}
