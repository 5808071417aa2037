/** All that is stored, out of one database and into another: the same rows, or nothing. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conversationId, type ArchivePart, type TableSum } from "#core";
import { loadArchive } from "../../src/postgres/archive/load.ts";
import { readArchive } from "../../src/postgres/archive/read.ts";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { holdingsOf } from "../../src/postgres/archive/holdings.ts";
import { createLedger } from "../../src/postgres/effects/ledger.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { migrationsIn } from "../../src/postgres/engine/migrate.ts";
import { command, databaseUrl, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { openPlaces, settle, type Places } from "./places.ts";

const MIGRATIONS = new URL("../../migrations", import.meta.url).pathname;
const SERVER = process.env["NOVA_TEST_DATABASE_URL"];
const signal = new AbortController().signal;
const facts = { version: "1.2.3", madeAt: new Date("2026-11-21T11:00:00Z"), signal };
const loading = { migrations: MIGRATIONS, replace: true, signal, onRows: () => {} };

let places: Places;
let source: Database;
beforeAll(async () => {
  places = await openPlaces();
  await settle(places);
  source = places.database;
  await addOddRows(source);
}, 120_000);
afterAll(() => places.close());

/** What a careless copy would lose: microseconds, marks, empty texts and arrays, numbers beyond those of JavaScript. */
async function addOddRows({ pool }: Database): Promise<void> {
  await pool.query("insert into tenant (id, name, created_at) values ('odd', $1, '2026-02-28 23:59:59.123457+00')", [
    'quote " back \\ comma , brace {NULL} \u2028 😀 \u00e9 e\u0301 \t\n',
  ]);
  await pool.query("insert into tenant (id, name) values ('bare', ''), ('null', 'NULL')");
  await pool.query(`insert into person (id, tenant_id, name, role) overriding system value
    values (9007199254740993, 'odd', 'Big', 'member')`);
  await pool.query(`insert into link_code (hash, tenant_id, person_id, expires_at)
    values ('\\x00ff5c22', 'odd', 9007199254740993, 'infinity')`);
  await pool.query(
    "insert into person_block (person_id, tenant_id, blocked_at) values (9007199254740993, 'odd', now())",
  );
  await pool.query(
    `insert into pairing (platform, scope, external_id, code, asked_at) values ('p', 's', 'e', 'K7QX2M', now())`,
  );
  await pool.query(`insert into identity (platform, scope, external_id, state, linked_at)
    values ('p', 's', 'nobody', 'blocked', now())`);
  await pool.query("select setval('person_id_seq', 9007199254741000)");
}

async function sumsOf(database: Database): Promise<readonly TableSum[]> {
  return readArchive(database, facts, async (parts) => {
    for await (const part of parts) if (part.kind === "end") return part.tables;
    throw new Error("no end");
  });
}

async function copy(from: Database, to: Database) {
  return readArchive(from, facts, (parts) => loadArchive(to, parts, loading));
}

async function emptyEmbedded(): Promise<Database> {
  return openDatabase({ log: silentLog });
}

async function emptyOnServer(server: string): Promise<Database> {
  const name = `nova_test_${randomUUID().replaceAll("-", "")}`;
  await command(server, `create database ${name}`);
  const database = await openDatabase({ url: databaseUrl(server, name), log: silentLog });
  return {
    ...database,
    close: async () => {
      await database.close();
      await command(server, `drop database ${name} with (force)`);
    },
  };
}

test("the stream holds every row of every table, whoever's it is", async () => {
  const sums = await sumsOf(source);
  for (const { name, rows } of sums) {
    const counted = await source.pool.query(`select count(*)::int as rows from public.${name}`);
    expect([name, rows]).toEqual([name, counted.rows[0].rows]);
  }
  // The whole catalogue, and rows in all but what nothing of the story fills.
  expect(sums.filter(({ rows }) => rows === 0).length).toBeLessThan(6);
});

test("an empty database takes it, row by row the same, and goes on counting where the old one stood", async () => {
  await using target = disposable(await emptyEmbedded());
  const { given, loaded, migrated } = await copy(source, target.database);
  expect(loaded).toEqual(given);
  expect(migrated).toEqual([]);
  expect(await sumsOf(target.database)).toEqual(await sumsOf(source));
  const { rows } = await target.database.pool.query(
    "insert into person (tenant_id, name, role) values ('odd', 'Next', 'guest') returning id",
  );
  expect(rows).toEqual([{ id: "9007199254741001" }]);
});

