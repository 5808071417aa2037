/** Builds a database anew from a stream of all that is stored: all of it or nothing. Used by the roof. */
import pg from "pg";
import { NovaError, type ArchivedTable, type ArchiveManifest, type ArchiveRow, type Parts, type TableSum } from "#core";
import { sumOf } from "./read.ts";
import { tablesInOrder, type Table } from "./tables.ts";
import { rebuildingAlone } from "./alone.ts";
import { clearNova } from "./clearing.ts";
import type { Database, Tx } from "../engine/database.ts";
import { refuseHoldingsIn } from "./holdings.ts";
import { asKeeper } from "./keeper.ts";
import { doubtUndone } from "../effects/ledger.ts";
import { applyMigrations, migrationsIn } from "../engine/migrate.ts";

export type LoadOptions = {
  /** The folder of the migrations. */
  readonly migrations: string;
  /** Also where something is stored already. */
  readonly replace: boolean;
  /** True for a backup: whoever saved it may have gone on, so that what was approved and not done then may be done by now. */
  readonly stale?: boolean;
  readonly signal: AbortSignal;
  /** How many rows are loaded so far. */
  readonly onRows: (rows: number) => void;
};

export type Loaded = {
  /** As the stream says at its end. */
  readonly given: readonly TableSum[];
  /** As the database holds them now: the same, or the load has failed. */
  readonly loaded: readonly TableSum[];
  /** Migrations that are newer than the stream, applied after it. */
  readonly migrated: readonly string[];
};

/**
 * One transaction: whatever of Nova is there goes, the schema is made as the stream's was, filled, compared row by row,
 * and brought up to date. When anything fails, or the process dies, the database is as it was. Throws `locked` when another
 * Nova works on it, and `bad_input` when it holds what is not to be replaced; both are looked at in that transaction.
 */
export async function loadArchive(database: Database, parts: Parts, options: LoadOptions): Promise<Loaded> {
  const known = await migrationsIn(options.migrations);
  return rebuildingAlone(database, options.signal, async (tx) => {
    if (!options.replace) await refuseHoldingsIn(tx, options.migrations, "The database");
    const cleared = await clearNova(tx);
    const filled = await fill(tx, parts, known, options);
    const migrated = await applyMigrations(tx, options.migrations, known);
    if (options.stale) await doubtUndone(tx);
    const made = new Set([...filled.given, ...(await tablesInOrder(tx))].map(({ name }) => name));
    refuseStrangers(cleared.filter((name) => !made.has(name)));
    // A planner without statistics takes bad ways, and the first questions would have to wait for autovacuum.
    await tx.query(`analyze ${[...made].map((name) => `public.${quoted(name)}`).join(", ")}`);
    return { ...filled, migrated };
  });
}

type Filled = Pick<Loaded, "given" | "loaded">;

async function fill(tx: Tx, parts: Parts, known: readonly string[], options: LoadOptions): Promise<Filled> {
  const { migrations, signal, onRows } = options;
  let tables: readonly Table[] = [];
  let filling: Filling | undefined;
  let done: Filled | undefined;
  const heads: ArchivedTable[] = [];
  let rows = 0;

  for await (const part of parts) {
    signal.throwIfAborted();
    switch (part.kind) {
      case "manifest":
        tables = await prepare(tx, part.manifest, migrations, known);
        break;
      case "table":
        heads.push(part.table);
        filling = fillingOf(part.table, tables);
        break;
      case "rows":
        if (filling) await insert(tx, filling, part.rows);
        rows += part.rows.length;
        onRows(rows);
        break;
      case "end":
        for (const table of tables) await setTriggers(tx, table, "enable");
        await setSequences(tx, heads, tables);
        done = { given: part.tables, loaded: await compare(tx, part.tables, tables, signal) };
    }
  }
  if (!done) throw new NovaError("database", "What was to be loaded broke off; nothing was changed.");
  return done;
}

