/** Reaches a PostgreSQL server: how connections are set up, and how long one that is not up yet is waited for. Used by database.ts. */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { NovaError } from "#core";
import { checkFitness } from "./fitness.ts";
import { codeOf, refusal, type Place } from "./refusal.ts";

/** For a server that may not be up yet, as in a group of containers that start together. */
export type Patience = {
  readonly ms: number;
  /** Called once, with where the server is expected. */
  readonly onWait: (place: string) => void;
  readonly signal: AbortSignal;
};

/**
 * What holds for every connection to a server. Each can be set otherwise by its name in DATABASE_URL.
 *
 * A statement ends on the server before the client stops waiting for it. Nobody waits longer than ten seconds for a
 * lock. A process that is frozen, or cut off, in the middle of a transaction lets go of its locks after thirty seconds:
 * its conversation can go on elsewhere.
 */
export const SERVER_SETTINGS = {
  max: 6,
  application_name: "nova",
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 10_000,
  query_timeout: 60_000,
  statement_timeout: 55_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
} as const;

export type ServerConnection = typeof SERVER_SETTINGS & { readonly connectionString: string };

/** Resolves when the server answers and fits. Throws what is wrong with it, in words. */
export async function reachServer(url: string, patience?: Patience): Promise<ServerConnection> {
  const connection = { ...SERVER_SETTINGS, connectionString: url };
  const deadline = performance.now() + (patience?.ms ?? 0);
  let waited = false;
  for (;;) {
    const failed = await knock(connection);
    if (!failed) return connection;
    if (!patience || !failed.passing || performance.now() + LOOK_AGAIN_MS > deadline) throw failed.error;
    if (!waited) patience.onWait(failed.place);
    waited = true;
    await pause(LOOK_AGAIN_MS, undefined, { signal: patience.signal });
  }
}

const LOOK_AGAIN_MS = 500;

/** What a server says, or the network for it, while it is on its way up. */
const COMING_UP = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "57P01",
  "57P03",
  "53300",
]);

type Failed = { readonly error: NovaError; readonly place: string; readonly passing: boolean };

async function knock(connection: ServerConnection): Promise<Failed | undefined> {
  let place: Place = { name: "DATABASE_URL", host: "?", user: "?", database: "?" };
  try {
    const client = new pg.Client(connection);
    place = placeOf(client);
    // What a connection says when it breaks off is said by the query that it breaks as well.
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (cause) {
      return { error: refusal(place, cause), place: address(client), passing: isComingUp(cause) };
    }
    try {
      await checkFitness(client, place);
    } finally {
      await client.end();
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === "NovaError") throw cause;
    throw refusal(place, cause);
  }
  return undefined;
}

const address = ({ host, port }: pg.Client): string => (host.startsWith("/") ? host : `${host}:${port}`);

/** As `pg` understands the address, with its own defaults for what is left out. */
function placeOf(client: pg.Client): Place {
  const user = client.user ?? "?";
  const database = client.database ?? user;
  return { name: `${address(client)}/${database}`, host: client.host, user, database };
}

function isComingUp(cause: unknown): boolean {
  if (COMING_UP.has(codeOf(cause))) return true;
  return cause instanceof Error && /^Connection terminated|^timeout expired/.test(cause.message);
}
