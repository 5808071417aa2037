/** Transactions: what is asked together ends together, plans outlive what happens to tables and connections, and no scope stays. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { HOME, isAway, serviceOf } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { testDatabase } from "../support/database.ts";

const onServer = "server" in inject("databaseTemplate");

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query("create table scrap (n integer not null); grant select, insert on scrap to nova_app");
});
afterAll(() => database.close());

const INSERT = "insert into scrap (n) values ($1)";
const stored = async (n: number) =>
  (await database.pool.query<{ n: number }>("select n from scrap where n = $1", [n])).rowCount;

test("a last statement that fails undoes the transaction, and says so", async () => {
  const told: boolean[] = [];
  const work = database.system(async (tx) => {
    tx.onEnd((committed) => void told.push(committed));
    await tx.query(INSERT, [1]);
    await tx.last(INSERT, [null]);
  });
  await expect(work).rejects.toThrow("null value");
  expect(await stored(1)).toBe(0);
  expect(told).toEqual([false]);
});

test("a last statement that nobody minded does not let the rest be taken for stored", async () => {
  const work = database.system(async (tx) => {
    await tx.query(INSERT, [2]);
    await tx.last(INSERT, [null]).catch(() => undefined);
  });
  await expect(work).rejects.toMatchObject({ code: "database" });
  expect(await stored(2)).toBe(0);
});

test("what is asked together is done in the order of the asking, and the end is told", async () => {
  const told: boolean[] = [];
  const found = await database.system(async (tx) => {
    tx.onEnd((committed) => void told.push(committed));
    const [, answer] = await Promise.all([
      tx.query(INSERT, [3]),
      tx.last<{ n: number }>("select n from scrap where n = $1", [3]),
    ]);
    return answer.rows;
  });
  expect(found).toEqual([{ n: 3 }]);
  expect(told).toEqual([true]);
});

test.runIf(onServer)(
  "a connection that dies before its commit is confirmed leaves a passing failure, and no end is told as good",
  async () => {
    const told: boolean[] = [];
    const work = database.system(async (tx) => {
      tx.onEnd((committed) => void told.push(committed));
      await tx.query(INSERT, [4]);
      const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await tx.last(INSERT, [4]);
    });
    expect(await work.catch(isAway)).toBe(true);
    expect(told).toEqual([false]);
    expect(await stored(4)).toBe(0);
  },
);

test("plans outlive a change of their table and the loss of every connection, on each connection", async () => {
  const all = () =>
    Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        database.system(async (tx) => {
          await tx.query(INSERT, [100 + n]);
          return (await tx.query<{ n: number }>("select n from scrap where n = $1 limit 1", [100 + n])).rows;
        }),
      ),
    );
  const expected = Array.from({ length: 12 }, (_, n) => [{ n: 100 + n }]);
  expect(await all()).toEqual(expected);
  expect(await all()).toEqual(expected);
  await database.pool.query("alter table scrap add column note text");
  expect(await all()).toEqual(expected);
  if (onServer) {
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'nova' and pid <> pg_backend_pid()`,
    );
    // A connection that is found dead is a passing failure; the next one plans anew.
    await all().catch((error: unknown) => {
      if (!isAway(error)) throw error;
    });
  }
  expect(await all()).toEqual(expected);
});

test("neither a scope nor a role stays on a connection, whether the work was done or thrown", async () => {
  const scope = serviceOf(HOME);
  const seen = () =>
    Promise.all(
      Array.from({ length: 8 }, async () => {
        const { rows } = await database.pool.query(
          "select coalesce(current_setting('nova.tenant', true), '') as tenant, current_user = session_user as own",
        );
        return rows[0];
      }),
    );
  await Promise.all(
    Array.from({ length: 8 }, () => database.within(scope, (tx) => tx.last("select 1 where $1", [true]))),
  );
  expect(await seen()).toEqual(Array.from({ length: 8 }, () => ({ tenant: "", own: true })));
  const thrown = () => database.within(scope, () => Promise.reject(new Error("undone")));
  await Promise.all(Array.from({ length: 8 }, () => expect(thrown()).rejects.toThrow("undone")));
  expect(await seen()).toEqual(Array.from({ length: 8 }, () => ({ tenant: "", own: true })));
});
