/**
 * One transaction on a pool, with what has to happen when the database fails in the middle of it. Used by database.ts and
 * keeper.ts.
 *
 * The way to a server and back costs more than most statements, so nothing is waited for that need not be: a transaction's
 * beginning travels with its first statement, its end with its last one where that is known, and statements that do not
 * need each other's answers may be asked together. They run in the order in which they were asked.
 */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { NovaError } from "#core";
import { away, failureIn, told } from "./failure.ts";
import { preparing, type Ask } from "./prepared.ts";

/** A transaction. Only this may be used while it is open. */
export interface Tx {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** A transaction of which one can hear how it ended. */
export interface WatchedTx extends Tx {
  /** Told once: false also where nobody knows whether the commit was done. Must not throw. */
  onEnd(listener: (committed: boolean) => void): void;
}

/** A transaction in the hands of whoever ends it. */
export interface OpenTx extends WatchedTx {
  /** The last statement: what was done is committed right behind it, so nothing may be asked or decided afterwards. */
  last<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** For a function of one statement, where that is the last of the transaction. */
export const ending = (tx: OpenTx): WatchedTx => ({
  query: (text, values) => tx.last(text, values),
  onEnd: (listener) => tx.onEnd(listener),
});

/** What is done within a transaction, with the one client that is in it. */
type Work<T> = (tx: OpenTx) => Promise<T>;

export type Opening = {
  /** The statements that the transaction begins with. */
  readonly begin: string;
  /** How long the client waits for an answer, where the pool's own limit is too short. */
  readonly queryTimeoutMs?: number;
};

const SERVING = "begin; set local role nova_app";

/** How often a transaction that met another one is tried in all. */
const TRIES = 4;
const PAUSE_MS = 20;

/**
 * Commits what `work` did, or nothing of it. A passing failure is thrown as DatabaseAway. A transaction that the server
 * gave up for the sake of another one is tried again: nothing of it has happened. A commit that nobody confirmed is
 * never tried again; its callers' keys make a repetition harmless. `scope` is what narrows the transaction, or empty.
 */
export async function inTransaction<T>(pool: pg.Pool, scope: string, work: Work<T>): Promise<T> {
  const opening: Opening = { begin: scope === "" ? SERVING : `${SERVING}; ${scope}` };
  for (let tried = 1; ; tried += 1) {
    try {
      return await once(pool, opening, work);
    } catch (error) {
      if (failureIn(error) !== "conflict" || tried === TRIES) throw told(error);
      await pause(PAUSE_MS * tried);
    }
  }
}

/** The same, never tried again, and begun otherwise. */
export async function tryOnce<T>(pool: pg.Pool, opening: Opening, work: Work<T>): Promise<T> {
  try {
    return await once(pool, opening, work);
  } catch (error) {
    throw told(error);
  }
}

async function once<T>(pool: pg.Pool, { begin, queryTimeoutMs }: Opening, work: Work<T>): Promise<T> {
  const client = await connect(pool);
  let lost: Error | undefined;
  // A connection that dies between two statements says so as an event; unheard, it would end the process.
  const onLost = (error: Error) => (lost ??= error);
  client.on("error", onLost);
  const ask = inOneGo(client, queryTimeoutMs === undefined ? preparing(client) : patient(client, queryTimeoutMs));
  let unbegun: unknown;
  // Where it fails, the server refuses all that was asked behind it.
  const begun = ask(begin).catch((error: unknown) => (unbegun = error));
  let committed: Promise<pg.QueryResult> | undefined;
  const listeners: ((committed: boolean) => void)[] = [];
  const tx: OpenTx = {
    query: ask,
    onEnd: (listener) => void listeners.push(listener),
    last<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      const answered = ask<Row>(text, values);
      committed = ask("commit");
      // Heard below; until then its failure is nobody's surprise.
      committed.catch(() => undefined);
      return answered;
    },
  };
  try {
    const result = await work(tx);
    refuseUndone(await (committed ?? ask("commit")));
    client.off("error", onLost);
    client.release();
    for (const listener of listeners) listener(true);
    return result;
  } catch (caught) {
    await begun;
    const error = unbegun ?? caught;
    await giveBack(client, lost ?? error);
    client.off("error", onLost);
    for (const listener of listeners) listener(false);
    throw lost === undefined || failureIn(error) !== undefined ? error : away("lost", lost);
  }
}

/** What is asked together is written together: a write to the network costs more than most statements do here. */
function inOneGo(client: pg.PoolClient, ask: Ask): Ask {
  const stream = "connection" in client && client.connection instanceof pg.Connection && client.connection.stream;
  if (!stream) return ask;
  return <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
    stream.cork();
    process.nextTick(() => stream.uncork());
    return ask<Row>(text, values);
  };
}

/** Waits longer for each answer than the pool's clients do. */
function patient(client: pg.PoolClient, queryTimeoutMs: number): Ask {
  return <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
    // Known to the client, not to its types.
    const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: queryTimeoutMs };
    return client.query<Row>(values ? { ...query, values } : query);
  };
}

/** A server answers a commit with ROLLBACK, and no error, when a statement before it had failed and nobody minded. */
function refuseUndone({ command }: pg.QueryResult): void {
  if (command === "COMMIT") return;
  throw new NovaError("database", "The database undid what was to be stored: a part of it had failed before.");
}

/** Whatever keeps a connection from being made is the database's trouble: its address was right once. */
async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw away(failureIn(error) ?? "lost", error);
  }
}

/** A connection that is gone, or still busy with a statement that nobody waits for, is thrown away. */
async function giveBack(client: pg.PoolClient, error: unknown): Promise<void> {
  // What the server itself said, it said on a connection that it can go on with.
  if (failureIn(error) && !(error instanceof pg.DatabaseError)) return client.release(true);
  try {
    await client.query("rollback");
    client.release();
  } catch (cause) {
    client.release(cause instanceof Error ? cause : true);
  }
}