test("of a backup, what was approved and not done is told as unknown and done by nobody; a move leaves it as it is", async () => {
  const undone = "select state, code from effect where state in ('waiting', 'claimed', 'unknown') order by key";
  const before = (await source.pool.query<{ state: string }>(undone)).rows;
  expect(before.map(({ state }) => state)).toContain("waiting");
  await using moved = disposable(await emptyEmbedded());
  await copy(source, moved.database);
  expect((await moved.database.pool.query(undone)).rows).toEqual(before);

  await using target = disposable(await emptyEmbedded());
  await readArchive(source, facts, (parts) => loadArchive(target.database, parts, { ...loading, stale: true }));
  const { pool } = target.database;
  expect((await pool.query(undone)).rows).toEqual(before.map(() => ({ state: "unknown", code: "restored" })));
  // Each is told, says why, and is no more to be claimed.
  const { rows } = await pool.query(
    `select count(*)::int as untold from effect join proposal on proposal.id = effect.proposal_id
     where effect.state = 'unknown' and proposal.told < proposal.changes and effect.outcome like '%restored%'`,
  );
  expect(rows).toEqual([{ untold: before.length }]);
  const ledger = createLedger(target.database, { clock: { now: () => new Date("2027-01-01T00:00:00Z") } });
  const due = (await pool.query<{ id: string }>("select distinct conversation_id as id from effect")).rows;
  for (const { id } of due) expect(await ledger.claim(conversationId(id))).toBeUndefined();
});

test("what is there goes, with the queue whose old calls would swallow new ones", async () => {
  await using target = disposable(await testDatabase());
  await target.database.pool.query("insert into tenant (id, name) values ('old', 'Old')");
  await copy(source, target.database);
  expect(await sumsOf(target.database)).toEqual(await sumsOf(source));
  const { rows } = await target.database.pool.query("select to_regclass('pgboss.job') as queue");
  expect(rows).toEqual([{ queue: null }]);
});

test("a backup from before a migration is brought up to date after it is loaded", async () => {
  const known = await migrationsIn(MIGRATIONS);
  const before = known.slice(0, known.indexOf("0005_keeper.sql") + 1);
  await using target = disposable(await emptyEmbedded());
  const older = async function* (): AsyncGenerator<ArchivePart> {
    const manifest = { version: "0", engine: "server", madeAt: facts.madeAt, migrations: before } as const;
    yield { kind: "manifest", manifest: { ...manifest, tables: [{ name: "tenant", rows: 1 }] } };
    yield { kind: "table", table: { name: "tenant", columns: ["id", "name", "created_at"], sequences: {} } };
    yield { kind: "rows", rows: [["home", "Kept", "2026-01-01 00:00:00+00"]] };
    yield {
      kind: "end",
      tables: [{ name: "tenant", rows: 1, digest: await digestOf(["home", "Kept", "2026-01-01 00:00:00+00"]) }],
    };
  };
  const { migrated } = await loadArchive(target.database, older(), loading);
  expect(migrated).toEqual(known.slice(before.length));
  expect((await target.database.pool.query("select name from tenant")).rows).toEqual([{ name: "Kept" }]);
});

async function digestOf(row: readonly (string | null)[]): Promise<string> {
  const { createRowSum } = await import("../../src/postgres/archive/sum.ts");
  const sum = createRowSum("any");
  sum.add([row]);
  return sum.total().digest;
}

