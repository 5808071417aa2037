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
const numbers = new WeakMap<pg.PoolClient, number>();
let last = 0;

/** Statements with values are kept; those without are several in one, or not worth it. */
export function preparing(client: pg.PoolClient): Ask {
  const number = numbers.get(client) ?? (last += 1);
  numbers.set(client, number);
  return <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
    values === undefined
      ? client.query<Row>(text)
      : client.query<Row>({ name: `${hashOf(text)}.${number}`, text, values });
}

function hashOf(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  hashes.set(text, hash);
  return hash;
}
