/** Takes Nova out of a database. Used by load.ts, which puts all that is stored in its place. */
import pg from "pg";
import { NovaError } from "#core";
import type { Tx } from "../engine/database.ts";
import { hasNova } from "./holdings.ts";

/**
 * Drops Nova's tables, its functions and its queue; returns the tables' names. A database without Nova is left as it is.
 * Throws when something of somebody else's is built on them: it would go as well.
 */
export async function clearNova(tx: Tx): Promise<readonly string[]> {
  if (!(await hasNova(tx))) return [];
  const names = await ownTables(tx);
  const functions = await ownFunctions(tx);
  refuseBuiltOn(await viewsOnQueue(tx));
  await tx.query("set local lock_timeout = '10s'");
  await drop(tx, `drop table ${names.map((name) => `public.${pg.escapeIdentifier(name)}`).join(", ")}`);
  if (functions.length > 0) await drop(tx, `drop function ${functions.join(", ")}`);
  // Calls are numbered like the messages that they are for: an old one would swallow that of a new message.
  await tx.query("drop schema if exists pgboss cascade");
  return names.filter((name) => name !== "migration");
}

const BUILT_ON = "2BP01";

async function drop(tx: Tx, sql: string): Promise<void> {
  try {
    await tx.query(sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== BUILT_ON) throw error;
    // The server's words name things of the schema only, one a line.
    refuseBuiltOn((error.detail ?? error.message).split("\n"));
  }
}

function refuseBuiltOn(what: readonly string[]): void {
  if (what.length === 0) return;
  throw new NovaError("database", `Something that is not Nova's is built on its tables: ${what.join("; ")}.`, {
    advice: "Nothing was changed. Drop it, try again, and make it anew afterwards.",
  });
}

async function viewsOnQueue(tx: Tx): Promise<readonly string[]> {
  const { rows } = await tx.query<{ what: string }>(
    `select distinct format('view %s depends on table %s', view.oid::regclass, kept.oid::regclass) as what
     from pg_class kept join pg_depend d on d.refobjid = kept.oid and d.refclassid = 'pg_class'::regclass
       join pg_rewrite rule on rule.oid = d.objid and d.classid = 'pg_rewrite'::regclass
       join pg_class view on view.oid = rule.ev_class
     where kept.relnamespace = to_regnamespace('pgboss') and view.relnamespace <> kept.relnamespace
     order by what`,
  );
  return rows.map((row) => row.what);
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
