/** Looks at a database without changing it: what it is, and whether it fits this Nova. Used by doctoring.ts. */
import pg from "pg";
import type { Log } from "#core";
import { openDatabase, type Tx } from "./database.ts";
import { applied, migrationsIn } from "./migrate.ts";
import { reachServer } from "./server.ts";

export type Inspected = {
  /** For instance `15.14`. */
  readonly version: string;
  /** Null: not installed in this database yet; a server that is reached at all can install it. */
  readonly pgvector: string | null;
  /** Migrations that the next start applies. */
  readonly pending: number;
  /** Names of migrations that this Nova does not know: the database is newer. */
  readonly strange: readonly string[];
  readonly bytes: number;
  /** The database's clock. On the embedded engine it is this machine's own. */
  readonly now: Date;
  /** Connections in use and allowed, of all ordinary users together. */
  readonly connections: { readonly used: number; readonly most: number };
};

/** Throws in words whatever keeps Nova from working there. */
export async function inspectServer(url: string, migrations: string): Promise<Inspected> {
  const connection = await reachServer(url);
  const client = new pg.Client(connection);
  client.on("error", () => {});
  await client.connect();
  try {
    return await inspect(client, migrations);
  } finally {
    await client.end();
  }
}

/** The caller holds the folder's lock; there is a database in `folder`. */
export async function inspectEmbedded(folder: string, migrations: string, log: Log): Promise<Inspected> {
  const database = await openDatabase({ folder, log });
  try {
    return await inspect(database.pool, migrations);
  } finally {
    await database.close();
  }
}

async function inspect(queries: Tx, migrations: string): Promise<Inspected> {
  const { rows } = await queries.query<Facts>(
    `select current_setting('server_version') as version,
       (select extversion from pg_extension where extname = 'vector') as pgvector,
       pg_database_size(current_database())::float8 as bytes,
       clock_timestamp() as now,
       (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as used,
       current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as most,
       to_regclass('public.migration') is not null as begun`,
  );
  const [facts] = rows;
  if (!facts) throw new Error("the database said nothing about itself");
  const done = facts.begun ? await applied(queries) : [];
  const known = await migrationsIn(migrations);
  const { version, pgvector, bytes, now, used, most } = facts;
  return {
    version,
    pgvector,
    bytes,
    now,
    connections: { used, most },
    pending: known.filter((name) => !done.includes(name)).length,
    strange: done.filter((name) => !known.includes(name)),
  };
}

type Facts = {
  readonly version: string;
  readonly pgvector: string | null;
  readonly bytes: number;
  readonly now: Date;
  readonly used: number;
  readonly most: number;
  readonly begun: boolean;
};
