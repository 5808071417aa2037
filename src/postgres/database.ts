/** The one door to the database, the same for the embedded engine and for a server. Opened by the roof. */
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { NovaError, type Log, type Scope } from "#core";
import { openEmbedded } from "./embedded.ts";
import { pgliteTransport, type Transport } from "./pglite-transport.ts";

export type DatabaseOptions = {
  /** A PostgreSQL server; absent: the embedded engine. */
  readonly url?: string;
  /** Where the embedded engine keeps its data; absent: in memory. */
  readonly folder?: string;
  /** A dumped data folder that the embedded engine begins with, as a blob or the path of one. */
  readonly template?: Blob | string;
  readonly log: Log;
};

type Limits = {
  readonly max: number;
  readonly connectionTimeoutMillis: number;
  readonly query_timeout: number;
};

/** What a pool needs to reach the database. */
type Connection = Limits & (Transport | { readonly connectionString: string });

/** A transaction. Only this may be used while it is open. */
export interface Tx {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

export interface Database {
  readonly engine: "embedded" | "server";
  /** For pools of others' making, such as the queue's. */
  readonly connection: Connection;
  readonly pool: pg.Pool;
  /** One transaction that sees what this scope may see and nothing else. Rolled back when `work` throws. */
  within<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One transaction without a scope: it sees the system tables, and no tenant's rows until it enters a scope. */
  system<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Clears away what was deleted and counts what is there, some tenths of a second. The embedded engine never does so by
   * itself, and without counts its planner chooses wrong indexes; a server has its autovacuum, so nothing is done there.
   */
  upkeep(): Promise<void>;
  /** A dump of the embedded data folder, to be opened as a template. Throws on a server. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

const LIMITS: Limits = { max: 4, connectionTimeoutMillis: 10_000, query_timeout: 60_000 };

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { engine, connection } = await reach(options);
  const pool = new pg.Pool(connection);
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => options.log.warn("database.connection_lost", { error: error.name }));

  const close = async () => {
    await pool.end();
    await engine?.close();
  };
  try {
    await pool.query("select 1");
  } catch (cause) {
    await close();
    throw unreachable(options, cause);
  }

  return {
    engine: engine ? "embedded" : "server",
    connection,
    pool,
    within: (scope, work) =>
      inTransaction(pool, async (tx) => {
        await enter(tx, scope);
        return work(tx);
      }),
    system: (work) => inTransaction(pool, work),
    upkeep: async () => {
      if (engine) await pool.query("vacuum (analyze)");
    },
    dump: async () => {
      if (!engine) throw new NovaError("database", "Only an embedded database can be dumped to a file by Nova.");
      return engine.dumpDataDir("gzip");
    },
    close,
  };
}

type Reached = { readonly engine: PGlite | undefined; readonly connection: Connection };

async function reach({ url, folder, template }: DatabaseOptions): Promise<Reached> {
  if (url !== undefined) return { engine: undefined, connection: { ...LIMITS, max: 10, connectionString: url } };
  const engine = await openEmbedded({ folder, template });
  return { engine, connection: { ...LIMITS, ...pgliteTransport(engine) } };
}

/** Narrows an open transaction to a scope, from here to its end or to the next scope. */
export async function enter(tx: Tx, scope: Scope): Promise<void> {
  await tx.query(
    `select set_config('nova.tenant', $1, true), set_config('nova.person', $2, true), set_config('nova.project', $3, true),
       set_config('nova.branch', $4, true), set_config('nova.shared', $5, true)`,
    [
      scope.tenant,
      scope.person === "service" ? "*" : scope.person,
      setting(scope.project),
      setting(scope.branch),
      scope.shared === true ? "on" : "off",
    ],
  );
}

const setting = (place: string | null): string => (place === "every" ? "*" : (place ?? ""));

async function inTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin; set local role nova_app");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await giveBack(client);
    throw error;
  }
}

/** A client whose transaction cannot be rolled back is thrown away with it. */
async function giveBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query("rollback");
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}

function unreachable(options: DatabaseOptions, cause: unknown): NovaError {
  if (options.url === undefined) return new NovaError("database", "The embedded database does not answer.", { cause });
  return new NovaError("database", `The database at ${place(options.url)} does not answer.`, {
    advice: "Check DATABASE_URL, that the server runs, and that it lets this user in.",
    cause,
  });
}

/** Where a URL points, without the password in it. */
function place(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.host}${parsed.pathname}` : "DATABASE_URL";
}
