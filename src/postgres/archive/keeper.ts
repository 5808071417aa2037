/** Transactions of the keeper, who sees every row behind the walls. Used by backup and restore alone. */
import type { Database, Tx } from "../engine/database.ts";
import { tryOnce, type Opening } from "../engine/transaction.ts";

/** Texts as every engine writes them, whatever the server or the user prefers; and time for slow disks and large tables. */
const SETTINGS = `set local idle_in_transaction_session_timeout = '10min'; set local statement_timeout = 0;
  set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1`;

/** The client's own limit, beside the server's; it knows no "none". */
const A_DAY_MS = 24 * 3_600_000;

const READING: Opening = {
  begin: `begin isolation level repeatable read, read only; ${SETTINGS}; set local role nova_keeper`,
  queryTimeoutMs: A_DAY_MS,
};
const REBUILDING: Opening = { begin: `begin; ${SETTINGS}`, queryTimeoutMs: A_DAY_MS };

/** Neither is ever tried again: what it reads from or writes to may be spent. Everything as it is at one moment, and no way to change it. */
export const reading = <T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  tryOnce(database.pool, READING, work);

/** As the schema's owner: all or nothing. `asKeeper` writes rows within it. */
export const rebuilding = <T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  tryOnce(database.pool, REBUILDING, work);

/** From owner to keeper and back, within a transaction. */
export async function asKeeper<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query("set local role nova_keeper");
  const result = await work();
  await tx.query("set local role none");
  return result;
}
