/** Brings the schema up to the code's, once and in order, however many processes start together. Called at start. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { NovaError } from "#core";
import type { Database, Tx } from "./database.ts";

/**
 * Applies the migrations that are missing, all or none, and returns their names. Refuses with `newer_database` when the
 * database holds one that the folder does not have.
 */
export async function migrate(database: Database, dir: string): Promise<readonly string[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(".sql")).toSorted();
  const client = await database.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const pending = await apply(client, dir, names);
    await client.query("commit");
    return pending;
  } catch (error) {
    await client.query("rollback").catch((cause: unknown) => {
      // The connection is gone, and the transaction with it; the first error is the one that tells.
      broken = cause instanceof Error ? cause : new Error("the migration's connection broke off");
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function apply(tx: Tx, dir: string, names: readonly string[]): Promise<readonly string[]> {
  await waitForOthers(tx);
  await makeLedger(tx);
  const done = await applied(tx);
  refuseNewer(done, names);
  const pending = names.filter((name) => !done.includes(name));
  for (const name of pending) {
    await run(tx, name, await readFile(join(dir, name), "utf8"));
    await tx.query("insert into migration (name) values ($1)", [name]);
  }
  return pending;
}

/** A transaction's lock, not a session's: on the embedded engine all connections share one session. */
async function waitForOthers(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('nova.migrations'))");
}

async function makeLedger(tx: Tx): Promise<void> {
  await tx.query(
    "create table if not exists public.migration (name text primary key, applied_at timestamptz not null default now())",
  );
}

async function applied(tx: Tx): Promise<readonly string[]> {
  const { rows } = await tx.query<{ name: string }>("select name from migration order by name");
  return rows.map((row) => row.name);
}

function refuseNewer(done: readonly string[], known: readonly string[]): void {
  const newer = done.filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  throw new NovaError("newer_database", `The database is newer than this Nova: it holds ${newer.join(", ")}.`, {
    advice: "Install the newer Nova again, or restore a backup made by this one.",
  });
}

async function run(tx: Tx, name: string, sql: string): Promise<void> {
  try {
    await tx.query(sql);
  } catch (cause) {
    throw new NovaError("database", `The migration ${name} failed; nothing was changed.`, {
      advice: adviceFor(cause),
      cause,
    });
  }
}

/** What a server may lack that an administrator can give it; keyed by SQLSTATE. */
const LACKING: Readonly<Record<string, string>> = {
  "42501":
    "This database user lacks a right. As an administrator run `create extension vector` in this database, `create role nova_app nologin` and `grant nova_app to` this user, then start again.",
  "0A000": "Install pgvector 0.8 or newer on the database server, then start again.",
};

function adviceFor(cause: unknown): string {
  const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
  return (code !== undefined && LACKING[code]) || "The log holds the details.";
}
