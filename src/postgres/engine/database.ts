/** The one door to the database, the same for the embedded engine and for a server. Opened by the roof. */
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { NovaError, type Log, type Scope } from "#core";
import type { Connection, Limits } from "./connection.ts";
import { openEmbedded } from "./embedded.ts";
import { away, type EngineEnded } from "./failure.ts";
import { pgliteTransport } from "./pglite-transport.ts";
import { dropPrepared } from "./prepared.ts";
import { openPresence, type Presence } from "./presence.ts";
import { reachServer, type Patience } from "./server.ts";
import { createSparing } from "./sparing.ts";
import { inTransaction, type OpenTx, type Tx } from "./transaction.ts";

export type { OpenTx, Tx, WatchedTx } from "./transaction.ts";
export type { Patience } from "./server.ts";

export type DatabaseOptions = {
  /** A PostgreSQL server; absent: the embedded engine. */
  readonly url?: string;
  /** Where the embedded engine keeps its data; absent: in memory. */
  readonly folder?: string;
  /** A dumped data folder that the embedded engine begins with, as a blob or the path of one. */
  readonly template?: Blob | string;
  /** How long a server that is not up yet is waited for; not at all when left out. */
  readonly patience?: Patience;
  readonly log: Log;
};

export interface Database {
  readonly engine: "embedded" | "server";
  /** For pools of others' making, such as the queue's. */
  readonly connection: Connection;
  readonly pool: pg.Pool;
  /** Resolves when the embedded engine has ended: nothing more can be asked of it in this process. */
  readonly ended: Promise<NovaError>;
  /**
   * One transaction that sees what this scope may see and nothing else. Rolled back when `work` throws. Throws
   * DatabaseAway when the database fails for now; `work` may run again when it met another transaction.
   */
  within<T>(scope: Scope, work: (tx: OpenTx) => Promise<T>): Promise<T>;
  /** One transaction without a scope: it sees the system tables, and no tenant's rows until it enters a scope. */
  system<T>(work: (tx: OpenTx) => Promise<T>): Promise<T>;
  /**
   * Clears away what was deleted and counts what is there, some tenths of a second. The embedded engine never does so by
   * itself, and without counts its planner chooses wrong indexes; a server has its autovacuum, so nothing is done there.
   */
  upkeep(): Promise<void>;
  /** Does `work` while this process lets others take a server's database for themselves. For alone.ts. */
  apart<T>(work: () => Promise<T>): Promise<T>;
  /** A dump of the embedded data folder, to be opened as a template. Throws on a server. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

/**
 * For the embedded engine: its connections share one session, so a statement waits for those of the others. An idle one
 * costs nothing, and another in its place would have to plan everything anew.
 */
const LIMITS: Limits = { max: 4, idleTimeoutMillis: 0, connectionTimeoutMillis: 10_000, query_timeout: 60_000 };

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const ended = Promise.withResolvers<NovaError>();
  const { engine, connection, presence } = await reach(options, (end) => ended.resolve(endOf(options, end)));
  const pool = new pg.Pool({ ...connection, pipeline: true });
  const sparing = createSparing();
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) =>
    sparing(error.name, (more) => options.log.warn("database.connection_lost", { error: error.name, more })),
  );

  // When the engine ends, all that it keeps ends with it.
  if (engine) pool.on("remove", (client) => void dropPrepared(pool, client).catch(() => undefined));

  const close = async () => {
    await Promise.all([pool.end(), presence?.close()]);
    await engine?.close();
  };
  try {
    await pool.query("select 1");
  } catch (cause) {
    await close();
    throw away("lost", cause);
  }

  return {
    engine: engine ? "embedded" : "server",
    connection,
    pool,
    ended: ended.promise,
    within: (scope, work) => inTransaction(pool, entering(scope), work),
    system: (work) => inTransaction(pool, "", work),
    upkeep: async () => {
      if (engine) await pool.query("vacuum (analyze)");
    },
    apart: (work) => (presence ? presence.apart(work) : work()),
    dump: async () => {
      if (!engine) throw new NovaError("database", "Only an embedded database can be dumped to a file by Nova.");
      return engine.dumpDataDir("gzip");
    },
    close,
  };
}

type Reached = {
  readonly engine: PGlite | undefined;
  readonly connection: Connection;
  readonly presence: Presence | undefined;
};

async function reach(
  { url, folder, template, patience, log }: DatabaseOptions,
  onEnd: (end: EngineEnded) => void,
): Promise<Reached> {
  if (url !== undefined) {
    const connection = await reachServer(url, patience);
    return { engine: undefined, connection, presence: await openPresence({ connection, patience, log }) };
  }
  const engine = await openEmbedded({ folder, template, onEnd });
  return { engine, connection: { ...LIMITS, ...pgliteTransport(engine) }, presence: undefined };
}

/** Narrows an open transaction to a scope, from here to its end or to the next scope. */
export async function enter(tx: Tx, scope: Scope): Promise<void> {
  await tx.query(
    `select set_config('nova.tenant', $1, true), set_config('nova.person', $2, true), set_config('nova.project', $3, true),
       set_config('nova.branch', $4, true), set_config('nova.shared', $5, true)`,
    [...settings(scope)],
  );
}

/** The same as a text, for a transaction to begin with: the ids of a scope, escaped as `pg` does it. */
const entering = (scope: Scope): string =>
  ["tenant", "person", "project", "branch", "shared"]
    .map((name, i) => `set local nova.${name} = ${pg.escapeLiteral(settings(scope)[i] ?? "")}`)
    .join("; ");

const settings = (scope: Scope): readonly string[] => [
  scope.tenant,
  scope.person === "service" ? "*" : scope.person,
  setting(scope.project),
  setting(scope.branch),
  scope.shared === true ? "on" : "off",
];

export const setting = (place: string | null): string => (place === "every" ? "*" : (place ?? ""));

/** A write-ahead log that could not be written is by far the likeliest cause. */
function endOf({ folder }: DatabaseOptions, cause: EngineEnded): NovaError {
  const place = folder === undefined ? "" : ` in ${folder}`;
  return new NovaError("database", `The embedded database${place} has stopped working.`, {
    advice: "Check that its disk has room, then start Nova again: everything that was acknowledged is kept.",
    cause,
  });
}
