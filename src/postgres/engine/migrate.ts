/** Brings the schema up to the code's, once and in order, however many processes start together. Called at start. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { NovaError } from "#core";
import type { Database, Tx } from "./database.ts";
import { away, failureIn, told } from "./failure.ts";
import { takeOnRoles } from "./roles.ts";

/**
 * Applies the migrations that are missing, all or none, and returns their names. Refuses with `newer_database` when the
 * database holds one that the folder does not have.
 */
export async function migrate(database: Database, dir: string): Promise<readonly string[]> {
  const names = await migrationsIn(dir);
  const client = await unhurried(database);
  try {
    await client.query("begin");
    const pending = await applyMigrations(client, dir, names);
    await client.query("commit");
    return pending;
  } catch (error) {
    throw told(error);
  } finally {
    // A transaction that was not committed is undone with its connection.
    await client.end();
  }
}

/** A connection of its own: a migration, and the wait for another process's, may take longer than any statement else. */
async function unhurried({ connection }: Database): Promise<pg.Client> {
  const limits = { query_timeout: 0, statement_timeout: 0, lock_timeout: 0, idle_in_transaction_session_timeout: 0 };
  const client = new pg.Client({ ...connection, ...limits });
  // What a connection says when it breaks off is said by the query that it breaks as well.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    throw away("lost", error);
  }
  return client;
}

/** In the order in which they are applied. */
export async function migrationsIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith(".sql")).toSorted();
}

/** Applies those of `names` that are missing, within a transaction of the caller's, who can take on Nova's roles then. */
export async function applyMigrations(tx: Tx, dir: string, names: readonly string[]): Promise<readonly string[]> {
  await waitForOthers(tx);
  await makeLedger(tx);
  const done = await applied(tx);
  refuseNewer(done, names);
  const pending = names.filter((name) => !done.includes(name));
  for (const name of pending) {
    await run(tx, name, await readFile(join(dir, name), "utf8"));
    await tx.query("insert into migration (name) values ($1)", [name]);
  }
  await takeOnRoles(tx);
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

export async function applied(tx: Tx): Promise<readonly string[]> {
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
    if (failureIn(cause)) throw cause;
    throw new NovaError("database", `The migration ${name} failed; nothing was changed.`, {
      advice: adviceFor(cause),
      cause,
    });
  }
}

/** What a server may lack that an administrator can give it; keyed by SQLSTATE. */
const LACKING: Readonly<Record<string, string>> = {
  "42501":
    "This database user lacks a right. As an administrator run `create extension vector` in this database, `create role nova_app nologin`, `create role nova_keeper nologin` and `grant nova_app, nova_keeper to` this user, then start again.",
  "0A000": "Install pgvector 0.8 or newer on the database server, then start again.",
};

function adviceFor(cause: unknown): string {
  const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
  return (code !== undefined && LACKING[code]) || "The log holds the details.";
}
