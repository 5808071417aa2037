/** `nova migrate`: brings the schema up to date, or moves all that is stored to a server. Called by keeping.ts. */
import { NovaError, type TableSum } from "#core";
import { databaseFolder, hasDatabase } from "../home/database-folder.ts";
import { markMoved } from "../home/moved.ts";
import { refuseCompany } from "../postgres/archive/alone.ts";
import { refuseHoldings } from "../postgres/archive/holdings.ts";
import { loadArchive } from "../postgres/archive/load.ts";
import { readArchive } from "../postgres/archive/read.ts";
import type { Database } from "../postgres/engine/database.ts";
import { migrate } from "../postgres/engine/migrate.ts";
import { databaseOf, MIGRATIONS, opened } from "../service/database-place.ts";
import type { Config } from "../settings/config.ts";
import { withoutPassword } from "../verbs/archive-words.ts";
import { alone, type AloneOptions } from "./alone.ts";

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
    const { log, clock } = options;
    const from = await databaseFolder(config.home, clock.now());
    if (!(await hasDatabase(config.home))) {
      throw new NovaError("not_found", `There is no embedded database in ${config.home}.`, {
        advice: "Set NOVA_HOME to the folder that holds it.",
      });
    }
    const tables = await opened({ folder: from, log }, (source) =>
      opened({ url, log }, (target) => copy(source, target, options)),
    );
    await markMoved(config.home, withoutPassword(url), clock.now());
    return { from, tables };
  });
}

/** The same stream as a backup's, without a file. */
async function copy(source: Database, target: Database, options: MoveOptions): Promise<Moved["tables"]> {
  const { version, clock, replace, signal, onRows } = options;
  // Looked at again when the load has the target for itself; here, so that the source stays untouched for nothing.
  await refuseCompany(target, signal);
  if (!replace) await refuseHoldings(target, MIGRATIONS, "The database");
  await migrate(source, MIGRATIONS);
  const { given, loaded } = await readArchive(source, { version, madeAt: clock.now(), signal }, (parts) =>
    loadArchive(target, parts, { migrations: MIGRATIONS, replace, signal, onRows }),
  );
  return given.flatMap((left) => {
    const arrived = loaded.find(({ name }) => name === left.name);
    return arrived ? [{ source: left, target: arrived }] : [];
  });
}
