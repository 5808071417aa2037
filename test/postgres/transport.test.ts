/** The embedded engine behind a pool: nobody's answer reaches anybody else, whatever breaks. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import pg from "pg";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { silentLog } from "../support/log.ts";

let database: Database;
let pool: pg.Pool;
beforeAll(async () => {
  database = await openDatabase({ log: silentLog });
  pool = new pg.Pool({ ...database.connection, max: 8 });
  // Connections are broken on purpose below.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  await pool.query(
    "create table ledger (id bigint generated always as identity primary key, who text, amount integer)",
  );
  await pool.query("create table account (name text primary key, balance integer)");
  await pool.query("insert into account values ('a', 1000), ('b', 1000)");
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

const each = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

async function transfer(n: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("update account set balance = balance - 1 where name = 'a'");
    await client.query("insert into ledger (who, amount) values ($1, $2)", [`t${n}`, n]);
    await client.query("update account set balance = balance + 1 where name = 'b'");
    await client.query(n % 3 === 0 ? "rollback" : "commit");
  } finally {
    client.release();
  }
}

test("transactions beside parameterised reads: every answer is the asker's", async () => {
  let wrong = 0;
  await Promise.all([
    each(150, transfer),
    each(1_600, async (n) => {
      const { rows } = await pool.query("select $1::integer as n, $2::text as word", [n, `w${n}`]);
      if (rows.length !== 1 || rows[0].n !== n || rows[0].word !== `w${n}`) wrong += 1;
    }),
  ]);
  expect(wrong).toBe(0);
  const { rows } = await pool.query(
    "select (select count(*)::int from ledger) as written, sum(balance)::int as sum from account",
  );
  expect(rows).toEqual([{ written: 100, sum: 2000 }]);
});

test("a transaction is not seen by others before it commits, and is undone with its connection", async () => {
  const client = await pool.connect();
  await client.query("begin");
  await client.query("update account set balance = 0 where name = 'a'");
  const beside = pool.query("select balance from account where name = 'a'");
  client.release(new Error("broken on purpose"));
  const before = (await pool.query("select 1000 - count(*)::int as balance from ledger")).rows;
  expect((await beside).rows).toEqual(before);
});

test("connections that are killed at any moment harm nobody else", async () => {
  let wrong = 0;
  let broken = 0;
  await each(300, async (n) => {
    const client = await pool.connect();
    try {
      if (n % 2 === 0) await client.query("begin");
      const asked = client.query("select $1::integer as n", [n]);
      if (n % 3 === 0) {
        asked.catch(() => undefined);
        client.release(new Error("killed on purpose"));
        broken += 1;
        return;
      }
      if ((await asked).rows[0].n !== n) wrong += 1;
      if (n % 2 === 0) await client.query("commit");
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  });
  expect({ wrong, broken }).toEqual({ wrong: 0, broken: 100 });
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("an error in one statement leaves the connection and the others working", async () => {
  await expect(pool.query("select no_such_column")).rejects.toThrow(/no_such_column/);
  await expect(pool.query("insert into account values ('a', 1)")).rejects.toThrow(/account_pkey/);
  expect((await pool.query("select $1::text as word", ["fine"])).rows).toEqual([{ word: "fine" }]);
});

test("a notification sent on one connection is heard on another", async () => {
  const listener = await pool.connect();
  const heard: (string | undefined)[] = [];
  listener.on("notification", (note) => heard.push(note.payload));
  await listener.query("listen news");
  await pool.query("select pg_notify('news', 'first')");
  const client = await pool.connect();
  await client.query("begin");
  await client.query("select pg_notify('news', 'undone')");
  await client.query("rollback");
  client.release();
  await pool.query("select pg_notify('news', 'second')");
  await vi.waitFor(() => expect(heard).toEqual(["first", "second"]));
  listener.release(true);
});

test("large values pass whole, both ways", async () => {
  const text = "ä€😀x".repeat(400_000);
  const { rows } = await pool.query("select $1::text as text, length($1) as length", [text]);
  expect(rows[0].text === text).toBe(true);
  expect(rows[0].length).toBe(1_600_000);
});

test("a query that waits for its own transaction is an error, not a standstill", async () => {
  const impatient = new pg.Pool({ ...database.connection, max: 2, query_timeout: 200, connectionTimeoutMillis: 200 });
  const client = await impatient.connect();
  await client.query("begin");
  await expect(impatient.query("select 1")).rejects.toThrow(/timeout/i);
  await client.query("rollback");
  client.release();
  expect((await impatient.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await impatient.end();
});
