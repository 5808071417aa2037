/** What accepting is compared with: a queue's send in a transaction, and one row inserted. Used by accept. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { PgBoss } from "pg-boss";
import type { Database } from "../../src/postgres/engine/database.ts";
import { driveRounds, type Rounds } from "./lanes.ts";

const QUEUE = "bare";

export async function sendLoop(database: Database, lanes: number): Promise<Rounds> {
  const boss = new PgBoss({ ...database.connection, max: 2, supervise: false, schedule: false });
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue(QUEUE, { policy: "key_strict_fifo" });
  // Reads the queue once, so that no send has to within its transaction.
  await boss.getBlockedKeys(QUEUE);
  try {
    return await withPool(database, lanes, async (pool, lane) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const db = { executeSql: (sql: string, values?: unknown[]) => client.query(sql, values) };
        await boss.send(QUEUE, { lane }, { db, id: randomUUID(), singletonKey: `lane ${lane}` });
        await client.query("commit");
      } finally {
        client.release();
      }
    });
  } finally {
    await boss.stop({ graceful: false });
  }
}

export async function commitLoop(database: Database, lanes: number): Promise<Rounds> {
  await database.pool.query("create table if not exists bare (id bigint generated always as identity, body text)");
  return withPool(database, lanes, async (pool) => {
    await pool.query("insert into bare (body) values ($1)", ["How do I take care of the lawn beside the hedge?"]);
  });
}

/** As many connections as Nova itself has. */
async function withPool(
  database: Database,
  lanes: number,
  act: (pool: pg.Pool, lane: number) => Promise<void>,
): Promise<Rounds> {
  const pool = new pg.Pool(database.connection);
  try {
    return await driveRounds(lanes, (lane) => act(pool, lane));
  } finally {
    await pool.end();
  }
}