/** The stream's schema, with nothing in it, also not what migrations put there. */
async function prepare(
  tx: Tx,
  manifest: ArchiveManifest,
  dir: string,
  known: readonly string[],
): Promise<readonly Table[]> {
  refuseNewer(manifest, known);
  await applyMigrations(tx, dir, manifest.migrations);
  const tables = await tablesInOrder(tx);
  const missing = manifest.tables.filter(({ name }) => !tables.some((table) => table.name === name));
  if (missing.length > 0) throw unfit(missing.map(({ name }) => name));
  await tx.query(`truncate ${tables.map(({ name }) => `public.${quoted(name)}`).join(", ")}`);
  // What triggers would work out is in the stream already, as it was worked out then.
  for (const table of tables) await setTriggers(tx, table, "disable");
  return tables;
}

async function setTriggers(tx: Tx, { name }: Table, how: "disable" | "enable"): Promise<void> {
  await tx.query(`alter table public.${quoted(name)} ${how} trigger user`);
}

/** Throws `newer_database` when this Nova lacks one of the migrations. */
export function refuseNewer({ migrations, version }: ArchiveManifest, known: readonly string[]): void {
  const newer = migrations.filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  throw new NovaError(
    "newer_database",
    `The backup is newer than this Nova: Nova ${version} made it, with ${newer.join(", ")}.`,
    { advice: "Install that Nova or a newer one, and restore with it." },
  );
}

type Filling = { readonly statement: string; readonly columns: readonly string[] };

function fillingOf({ name, columns }: ArchivedTable, tables: readonly Table[]): Filling {
  const table = tables.find((each) => each.name === name);
  const types = columns.map((column) => table?.columns.find((each) => each.name === column)?.type);
  if (!table || types.includes(undefined) || columns.length !== table.columns.length) throw unfit([name]);
  const names = columns.map(quoted).join(", ");
  const values = columns.map((column, index) => `${quoted(column)}::${types[index]}`).join(", ");
  const arrays = columns.map((_column, index) => `$${index + 1}::text[]`).join(", ");
  // One array a column, not COPY: the embedded engine does not survive a COPY from outside.
  const statement = `insert into public.${quoted(name)} (${names}) overriding system value
    select ${values} from unnest(${arrays}) as given (${names})`;
  return { statement, columns };
}

async function insert(tx: Tx, { statement, columns }: Filling, rows: readonly ArchiveRow[]): Promise<void> {
  const arrays = columns.map((_column, index) => rows.map((row) => row[index] ?? null));
  await asKeeper(tx, () => tx.query(statement, arrays));
}

/** As far as they had come, so that the number of a row that was deleted never comes back. */
async function setSequences(tx: Tx, heads: readonly ArchivedTable[], tables: readonly Table[]): Promise<void> {
  for (const { name, sequences } of heads) {
    for (const { name: column, sequence } of tables.find((table) => table.name === name)?.columns ?? []) {
      const next = sequences[column];
      if (sequence !== null && next !== undefined) await setNext(tx, sequence, next);
    }
  }
}

async function setNext(tx: Tx, sequence: string, next: string): Promise<void> {
  await tx.query("select setval($1::regclass, $2::bigint, false)", [sequence, next]);
}

async function compare(
  tx: Tx,
  given: readonly TableSum[],
  tables: readonly Table[],
  signal: AbortSignal,
): Promise<readonly TableSum[]> {
  const loaded: TableSum[] = [];
  await asKeeper(tx, async () => {
    for (const table of tables) loaded.push(await sumOf(tx, table, signal));
  });
  const differing = loaded.filter(({ name, rows, digest }) => {
    const told = given.find((sum) => sum.name === name);
    return told ? told.rows !== rows || told.digest !== digest : rows > 0;
  });
  if (differing.length === 0) return loaded;
  throw new NovaError("database", `What was loaded differs in ${differing.map(nameOf).join(", ")}.`, {
    advice: "Nothing was changed. Save anew from the Nova that it came from, and try again.",
  });
}

/** What nobody would make again must not go. */
function refuseStrangers(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new NovaError(
    "database",
    `The database also holds what is not in the backup: the tables ${names.join(", ")}.`,
    {
      advice: "Nothing was changed. Use an empty database, or move these tables out of its schema `public`.",
    },
  );
}

function unfit(names: readonly string[]): NovaError {
  return new NovaError("database", `The backup does not fit its own schema in ${names.join(", ")}.`, {
    advice: "Nothing was changed. Restore it with the Nova that made it.",
  });
}

const nameOf = ({ name }: TableSum): string => name;
const quoted = pg.escapeIdentifier;
