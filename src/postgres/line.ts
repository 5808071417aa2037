/** One connection of its own, to listen and to notify on; a lost one is made anew. Used by wire.ts, on a server only. */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Log } from "#core";
import type { Database } from "./database.ts";

export interface Line {
  /** In the order of the calls. What is said while the connection is away is lost. */
  notify(text: string): void;
  close(): Promise<void>;
}

export type LineOptions = {
  readonly connection: Database["connection"];
  readonly channel: string;
  /** Called with what other connections notified; must not throw. */
  readonly onText: (text: string) => void;
  readonly log: Log;
};

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** A connection that was cut without a word is found out by the next beat. */
const BEAT_MS = 10_000;
const ANSWER_MS = 5_000;
/** More unsent texts than this, and the connection is not worth waiting for. */
const MOST_UNSENT = 1_000;

export function openLine({ connection, channel, onText, log }: LineOptions): Line {
  const closing = new AbortController();
  let open: Open | undefined;

  /** Until the connection is lost or the line is closed. */
  const listen = async (): Promise<void> => {
    const client = new pg.Client({ ...connection, ...OWN });
    const gone = new AbortController();
    const end = () => gone.abort();
    client.on("error", end);
    client.on("end", end);
    // What this very connection notified comes back to it.
    const own = () => ("processID" in client ? client.processID : undefined);
    client.on("notification", ({ processId, payload }) => {
      if (processId !== own() && payload) onText(payload);
    });
    const until = AbortSignal.any([gone.signal, closing.signal]);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      open = inTurn(client);
      log.debug("news.listening");
      while (!until.aborted) {
        await pause(BEAT_MS, undefined, { signal: until }).catch(ignore);
        if (!until.aborted) await open.query("select 1");
      }
    } finally {
      open = undefined;
      // Nobody waits for a goodbye that a dead connection never answers.
      await Promise.race([client.end().catch(ignore), pause(ANSWER_MS, undefined, { ref: false })]);
    }
  };

  const keep = async (): Promise<void> => {
    let wait = FIRST_PAUSE_MS;
    while (!closing.signal.aborted) {
      const began = performance.now();
      const error = await listen().then(() => undefined, nameOf);
      if (closing.signal.aborted) return;
      // One that held for a while was no failure to connect.
      if (performance.now() - began > BEAT_MS) wait = FIRST_PAUSE_MS;
      log.warn("news.lost", { error: error ?? "ended", retryMs: wait });
      await pause(wait, undefined, { signal: closing.signal }).catch(ignore);
      wait = Math.min(2 * wait, LONGEST_PAUSE_MS);
    }
  };
  const kept = keep();

  return {
    notify(text) {
      if (open && open.unsent() < MOST_UNSENT) open.query("select pg_notify($1, $2)", [channel, text]).catch(ignore);
    },
    async close() {
      closing.abort();
      await kept;
    },
  };
}

/** Seen in the server's list of connections. */
const OWN = { application_name: "nova news", keepAlive: true, query_timeout: ANSWER_MS };

type Open = { query(sql: string, values?: unknown[]): Promise<unknown>; unsent(): number };

/** One query at a time, in the order of the calls. */
function inTurn(client: pg.Client): Open {
  let last: Promise<unknown> = Promise.resolve();
  let unsent = 0;
  return {
    query(sql, values) {
      unsent += 1;
      const sent = last.then(() => client.query(sql, values)).finally(() => (unsent -= 1));
      last = sent.catch(ignore);
      return sent;
    },
    unsent: () => unsent,
  };
}

/** A lost connection tells of itself by its end. */
const ignore = (): void => undefined;
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");
