/** Has a connection plan each statement once and keep the plan. Used by transaction.ts. */
import { createHash } from "node:crypto";
import type pg from "pg";

/** Asks one statement. */
export type Ask = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<pg.QueryResult<Row>>;

/** Statements are fixed texts, so there are not many of them. */
const hashes = new Map<string, string>();

/**
 * The embedded engine has one session behind all its connections, where a name may be given once only: so each connection
 * has names of its own.
 */
type Kept = { readonly number: number; readonly names: Set<string> };
const connections = new WeakMap<pg.PoolClient, Kept>();
let last = 0;

/** Statements with values are kept; those without are several in one, or not worth it. */
export function preparing(client: pg.PoolClient): Ask {
  const { number, names } = keptBy(client);
  return <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
    if (values === undefined) return client.query<Row>(text);
    const name = `${hashOf(text)}.${number}`;
    names.add(name);
    return client.query<Row>({ name, text, values });
  };
}

function keptBy(client: pg.PoolClient): Kept {
  const known = connections.get(client);
  if (known) return known;
  const kept = { number: (last += 1), names: new Set<string>() };
  connections.set(client, kept);
  return kept;
}

/**
 * Has the embedded engine drop what a connection that is gone had it keep. On a server the session ends with its
 * connection; there it would stay for good.
 */
export async function dropPrepared(pool: pg.Pool, client: pg.PoolClient): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "select name from pg_prepared_statements where name = any($1::text[])",
    [[...(connections.get(client)?.names ?? [])]],
  );
  if (rows.length > 0) await pool.query(rows.map(({ name }) => `deallocate "${name}"`).join(";"));
}

function hashOf(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  hashes.set(text, hash);
  return hash;
}
