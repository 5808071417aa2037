/** Opening, migrating and closing a database. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HOME, serviceOf } from "#core";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { rebuilding } from "../../src/postgres/archive/keeper.ts";
import { applyMigrations, migrate } from "../../src/postgres/engine/migrate.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-database-"));
  database = await openDatabase({ log: silentLog });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** A folder of migrations with these contents. */
async function migrations(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(folder, "migrations-"));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(dir, name), sql);
  return dir;
}

const tables = async () =>
  (
    await database.pool.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    )
  ).rows.map((row) => row.name);

test("of several that migrate at once each file runs once, in order", async () => {
  const dir = await migrations({
    "0002_b.sql": "insert into a values (2)",
    "0001_a.sql": "create table a (n integer)",
  });
  const done = await Promise.all([1, 2, 3, 4].map(() => migrate(database, dir)));
  expect(done.toSorted((a, b) => b.length - a.length)).toEqual([["0001_a.sql", "0002_b.sql"], [], [], []]);
  expect((await database.pool.query("select n from a")).rows).toEqual([{ n: 2 }]);
});

test("a migration that fails leaves nothing, and the next start begins anew", async () => {
  const files = { "0001_a.sql": "", "0002_b.sql": "", "0003_c.sql": "create table c (n integer)" };
  const dir = await migrations({ ...files, "0004_d.sql": "create table d (n integer); select no_such_thing" });
  await expect(migrate(database, dir)).rejects.toMatchObject({
    code: "database",
    message: "The migration 0004_d.sql failed; nothing was changed.",
  });
  expect(await tables()).toEqual(["a", "migration"]);
  await writeFile(join(dir, "0004_d.sql"), "create table d (n integer)");
  expect(await migrate(database, dir)).toEqual(["0003_c.sql", "0004_d.sql"]);
  expect(await tables()).toEqual(["a", "c", "d", "migration"]);
});

test("a database that is newer than the code is refused with words and left alone", async () => {
  const dir = await migrations({ "0001_a.sql": "", "0005_e.sql": "create table e (n integer)" });
  await expect(migrate(database, dir)).rejects.toMatchObject({
    code: "newer_database",
    message: "The database is newer than this Nova: it holds 0002_b.sql, 0003_c.sql, 0004_d.sql.",
    advice: "Install the newer Nova again, or restore a backup made by this one.",
  });
  expect(await tables()).not.toContain("e");
});

test("what is kept in a folder is there after closing and opening again", async () => {
  const kept = join(folder, "kept");
  const first = await openDatabase({ folder: kept, log: silentLog });
  await first.pool.query("create table word (text text); insert into word values ('still here')");
  await first.close();
  const second = await openDatabase({ folder: kept, log: silentLog });
  expect((await second.pool.query("select text from word")).rows).toEqual([{ text: "still here" }]);
  await second.close();
});

test("a folder that holds something and is no whole database is refused and left alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nova-partial-"));
  await writeFile(join(folder, "precious"), "data");
  await expect(openDatabase({ folder, log: silentLog })).rejects.toThrow(/PG_VERSION is missing/);
  expect(await readdir(folder)).toEqual(["precious"]);
  await rm(folder, { recursive: true });
});

test("a damaged data folder, or a file in its place, is an error with words", async () => {
  const damaged = join(folder, "damaged");
  await (await openDatabase({ folder: damaged, log: silentLog })).close();
  await writeFile(join(damaged, "global", "pg_control"), "nonsense");
  await expect(openDatabase({ folder: damaged, log: silentLog })).rejects.toMatchObject({
    code: "database",
    message: `The embedded database in ${damaged} could not be opened.`,
  });
  const file = join(folder, "file");
  await writeFile(file, "not a folder");
  await expect(openDatabase({ folder: file, log: silentLog })).rejects.toMatchObject({ code: "database" });
  await mkdir(join(folder, "old"));
  await writeFile(join(folder, "old", "PG_VERSION"), "9\n");
  await expect(openDatabase({ folder: join(folder, "old"), log: silentLog })).rejects.toMatchObject({
    code: "database",
  });
});

test("a server that does not answer is named without its password", async () => {
  const url = "postgres://nova:very-secret@127.0.0.1:1/nova";
  const refused = openDatabase({ url, log: silentLog });
  await expect(refused).rejects.toMatchObject({
    code: "database",
    message: "The database at 127.0.0.1:1/nova does not answer: nothing listens there.",
  });
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining("very-secret") });
});

test.skipIf(process.env["NOVA_TEST_DATABASE_URL"] !== undefined)(
  "a connection that is gone leaves no plans behind in the embedded engine",
  async () => {
    const one = await testDatabase();
    const kept = async () => {
      const { rows } = await one.pool.query<{ count: number }>(
        "select count(*)::integer as count from pg_prepared_statements where statement like '%plans of one%'",
      );
      return rows[0]?.count;
    };
    const work = () => one.system((tx) => tx.query('select $1::text as "plans of one"', ["x"]));
    for (let round = 0; round < 12; round += 1) {
      await work();
      expect(await kept()).toBeGreaterThan(0);
      const client = await one.pool.connect();
      client.release(true);
    }
    // At most one each for the connections that there can be.
    await vi.waitFor(async () => expect(await kept()).toBeLessThanOrEqual(4));
    await one.close();
  },
);

test("a scope ends with its transaction, also when the work throws", async () => {
  const copy = await testDatabase();
  await copy.within(serviceOf(HOME), (tx) => tx.query("insert into person (name, role) values ('Ada', 'owner')"));
  const failing = copy.within(serviceOf(HOME), async (tx) => {
    await tx.query("insert into person (name, role) values ('Bob', 'member')");
    throw new Error("on purpose");
  });
  await expect(failing).rejects.toThrow("on purpose");
  expect((await copy.system((tx) => tx.query("select name from person"))).rows).toEqual([]);
  expect((await copy.pool.query("select name from person")).rows).toEqual([{ name: "Ada" }]);
  expect((await copy.pool.query("select current_user as name")).rows).toEqual([{ name: "postgres" }]);
  await copy.close();
});

test("a transaction that the database undid in silence is told as failed", async () => {
  const own = await testDatabase();
  try {
    const undone = own.system(async (tx) => {
      await tx.query("select 1 / 0").catch(() => undefined);
    });
    await expect(undone).rejects.toThrow("The database undid what was to be stored");
    await own.system((tx) => tx.query("select 1"));
  } finally {
    await own.close();
  }
});

test("on PostgreSQL 16 and newer, who may only make roles can take them on once migrations are applied", async () => {
  const own = await openDatabase({ log: silentLog });
  const dir = await migrations({ "0001_roles.sql": "create role nova_app nologin; create role nova_keeper nologin" });
  try {
    // Makes no superuser's database: PGlite has one session, so the role is put on for the transaction.
    await own.pool.query("create role operator createrole; grant create, usage on schema public to operator");
    await rebuilding(own, async (tx) => {
      await tx.query("set local role operator");
      await applyMigrations(tx, dir, ["0001_roles.sql"]);
      const { rows } = await tx.query("select pg_has_role('operator', 'nova_keeper', 'set') as able");
      expect(rows).toEqual([{ able: true }]);
    });
  } finally {
    await own.close();
  }
});

test("migrations are plain SQL that begins by saying what it is for", async () => {
  const { readdir } = await import("node:fs/promises");
  const dir = new URL("../../migrations/", import.meta.url);
  for (const name of await readdir(dir)) {
    expect(name).toMatch(/^\d{4}_[a-z_]+\.sql$/);
    expect(await readFile(new URL(name, dir), "utf8")).toMatch(/^-- \S/);
  }
});
