/** `nova migrate`: brings the schema up to date, or moves all that is stored to a server. Called by keeping.ts. */
import { NovaError, type TableSum } from "#core";
import type { Config } from "./config.ts";
import { databaseFolder, hasDatabase } from "./home/database-folder.ts";
import { loadArchive } from "./postgres/archive-load.ts";
import { readArchive } from "./postgres/archive-read.ts";
import { openDatabase, type Database, type DatabaseOptions } from "./postgres/database.ts";
import { refuseCompany } from "./postgres/holdings.ts";
import { migrate } from "./postgres/migrate.ts";
import { refuseHoldings } from "./restore.ts";
import { alone, databaseOf, MIGRATIONS, type AloneOptions } from "./stored.ts";

export async function migrateNova(config: Config, options: AloneOptions): Promise<readonly string[]> {
  return alone(config, "`nova migrate`", options, async () =>
    opened(await databaseOf(config, options.log, options.clock), (database) => migrate(database, MIGRATIONS)),
  );
}

export type MoveOptions = AloneOptions & {
  /** Of this Nova. */
  readonly version: string;
  readonly replace: boolean;
  readonly onRows: (rows: number) => void;
};

export type Moved = {
  /** The embedded folder; it is as it was. */
  readonly from: string;
  /** What left and what arrived, table by table: equal, or the move has failed. */
  readonly tables: readonly { readonly source: TableSum; readonly target: TableSum }[];
};

export async function moveNova(config: Config, url: string, options: MoveOptions): Promise<Moved> {
  if (config.databaseUrl !== null) {
    throw new NovaError("bad_config", "DATABASE_URL is set: what Nova stores is on a server already.", {
      advice: "Unset it to move the embedded database; between servers use `nova backup` and `nova restore`.",
    });
  }
  return alone(config, "a move", options, async () => {
    const { log, clock, replace } = options;
    const from = await databaseFolder(config.home, clock.now());
    if (!(await hasDatabase(config.home))) {
      throw new NovaError("not_found", `There is no embedded database in ${config.home}.`, {
        advice: "Set NOVA_HOME to the folder that holds it.",
      });
    }
    if (!replace) await refuseHoldings({ url, log });
    const tables = await opened({ folder: from, log }, (source) =>
      opened({ url, log }, (target) => copy(source, target, options)),
    );
    return { from, tables };
  });
}

/** The same stream as a backup's, without a file. */
async function copy(source: Database, target: Database, options: MoveOptions): Promise<Moved["tables"]> {
  const { version, clock, signal, onRows } = options;
  await refuseCompany(target, signal);
  await migrate(source, MIGRATIONS);
  const { given, loaded } = await readArchive(source, { version, madeAt: clock.now(), signal }, (parts) =>
    loadArchive(target, parts, { migrations: MIGRATIONS, signal, onRows }),
  );
  return given.flatMap((left) => {
    const arrived = loaded.find(({ name }) => name === left.name);
    return arrived ? [{ source: left, target: arrived }] : [];
  });
}

async function opened<T>(place: DatabaseOptions, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(place);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
