/** Transactions of the keeper, who sees every row behind the walls. Used by backup and restore alone. */
import type pg from "pg";
import type { Database, Tx } from "./database.ts";
import { told } from "./failure.ts";

/** Texts as every engine writes them, whatever the server or the user prefers; and time for a slow disk. */
const SETTINGS = `set local idle_in_transaction_session_timeout = '10min';
  set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1`;

const READING = `begin isolation level repeatable read, read only; ${SETTINGS}; set local role nova_keeper`;

/** Everything as it is at one moment, and no way to change it. */
export const reading = <T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(database.pool, READING, work);

/** As the schema's owner: all or nothing. `asKeeper` writes rows within it. */
export const rebuilding = <T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(database.pool, `begin; ${SETTINGS}`, work);

/** From owner to keeper and back, within a transaction. */
export async function asKeeper<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query("set local role nova_keeper");
  const result = await work();
  await tx.query("set local role none");
  return result;
}

/** Unlike Nova's other transactions it is never tried again: what it reads from or writes to may be spent. */
async function inTransaction<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let lost: Error | undefined;
  // A connection that dies between two statements says so as an event; unheard, it would end the process.
  const onLost = (error: Error) => (lost ??= error);
  client.on("error", onLost);
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(onLost);
    throw told(lost ?? error);
  } finally {
    client.off("error", onLost);
    client.release(lost);
  }
}
