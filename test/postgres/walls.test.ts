/** Row-level security: every table is walled or has a stated reason not to be, and the walls hold. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOME, personId, tenantId, serviceOf, wholeOf } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { SYSTEM_TABLES, TENANT_TABLES } from "../../src/postgres/engine/system-tables.ts";
import { testDatabase } from "../support/database.ts";
import { definers, faultsOf, relations, walled } from "./catalogue.ts";
import { undone } from "./who-may-see.ts";

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe("the catalogue", () => {
  test("everything that holds rows is walled by tenant, person, project and branch, or has a reason", async () => {
    const all = await relations(database.pool);
    expect(all.flatMap(faultsOf)).toEqual([]);
    // A reason for what is not there would hide the next table of that name.
    const names = new Set(all.filter(({ schema }) => schema === "public").map(({ name }) => name));
    expect([...Object.keys(SYSTEM_TABLES), ...Object.keys(TENANT_TABLES)].filter((name) => !names.has(name))).toEqual(
      [],
    );
    expect(walled(all).length).toBeGreaterThan(12);
  });

  test("no function acts with its owner's rights, and the serving role belongs to no other", async () => {
    expect(await definers(database.pool)).toEqual([]);
    const { rows } = await database.pool.query(
      "select rolname from pg_roles where rolname <> 'nova_app' and pg_has_role('nova_app', oid, 'member')",
    );
    expect(rows).toEqual([]);
  });

  const COLUMNS = "tenant_id text, person_id bigint, project_id bigint, branch_id bigint";
  const WALL = "tenant_id = nova_tenant() and person_id = nova_person() and project_id = nova_project()";
  test.each([
    ["a table without a wall", `create table leak (${COLUMNS})`, "leak has no policy"],
    ["a table without a branch", "create table leak (tenant_id text, person_id bigint)", "leak has no branch_id"],
    [
      "a wall that is not forced",
      `create table leak (${COLUMNS}); alter table leak enable row level security;
       create policy wall on leak using (${WALL} and branch_id = nova_branch())`,
      "leak has no forced row-level security",
    ],
    [
      "a wall that forgets the branch",
      `create table leak (${COLUMNS}); alter table leak enable row level security, force row level security;
       create policy wall on leak using (${WALL})`,
      "leak is read without nova_branch()",
    ],
    [
      "a second policy beside the wall",
      "create policy door on memory_item for select using (shareable)",
      "memory_item is read without nova_tenant()",
    ],
    [
      "a partition without its own wall",
      `create table leak (${COLUMNS}) partition by list (tenant_id);
       create table leak_home partition of leak for values in ('home');
       alter table leak enable row level security, force row level security;
       create policy wall on leak using (${WALL} and branch_id = nova_branch())`,
      "leak_home has no policy",
    ],
    ["a view", "create view leak as select * from message", "leak is a view that looks with its owner's eyes"],
    [
      "a materialised view",
      "create materialized view leak as select * from message",
      "leak is a materialised view, which no wall can hold",
    ],
    [
      "a table in another schema",
      "create schema attic; create table attic.leak (id int)",
      "attic.leak is in a schema that is not listed",
    ],
  ])("%s would be noticed", async (_what, sql, fault) => {
    expect(
      await undone(database, async (tx) => (await tx.query(sql), (await relations(tx)).flatMap(faultsOf))),
    ).toContain(fault);
  });

  test("a function with its owner's rights would be noticed", async () => {
    const sql = "create function peek() returns bigint language sql security definer as 'select count(*) from message'";
    expect(await undone(database, async (tx) => (await tx.query(sql), definers(tx)))).toEqual(["public.peek"]);
  });
});

test("the serving role owns nothing and cannot step around the walls", async () => {
  const role = await database.system((tx) =>
    tx.query(`select current_user as name, rolsuper, rolbypassrls, rolcanlogin,
      (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned
      from pg_roles where rolname = current_user`),
  );
  expect(role.rows).toEqual([{ name: "nova_app", rolsuper: false, rolbypassrls: false, rolcanlogin: false, owned: 0 }]);
});

test("a transaction sees its tenant and its person only, and without a scope nothing", async () => {
  await database.pool.query("insert into tenant (id, name) values ('other', 'Other')");
  const owner = await person(HOME, "Ada");
  const second = await person(HOME, "Bob");
  const foreign = await person(tenantId("other"), "Cyd");
  for (const [tenant, id] of [
    [HOME, owner],
    [HOME, second],
    [tenantId("other"), foreign],
  ] as const) {
    await database.within(wholeOf({ tenant, id }), (tx) =>
      tx.query(
        `insert into conversation (tenant_id, person_id, address_key, platform, scope, container, visibility)
         values ($1, $2, 'k', 'web', 's', 'c', 'private')`,
        [tenant, id],
      ),
    );
  }
  const seen = async (tenant: typeof HOME, id: ReturnType<typeof personId> | "service") =>
    (
      await database.within({ ...serviceOf(tenant), person: id }, (tx) =>
        tx.query("select person_id from conversation"),
      )
    ).rows.map((row) => row.person_id);
  expect(await seen(HOME, owner)).toEqual([owner]);
  expect(await seen(HOME, second)).toEqual([second]);
  expect(await seen(HOME, "service")).toEqual([owner, second]);
  expect(await seen(tenantId("other"), "service")).toEqual([foreign]);
  expect((await database.system((tx) => tx.query("select 1 from conversation"))).rows).toEqual([]);
});

test("a row cannot be written into another person's or tenant's rooms", async () => {
  const ada = await person(HOME, "Ann");
  const bob = await person(HOME, "Ben");
  const write = (tenant: string, id: string) =>
    database.within(wholeOf({ tenant: HOME, id: ada }), (tx) =>
      tx.query(
        `insert into conversation (tenant_id, person_id, address_key, platform, scope, container, visibility)
         values ($1, $2, 'w', 'web', 's', 'c', 'private')`,
        [tenant, id],
      ),
    );
  await expect(write("home", bob)).rejects.toThrow(/row-level security/);
  await expect(write("other", ada)).rejects.toThrow(/row-level security/);
});

test("what was traced cannot be changed or removed by the serving role", async () => {
  const change = (sql: string) => database.within(serviceOf(HOME), (tx) => tx.query(sql));
  await expect(change("update trace_event set epoch = 2")).rejects.toThrow(/permission denied/);
  await expect(change("delete from trace_event")).rejects.toThrow(/permission denied/);
  await expect(change("select 1 from migration")).rejects.toThrow(/permission denied/);
});

async function person(tenant: typeof HOME, name: string) {
  const { rows } = await database.within(serviceOf(tenant), (tx) =>
    tx.query<{ id: string }>("insert into person (tenant_id, name, role) values ($1, $2, 'member') returning id", [
      tenant,
      name,
    ]),
  );
  return personId(rows[0]!.id);
}
