/** Reads all that is stored as a stream, as it is at one moment and in little memory. Used by the roof. */
import pg from "pg";
import type { ArchivedTable, ArchiveManifest, ArchivePart, ArchiveRow, Parts, TableCount, TableSum } from "#core";
import { createRowSum } from "./sum.ts";
import { tablesInOrder, type Table } from "./tables.ts";
import type { Database, Tx } from "../engine/database.ts";
import { reading } from "./keeper.ts";
import { applied } from "../engine/migrate.ts";

export type ArchiveFacts = {
  /** Of this Nova. */
  readonly version: string;
  readonly madeAt: Date;
  readonly signal: AbortSignal;
};

const BATCH_ROWS = 500;

/**
 * Hands `use` the stream, and stands still in time until it has returned. The embedded engine has one session, so there
 * nothing else is served meanwhile: `use` must not wait for a slow reader.
 */
export async function readArchive<T>(
  database: Database,
  facts: ArchiveFacts,
  use: (parts: Parts) => Promise<T>,
): Promise<T> {
  return reading(database, (tx) => use(partsOf(tx, database.engine, facts)));
}

async function* partsOf(
  tx: Tx,
  engine: Database["engine"],
  { version, madeAt, signal }: ArchiveFacts,
): AsyncGenerator<ArchivePart> {
  const tables = await tablesInOrder(tx);
  const counts: TableCount[] = [];
  for (const { name } of tables) counts.push({ name, rows: await countRows(tx, name) });
  const manifest: ArchiveManifest = { version, engine, madeAt, migrations: await applied(tx), tables: counts };
  yield { kind: "manifest", manifest };

  const sums: TableSum[] = [];
  for (const table of tables) {
    yield { kind: "table", table: await headOf(tx, table) };
    const sum = createRowSum(table.name);
    for await (const rows of rowsOf(tx, table)) {
      signal.throwIfAborted();
      sum.add(rows);
      yield { kind: "rows", rows };
    }
    sums.push(sum.total());
  }
  yield { kind: "end", tables: sums };
}

/** Reads a table and keeps nothing but its count and its digest. */
export async function sumOf(tx: Tx, table: Table, signal: AbortSignal): Promise<TableSum> {
  const sum = createRowSum(table.name);
  for await (const rows of rowsOf(tx, table)) {
    signal.throwIfAborted();
    sum.add(rows);
  }
  return sum.total();
}

/** By primary key where there is one: parents before children that refer to rows of their own table. */
async function* rowsOf(tx: Tx, { name, columns, key }: Table): AsyncGenerator<readonly ArchiveRow[]> {
  const values = columns.map((column) => `${quoted(column.name)}::text as ${quoted(column.name)}`);
  // Named by their table: an order by the bare name would sort the texts.
  const order = key.length === 0 ? "" : ` order by ${key.map((column) => `kept.${quoted(column)}`).join(", ")}`;
  const from = `public.${quoted(name)} as kept`;
  await tx.query(`declare archive no scroll cursor for select ${values.join(", ")} from ${from}${order}`);
  for (;;) {
    const { rows } = await tx.query<Record<string, string | null>>(`fetch ${BATCH_ROWS} from archive`);
    if (rows.length > 0) yield rows.map((row) => columns.map((column) => row[column.name] ?? null));
    if (rows.length < BATCH_ROWS) break;
  }
  await tx.query("close archive");
}

async function countRows(tx: Tx, name: string): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(`select count(*) as count from public.${quoted(name)}`);
  return Number(rows[0]?.count ?? 0);
}

/** Sequences do not stand still with the rows; one that has gone on since only leaves out a number. */
async function headOf(tx: Tx, { name, columns }: Table): Promise<ArchivedTable> {
  const sequences: Record<string, string> = {};
  for (const { name: column, sequence } of columns) {
    if (sequence !== null) sequences[column] = await nextOf(tx, sequence);
  }
  return { name, columns: columns.map((column) => column.name), sequences };
}

async function nextOf(tx: Tx, sequence: string): Promise<string> {
  const { rows } = await tx.query<{ next: string }>(
    `select (last_value + case when is_called then 1 else 0 end)::text as next from ${sequence}`,
  );
  return rows[0]?.next ?? "1";
}

const quoted = pg.escapeIdentifier;
