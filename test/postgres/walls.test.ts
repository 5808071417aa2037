/** Row-level security: every table is walled or has a stated reason not to be, and the walls hold. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME, personId, tenantId, serviceOf, wholeOf } from "#core";
import type { Database } from "../../src/postgres/database.ts";
import { SYSTEM_TABLES } from "../../src/postgres/system-tables.ts";
import { testDatabase } from "../support/database.ts";

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("every table has a forced wall or a reason to stand outside", async () => {
  const { rows } = await database.pool.query<{ name: string; walled: boolean }>(`
    select c.relname as name,
           c.relrowsecurity and c.relforcerowsecurity
             and exists (select from pg_policy p where p.polrelid = c.oid and p.polwithcheck is not null) as walled
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname`);
  const open = rows.filter((row) => !row.walled).map((row) => row.name);
  expect(open).toEqual(Object.keys(SYSTEM_TABLES).toSorted());
  expect(rows.length).toBeGreaterThan(open.length + 7);
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
