/** The keeper of backups: no table can be kept from it, and nothing of it is open to the role that serves people. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tablesInOrder } from "../../src/postgres/archive/tables.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { asKeeper, reading, rebuilding } from "../../src/postgres/archive/keeper.ts";
import { testDatabase } from "../support/database.ts";

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** What the migration that adds a walled table has to say, too. */
const REMEDY = "create policy keeper on <table> to nova_keeper using (true) with check (true)";

test(`every table of the catalogue is open to the keeper, or its migration lacks: ${REMEDY}`, async () => {
  const { rows } = await database.pool.query<{ name: string; reads: boolean; writes: boolean; passes: boolean }>(`
    select c.relname as name,
      has_table_privilege('nova_keeper', c.oid, 'select') as reads,
      has_table_privilege('nova_keeper', c.oid, 'insert') as writes,
      not c.relrowsecurity or exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive
        and p.polcmd = '*' and 'nova_keeper'::regrole = any(p.polroles)
        and pg_get_expr(p.polqual, c.oid) = 'true' and pg_get_expr(p.polwithcheck, c.oid) = 'true') as passes
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migration'
    order by c.relname`);
  expect(rows.filter(({ reads, writes, passes }) => !(reads && writes && passes))).toEqual([]);
  const kept = await reading(database, tablesInOrder);
  expect(kept.map(({ name }) => name).toSorted()).toEqual(rows.map(({ name }) => name));
});

test("every sequence can be read by the keeper", async () => {
  const { rows } = await database.pool.query(`
    select sequencename from pg_sequences where schemaname = 'public'
      and not has_sequence_privilege('nova_keeper', format('public.%I', sequencename), 'select')`);
  expect(rows).toEqual([]);
});

test("a table comes after all that it refers to", async () => {
  const order = (await reading(database, tablesInOrder)).map(({ name }) => name);
  const { rows } = await database.pool.query<{ child: string; parent: string }>(`
    select conrelid::regclass::text as child, confrelid::regclass::text as parent
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid`);
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter(({ child, parent }) => order.indexOf(child) < order.indexOf(parent))).toEqual([]);
});

test("a walled table without the keeper's policy stops a backup instead of missing in it", async () => {
  const looked = rebuilding(database, async (tx) => {
    await tx.query("create table forgotten (id bigint primary key)");
    await tx.query("alter table forgotten enable row level security");
    await tablesInOrder(tx);
  });
  await expect(looked).rejects.toThrow("The keeper has no way into forgotten.");
});

test("the keeper owns nothing, cannot log in or step around walls, and is no way for the serving role", async () => {
  const { rows } = await database.pool.query(`
    select rolsuper, rolbypassrls, rolcanlogin,
      (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned,
      pg_has_role('nova_app', 'nova_keeper', 'member') as open
    from pg_roles where rolname = 'nova_keeper'`);
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: false, owned: 0, open: false }]);
  const change = (sql: string) => rebuilding(database, (tx) => asKeeper(tx, () => tx.query(sql)));
  await expect(change("update message set text = ''")).rejects.toThrow(/permission denied/);
  await expect(change("delete from message")).rejects.toThrow(/permission denied/);
  await expect(change("insert into migration (name) values ('x')")).rejects.toThrow(/permission denied/);
});

// The embedded engine works on the same thread: its clients cannot give up in the middle of a statement.
test.skipIf(process.env["NOVA_TEST_DATABASE_URL"] === undefined)(
  "what is saved or rebuilt may take longer than any other statement (needs NOVA_TEST_DATABASE_URL)",
  async () => {
    const { connection } = database;
    const pool = new pg.Pool({ ...connection, query_timeout: 200, options: "-c statement_timeout=200" });
    const hurried = { ...database, pool };
    try {
      await expect(pool.query("select pg_sleep(0.5)")).rejects.toThrow(/timeout/);
      await reading(hurried, (tx) => tx.query("select pg_sleep(0.5)"));
      await rebuilding(hurried, (tx) => tx.query("select pg_sleep(0.5)"));
    } finally {
      await pool.end();
    }
  },
);
