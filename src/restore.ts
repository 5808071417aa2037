/** `nova restore`: puts a backup in the place of what is stored, all of it or nothing. Called by keeping.ts. */
import { type ArchiveManifest, NovaError, novaErrorIn, type TableCount } from "#core";
import { checkBackup, readBackup } from "./archive/read.ts";
import type { Config } from "./config.ts";
import { databaseFolder, draftFolder, dropDraft, hasDatabase, replaceDatabase } from "./home/database-folder.ts";
import { loadArchive, type Loaded, type LoadOptions, refuseNewer } from "./postgres/archive-load.ts";
import { openDatabase, type DatabaseOptions } from "./postgres/database.ts";
import { holdingsOf, refuseCompany } from "./postgres/holdings.ts";
import { migrationsIn } from "./postgres/migrate.ts";
import { alone, MIGRATIONS, type AloneOptions } from "./stored.ts";

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
  if (!replace && (await hasDatabase(home))) await refuseHoldings({ folder: current, log });
  try {
    const { migrated } = await load({ folder: await draftFolder(home), log }, file, options);
    return { engine: "embedded", migrated, kept: await replaceDatabase(home, clock.now()) };
  } catch (error) {
    await dropDraft(home);
    throw error;
  }
}

async function intoServer(place: DatabaseOptions, file: string, options: RestoreOptions): Promise<Done> {
  if (!options.replace) await refuseHoldings(place);
  const { migrated } = await load(place, file, options);
  return { engine: "server", migrated, kept: null };
}

async function load(place: DatabaseOptions, file: string, { signal, onRows }: RestoreOptions): Promise<Loaded> {
  const options: LoadOptions = { migrations: MIGRATIONS, signal, onRows: (rows) => onRows("loaded", rows) };
  const database = await openDatabase(place);
  try {
    await refuseCompany(database, signal);
    return await loadArchive(database, readBackup(file), options);
  } finally {
    await database.close();
  }
}

/** Throws unless the database is as a first start leaves it. */
export async function refuseHoldings(place: DatabaseOptions): Promise<void> {
  const database = await openDatabase(place);
  try {
    const found = await holdingsOf(database, MIGRATIONS);
    if (found.length > 0) throw inUse(place, found);
  } catch (error) {
    throw novaErrorIn(error)?.code === "newer_database" ? newerThere(error) : error;
  } finally {
    await database.close();
  }
}

const REPLACE = "Nothing was changed. Save it with `nova backup` if you need it, then give --replace";

function inUse(place: DatabaseOptions, found: readonly TableCount[]): NovaError {
  const what = found.map(({ name, rows }) => `${name} ${rows}`).join(", ");
  const where = place.folder ?? "The database";
  return new NovaError("bad_input", `${where} holds something already: ${what}.`, {
    advice: `${REPLACE} to put the other in its place.`,
  });
}

function newerThere(cause: unknown): NovaError {
  return new NovaError(
    "newer_database",
    "A newer Nova made the database that is there, and this one cannot look into it.",
    {
      advice: `Nothing was changed. Give --replace if nothing in it is needed.`,
      cause,
    },
  );
}
