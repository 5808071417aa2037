/** What a database holds already, and how Nova is taken out of it. Asked before a restore puts anything in its place. */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { NovaError, type TableCount } from "#core";
import { tablesInOrder } from "./archive-tables.ts";
import type { Database, Tx } from "./database.ts";
import { asKeeper, rebuilding } from "./keeper.ts";
import { applyMigrations, migrationsIn } from "./migrate.ts";
import { APPLICATION } from "./server.ts";

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
export async function holdingsOf(database: Database, migrations: string): Promise<readonly TableCount[]> {
  const known = await migrationsIn(migrations);
  try {
    return await rebuilding(database, async (tx) => {
      if (!(await hasNova(tx))) return [];
      // An older schema may know no keeper yet, and behind the walls everything looks empty.
      await applyMigrations(tx, migrations, known);
      throw new Looked(await asKeeper(tx, () => countUsed(tx)));
    });
  } catch (error) {
    if (error instanceof Looked) return error.found;
    throw error;
  }
}

/** Rolls the look back. */
class Looked extends Error {
  readonly found: readonly TableCount[];

  constructor(found: readonly TableCount[]) {
    super("looked");
    this.found = found;
  }
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

/** Drops Nova's tables, its functions and its queue; returns the tables' names. A database without Nova is left as it is. */
export async function clearNova(tx: Tx): Promise<readonly string[]> {
  if (!(await hasNova(tx))) return [];
  const names = await ownTables(tx);
  const functions = await ownFunctions(tx);
  await tx.query("set local lock_timeout = '10s'");
  await tx.query(`drop table ${names.map((name) => `public.${pg.escapeIdentifier(name)}`).join(", ")} cascade`);
  for (const signature of functions) await tx.query(`drop function ${signature} cascade`);
  // Calls are numbered like the messages that they are for: an old one would swallow that of a new message.
  await tx.query("drop schema if exists pgboss cascade");
  return names.filter((name) => name !== "migration");
}

/** Every service and verb on a server says its name; the embedded engine has its lock. */
export async function refuseCompany(database: Database, signal: AbortSignal): Promise<void> {
  if (database.engine === "embedded") return;
  for (let tries = COMPANY_TRIES; ; tries -= 1) {
    const others = await countOthers(database);
    if (others === 0) return;
    if (tries === 0) {
      throw new NovaError("locked", `Another Nova is using the database (connections: ${others}).`, {
        advice: "Stop every Nova that uses it, also on other machines, and try again.",
      });
    }
    await pause(COMPANY_MS, undefined, { signal });
  }
}

/** A server notices late that a process has gone. */
const COMPANY_TRIES = 10;
const COMPANY_MS = 200;

async function countOthers({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ others: number }>(
    `select count(*)::integer as others from pg_stat_activity
     where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()`,
    [APPLICATION],
  );
  return rows[0]?.others ?? 0;
}

async function hasNova(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ has: boolean }>(
    `select exists (select from pg_attribute
       where attrelid = to_regclass('public.migration') and attname = 'applied_at') as has`,
  );
  return rows[0]?.has === true;
}

async function ownTables(tx: Tx): Promise<readonly string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relowner = (select relowner from pg_class where oid = 'public.migration'::regclass)
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by c.relname`,
  );
  return rows.map((row) => row.name);
}

async function ownFunctions(tx: Tx): Promise<readonly string[]> {
  const { rows } = await tx.query<{ signature: string }>(
    `select p.oid::regprocedure::text as signature from pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and (p.proname like 'nova\\_%' or p.oid in (
         select t.tgfoid from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where not t.tgisinternal and c.relowner = (select relowner from pg_class where oid = 'public.migration'::regclass)))
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  return rows.map((row) => row.signature);
}
