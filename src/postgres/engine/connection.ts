/** What a pool, or a single client, needs to reach the database. Made by database.ts. */
import type { Transport } from "./pglite-transport.ts";
import type { ServerConnection } from "./server.ts";

export type Limits = {
  readonly max: number;
  readonly idleTimeoutMillis?: number;
  readonly connectionTimeoutMillis: number;
  readonly query_timeout: number;
};

export type Connection = (Limits & Transport) | ServerConnection;
