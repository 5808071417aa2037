/** One connection of its own that comes back when it is lost. Used by wire.ts and takeover.ts, on a server only. */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Log } from "#core";
import type { Connection } from "./connection.ts";

export interface Line {
  /** In the order of the calls. What is said while the connection is away is lost. */
  say(sql: string, values: unknown[]): void;
  /** Undefined while the connection is away or has too much to answer already. */
  ask<Row extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<readonly Row[] | undefined>;
  close(): Promise<void>;
}

export type LineOptions = {
  readonly connection: Connection;
  /** Seen in the server's list of connections. */
  readonly name: string;
  /** What each new connection is told first. */
  readonly greeting: () => readonly { readonly sql: string; readonly values: unknown[] }[];
  /** Called with what other connections notified; must not throw. */
  readonly onText?: (text: string) => void;
  readonly log: Log;
};

const FIRST_PAUSE_MS = 200;
/**
 * A process that lives is back sooner after its connection was lost than others take its calls over, takeover.ts: to be
 * slow here would have work done twice. One or two attempts a second are nothing to a server that is up again.
 */
const LONGEST_PAUSE_MS = 1_000;
const BEAT_MS = 1_000;
/**
 * All that is said here is short and waits for nobody. A connection that was cut without a word is found out by the
 * first query that gets no answer: at the latest after a beat and this. A server that is only slow keeps its lines.
 */
const ANSWER_MS = 5_000;
const GOODBYE_MS = 500;
/** More unanswered queries than this, and the connection is not worth waiting for. */
const MOST_WAITING = 1_000;

export function openLine({ connection, name, greeting, onText, log }: LineOptions): Line {
  const closing = new AbortController();
  let open: Open | undefined;

  /** Until the connection is lost or the line is closed. */
  const hold = async (): Promise<void> => {
    const client = new pg.Client({
      ...connection,
      application_name: name,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    const gone = new AbortController();
    const end = () => gone.abort();
    client.on("error", end);
    client.on("end", end);
    // What this very connection notified comes back to it.
    const own = () => ("processID" in client ? client.processID : undefined);
    client.on("notification", ({ processId, payload }) => {
      if (processId !== own() && payload) onText?.(payload);
    });
    const until = AbortSignal.any([gone.signal, closing.signal]);
    try {
      await client.connect();
      const session = inTurn(client, end);
      open = session;
      await Promise.all(greeting().map(({ sql, values }) => session.query(sql, values)));
      while (!until.aborted) {
        await pause(BEAT_MS, undefined, { signal: until }).catch(ignore);
        if (!until.aborted) await session.query("select 1", []);
      }
    } finally {
      open = undefined;
      // Nobody waits for a goodbye that a dead connection never answers.
      await Promise.race([client.end().catch(ignore), pause(GOODBYE_MS, undefined, { ref: false })]);
    }
  };

  const keep = async (): Promise<void> => {
    let wait = FIRST_PAUSE_MS;
    while (!closing.signal.aborted) {
      const began = performance.now();
      const error = await hold().then(() => undefined, nameOf);
      if (closing.signal.aborted) return;
      // One that held for a while was no failure to connect.
      if (performance.now() - began > BEAT_MS) wait = FIRST_PAUSE_MS;
      log.warn("line.lost", { line: name, error: error ?? "ended", retryMs: wait });
      await pause(wait, undefined, { signal: closing.signal }).catch(ignore);
      wait = Math.min(2 * wait, LONGEST_PAUSE_MS);
    }
  };
  const kept = keep();

  return {
    say(sql, values) {
      if (open && open.waiting() < MOST_WAITING) open.query(sql, values).catch(ignore);
    },
    ask: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) =>
      open && open.waiting() < MOST_WAITING ? (await open.query<Row>(sql, values).catch(ignore))?.rows : undefined,
    async close() {
      closing.abort();
      await kept;
    },
  };
}

type Open = {
  query<Row extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<pg.QueryResult<Row>>;
  waiting(): number;
};

/**
 * One query at a time, in the order of the calls. All of them are fixed statements that cannot be wrong: one that fails
 * means that the connection is worth nothing, so `onFailure` is called, and whatever waits behind it fails as well.
 */
function inTurn(client: pg.Client, onFailure: () => void): Open {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let failed = false;
  const send = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) => {
    if (failed) throw new Error("The connection was given up.");
    try {
      return await client.query<Row>(sql, values);
    } catch (error) {
      failed = true;
      onFailure();
      throw error;
    }
  };
  return {
    query<Row extends pg.QueryResultRow>(sql: string, values: unknown[]) {
      waiting += 1;
      const answered = last.then(() => send<Row>(sql, values)).finally(() => (waiting -= 1));
      last = answered.catch(ignore);
      return answered;
    },
    waiting: () => waiting,
  };
}

/** A lost connection tells of itself by its end. */
const ignore = (): undefined => undefined;
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");
