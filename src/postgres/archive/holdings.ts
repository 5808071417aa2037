/** What a database holds already. Asked before a restore or a move puts anything in its place. */
import pg from "pg";
import { NovaError, novaErrorIn, type TableCount } from "#core";
import { tablesInOrder } from "./tables.ts";
import type { Database, Tx } from "../engine/database.ts";
import { asKeeper, rebuilding } from "./keeper.ts";
import { applyMigrations, migrationsIn } from "../engine/migrate.ts";

/** What is there when nobody has used it yet: the rows that count, of tables in which not all do. */
const USED: Readonly<Record<string, string>> = {
  tenant: "id <> 'home'",
  person: "role <> 'owner'",
  link_code: "false",
};

/**
 * The tables with more in them than a first start puts there; empty for a database without Nova. Changes nothing.
 * Throws `newer_database` when it is newer than this Nova.
 */
export const holdingsOf = (database: Database, migrations: string): Promise<readonly TableCount[]> =>
  rebuilding(database, (tx) => look(tx, migrations));

/** Throws unless the database is as a first start leaves it; `where` begins the sentence. */
export const refuseHoldings = (database: Database, migrations: string, where: string): Promise<void> =>
  rebuilding(database, (tx) => refuseHoldingsIn(tx, migrations, where));

/** The same, within a transaction that goes on. */
export async function refuseHoldingsIn(tx: Tx, migrations: string, where: string): Promise<void> {
  const found = await look(tx, migrations).catch((error: unknown) => {
    throw novaErrorIn(error)?.code === "newer_database" ? newerThere(error) : error;
  });
  if (found.length > 0) throw inUse(where, found);
}

async function look(tx: Tx, migrations: string): Promise<readonly TableCount[]> {
  if (!(await hasNova(tx))) return [];
  const known = await migrationsIn(migrations);
  await tx.query("savepoint look");
  // An older schema may know no keeper yet, and behind the walls everything looks empty.
  await applyMigrations(tx, migrations, known);
  const found = await asKeeper(tx, () => countUsed(tx));
  await tx.query("rollback to savepoint look");
  return found;
}

async function countUsed(tx: Tx): Promise<readonly TableCount[]> {
  const found: TableCount[] = [];
  for (const { name } of await tablesInOrder(tx)) {
    const { rows } = await tx.query<{ count: string }>(
      `select count(*) as count from public.${pg.escapeIdentifier(name)} where ${USED[name] ?? "true"}`,
    );
    const count = Number(rows[0]?.count ?? 0);
    if (count > 0) found.push({ name, rows: count });
  }
  return found;
}

const REPLACE = "Nothing was changed. Save it with `nova backup` if you need it, then give --replace";

function inUse(where: string, found: readonly TableCount[]): NovaError {
  const what = found.map(({ name, rows }) => `${name} ${rows}`).join(", ");
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

export async function hasNova(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ has: boolean }>(
    `select exists (select from pg_attribute
       where attrelid = to_regclass('public.migration') and attname = 'applied_at') as has`,
  );
  return rows[0]?.has === true;
}