describe("nothing is changed when", () => {
  const spoilt: readonly (readonly [string, RegExp, (part: ArchivePart) => ArchivePart | undefined])[] = [
    ["the stream breaks off", /broke off/, (part) => (part.kind === "end" ? undefined : part)],
    [
      "a row is missing",
      /differs in link_code/,
      (part) => (part.kind === "rows" ? { ...part, rows: part.rows.filter(([hash]) => hash !== "\\x00ff5c22") } : part),
    ],
    [
      "a value is another",
      /differs in tenant/,
      (part) =>
        part.kind === "rows" && part.rows[0]?.length === 3 && part.rows.some(([id]) => id === "home")
          ? { ...part, rows: part.rows.map(([id = null, , at = null]) => [id, "changed", at]) }
          : part,
    ],
    [
      "it is at a migration nobody knows",
      /newer than this Nova/,
      (part) =>
        part.kind === "manifest"
          ? { ...part, manifest: { ...part.manifest, migrations: [...part.manifest.migrations, "9999_later.sql"] } }
          : part,
    ],
    [
      "it has a column that the schema has not",
      /does not fit its own schema in tenant/,
      (part) =>
        part.kind === "table" && part.table.name === "tenant"
          ? { ...part, table: { ...part.table, columns: ["id", "name", "colour"] } }
          : part,
    ],
  ];
  test.each(spoilt)("%s", async (_what, words, spoil) => {
    await using target = disposable(await testDatabase());
    await target.database.pool.query("insert into tenant (id, name) values ('old', 'Old')");
    const before = await sumsOf(target.database);
    const run = readArchive(source, facts, (parts) => loadArchive(target.database, changed(parts, spoil), loading));
    await expect(run).rejects.toThrow(words);
    expect(await sumsOf(target.database)).toEqual(before);
    expect(
      (await target.database.pool.query("select to_regclass('pgboss.job') as queue")).rows[0].queue,
    ).not.toBeNull();
  });

  test("the database also holds a table that nobody would make again", async () => {
    await using target = disposable(await testDatabase());
    await target.database.pool.query("create table bookkeeping (id bigint)");
    await expect(copy(source, target.database)).rejects.toThrow("the tables bookkeeping");
    expect((await target.database.pool.query("select count(*)::int as rows from bookkeeping")).rows).toEqual([
      { rows: 0 },
    ]);
  });

  test.each([
    ["a table", "create view report as select count(*) from message", "view report"],
    ["the queue", "create view report as select count(*) from pgboss.job", "view report depends on table pgboss.job"],
    ["a function", "create view report as select nova_tenant()", "view report"],
  ])("something of somebody else's is built on %s", async (_what, sql, words) => {
    await using target = disposable(await testDatabase());
    const queue = await createQueue(target.database, silentLog);
    await target.database.pool.query(sql);
    await expect(copy(source, target.database)).rejects.toThrow(words);
    await target.database.pool.query("select from report");
    await queue.stop(0);
  });

  test("it holds something, and it is not said that this may go", async () => {
    await using target = disposable(await testDatabase());
    await target.database.pool.query("insert into person (tenant_id, name, role) values ('home', 'Ada', 'member')");
    const before = await sumsOf(target.database);
    const careful = readArchive(source, facts, (parts) =>
      loadArchive(target.database, parts, { ...loading, replace: false }),
    );
    await expect(careful).rejects.toThrow("The database holds something already: person 1.");
    expect(await sumsOf(target.database)).toEqual(before);
  });
});

async function* changed(
  parts: AsyncIterable<ArchivePart>,
  spoil: (part: ArchivePart) => ArchivePart | undefined,
): AsyncGenerator<ArchivePart> {
  for await (const part of parts) {
    const spoilt = spoil(part);
    if (spoilt) yield spoilt;
  }
}

test("a database that was only started holds nothing; one that was used says what it holds", async () => {
  await using target = disposable(await testDatabase());
  const { pool } = target.database;
  await pool.query("insert into person (tenant_id, name, role) values ('home', 'Owner', 'owner')");
  expect(await holdingsOf(target.database, MIGRATIONS)).toEqual([]);
  await pool.query("insert into person (tenant_id, name, role) values ('home', 'Ada', 'member')");
  expect(await holdingsOf(target.database, MIGRATIONS)).toEqual([{ name: "person", rows: 1 }]);
  await using bare = disposable(await emptyEmbedded());
  expect(await holdingsOf(bare.database, MIGRATIONS)).toEqual([]);
  expect((await bare.database.pool.query("select to_regclass('migration') as made")).rows).toEqual([{ made: null }]);
});

test.skipIf(SERVER === undefined)(
  "embedded to server to embedded: every table equal by digest (needs NOVA_TEST_DATABASE_URL)",
  async () => {
    await using first = disposable(await emptyEmbedded());
    await using second = disposable(await emptyOnServer(SERVER ?? ""));
    await using third = disposable(await emptyEmbedded());
    await copy(source, first.database);
    await copy(first.database, second.database);
    await copy(second.database, third.database);
    const sums = await sumsOf(first.database);
    expect(await sumsOf(second.database)).toEqual(sums);
    expect(await sumsOf(third.database)).toEqual(sums);
  },
);

function disposable(database: Database) {
  return { database, [Symbol.asyncDispose]: () => database.close() };
}
