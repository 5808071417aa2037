/** Rows in every place of every table, and what each scope sees of them. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { placeOf, wholeOf, type Scope } from "#core";
import { enter, type Tx } from "../../src/postgres/engine/database.ts";
import { SYSTEM_SCHEMAS } from "../../src/postgres/engine/system-tables.ts";
import { inTransaction } from "../../src/postgres/engine/transaction.ts";
import { relations, walled } from "./catalogue.ts";
import { openPlaces, placesOf, settle, storyOf, WORD, type Land, type Places, type Told } from "./places.ts";
import { countItems, maySee, scopesOf, undone, type Row } from "./who-may-see.ts";

let places: Places;
let lands: readonly Land[];
let told: readonly Told[];
/** The walled tables. */
let tables: readonly string[];
beforeAll(async () => {
  places = await openPlaces();
  tables = walled(await relations(places.database.pool)).map(({ name }) => name);
  ({ lands, told } = await settle(places));
}, 120_000);
afterAll(() => places.close());

test("rows lie in every place of every table", async () => {
  for (const [table, rows] of Object.entries(await rowsOf(places.database.pool))) {
    const shared = ![
      "turn",
      "inbound",
      "route_label",
      "signal",
      "step",
      "outbox_part",
      "trace_event",
      "recall_log",
      "model_call",
      "proposal",
      "decision",
      "effect",
      "schedule",
      "schedule_run",
      "person_rhythm",
      "webhook_delivery",
    ].includes(table);
    const wanted = lands.flatMap((land) =>
      placesOf(land).flatMap(({ project, branch }) =>
        [...land.people.map(({ id }) => id), ...(shared ? [null] : [])].map((person) =>
          JSON.stringify([land.tenant, person, project, branch]),
        ),
      ),
    );
    const there = new Set(rows.map((row) => JSON.stringify([row.tenant, row.person, row.project, row.branch])));
    expect([table, wanted.filter((place) => !there.has(place))]).toEqual([table, []]);
  }
});

test("a scope sees exactly its own rows and those of none", async () => {
  const all = await rowsOf(places.database.pool);
  for (const scope of scopesOf(lands)) {
    const seen = await places.database.within(scope, rowsOf);
    for (const [table, rows] of Object.entries(all)) {
      const expected = rows.filter((row) => maySee(scope, table, row)).map(({ at }) => at);
      const found = seen[table]?.map(({ at }) => at);
      expect({ scope, table, found }).toEqual({ scope, table, found: expected });
    }
  }
}, 120_000);

/** What is seen under these settings, in a transaction that entered no scope. */
const seenUnder = (settings: Readonly<Record<string, string>>) =>
  places.database.system(async (tx) => {
    for (const [name, value] of Object.entries(settings)) await set(tx, `nova.${name}`, value);
    return rowsOf(tx);
  });
const rightly = () => ({ tenant: lands[0]!.tenant, person: lands[0]!.people[0]!.id });

test.each([
  ["never set", {}],
  ["left empty", { project: "", branch: "" }],
  ["nonsense", { project: "1 or true", branch: "**" }],
  ["a number too many", { project: "-1", branch: "1,2" }],
])("S10: a project and branch that are %s show nothing that has one", async (_what, settings) => {
  for (const [table, rows] of Object.entries(await seenUnder({ ...rightly(), ...settings }))) {
    const placed = rows.filter((row) => row.project !== null || row.branch !== null);
    expect({ table, some: rows.length > 0, placed }).toEqual({ table, some: true, placed: [] });
  }
});

test.each([
  ["nothing is set", {}],
  ["all was left empty", { tenant: "", person: "", project: "", branch: "", shared: "" }],
  ["the tenant is missing", { person: "*", project: "*", branch: "*" }],
  ["the tenant was left empty", { tenant: "", person: "*", project: "*", branch: "*" }],
  ["the tenant is nonsense", { tenant: "' or true --", person: "*", project: "*", branch: "*" }],
  ["the tenant is every one", { tenant: "*", person: "*", project: "*", branch: "*" }],
])("S10: where %s there are no rows, and no error that tells of them", async (_what, settings) => {
  expect(Object.values(await seenUnder(settings)).flat()).toEqual([]);
});

test.each([
  ["missing", {}],
  ["left empty", { person: "" }],
  ["nonsense", { person: "1 or true" }],
  ["a word", { person: "service" }],
])("S10: a person that is %s sees nothing that is anybody's", async (_what, settings) => {
  const seen = await seenUnder({ tenant: lands[0]!.tenant, project: "*", branch: "*", ...settings });
  expect(Object.values(seen).flatMap((rows) => rows.filter(({ person }) => person !== null))).toEqual([]);
});

test("S10 twin: with tenant, person and place set rightly each table shows their rows", async () => {
  const seen = await seenUnder({ ...rightly(), project: "*", branch: "*" });
  for (const [table, rows] of Object.entries(seen))
    expect({ table, own: rows.some(({ person }) => person === rightly().person) }).toEqual({ table, own: true });
});

test("S9 twin: transactions between each other's on the same connections each see their own", async () => {
  const mixed = scopesOf(lands).filter((_, i) => i % 5 === 0);
  const look = (scope: Scope) =>
    places.database.within(scope, async (tx) => {
      const first = await countItems(tx);
      await tx.query("select pg_sleep(0.005)");
      return [first, await countItems(tx)];
    });
  const alone = [];
  for (const scope of mixed) alone.push(await look(scope));
  expect(await Promise.all(mixed.map(look))).toEqual(alone);
  expect(new Set(alone.map(([count]) => count)).size).toBeGreaterThan(3);
});

test("S9: two in turn on one connection: the second sees nothing of the first, after a commit as after a failure", async () => {
  const [ada, bob] = lands[0]!.people;
  const pool = new pg.Pool({ ...places.database.connection, max: 1 });
  type On = { readonly pid: number; readonly left: string; readonly seen: readonly Row[] };
  const look = (scope: Scope | null, fails = false): Promise<On> =>
    inTransaction(pool, "", async (tx) => {
      const { rows } = await tx.query<{ pid: number; left: string }>(
        `select pg_backend_pid() as pid, concat(current_setting('nova.tenant', true), current_setting('nova.person', true),
           current_setting('nova.project', true), current_setting('nova.branch', true),
           current_setting('nova.shared', true)) as left`,
      );
      if (scope) await enter(tx, scope);
      if (fails) await tx.query("select 1 / 0");
      return { ...rows[0]!, seen: Object.values(await rowsOf(tx)).flat() };
    });
  try {
    const [first, none, second] = await Promise.all([look(wholeOf(ada!)), look(null), look(wholeOf(bob!))]);
    await expect(look(wholeOf(ada!), true)).rejects.toThrow(/zero/);
    const after = await look(null);
    expect(new Set([first, none, second, after].map(({ pid }) => pid)).size).toBe(1);
    expect([first, none, second, after].map(({ left }) => left)).toEqual(["", "", "", ""]);
    expect([none.seen, after.seen]).toEqual([[], []]);
    expect(first.seen.some(({ person }) => person === ada!.id)).toBe(true);
    expect(second.seen.filter(({ person }) => person === ada!.id)).toEqual([]);
  } finally {
    await pool.end();
  }
});

test("what is written in one place belongs to it, and to no other and none", async () => {
  const { tenant, people, projects, branches } = lands[0]!;
  const [project, other] = projects;
  const [branch, far] = branches;
  const person = people[0]!;
  const write = (scope: Scope, to: { project?: unknown; branch?: unknown }) =>
    undone(places.database, async (tx) => {
      await enterAs(tx, scope);
      await tx.query(
        `insert into memory_tombstone (tenant_id, person_id, project_id, branch_id, content_hash, item_id)
         values ($1, $2, $3, $4, '\\x77', 1)`,
        [tenant, person.id, to.project ?? null, to.branch ?? null],
      );
      return "written";
    });
  const here: Scope = { ...wholeOf(person), project: project!, branch: branch! };
  expect(await write(here, { project, branch })).toBe("written");
  for (const to of [{}, { project }, { branch }, { project: other, branch }, { project, branch: far }])
    await expect(write(here, to)).rejects.toThrow(/row-level security/);
  const nowhere: Scope = { ...wholeOf(person), project: null, branch: null };
  expect(await write(nowhere, {})).toBe("written");
  for (const to of [{ project }, { branch }]) await expect(write(nowhere, to)).rejects.toThrow(/row-level security/);
  expect(await write(wholeOf(person), { project, branch })).toBe("written");
});

test("a row takes the place of what it belongs to, whatever it is told, and cannot belong to what is out of sight", async () => {
  const [mine, theirs] = [storyOf(told, "Ada", 1, 1), storyOf(told, "Ada", 2, 2)];
  const trace = (scope: Scope, turn: string) =>
    undone(places.database, async (tx) => {
      await enterAs(tx, scope);
      const { rows } = await tx.query(
        `insert into trace_event (tenant_id, person_id, turn_id, seq, epoch, at, event, project_id, branch_id)
         values ($1, $2, $3, 99, 1, now(), '{}', $4, $5) returning project_id, branch_id`,
        [scope.tenant, scope.person, turn, theirs.project, theirs.branch],
      );
      return rows[0];
    });
  expect(await trace(wholeOf(mine.author), mine.turn.id)).toEqual({
    project_id: mine.project,
    branch_id: mine.branch,
  });
  expect(await trace(placeOf(mine.turn), mine.turn.id)).toEqual({ project_id: mine.project, branch_id: mine.branch });
  await expect(trace(placeOf(mine.turn), theirs.turn.id)).rejects.toThrow(/cannot be seen/);
  const bob = storyOf(told, "Bob", 1, 1);
  await expect(trace(wholeOf(bob.author), mine.turn.id)).rejects.toThrow(/cannot be seen/);
});

test("S14: no key of a walled table is refused for what another tenant holds", async () => {
  // One that names no tenant must be what nobody chooses: an id that the database counts, or of such a row, or the key
  // that the ledger makes of a proposal.
  const { rows } = await places.database.pool.query<{ table: string; columns: readonly string[] }>(`
    select c.relname as table, array(
        select a.attname::text from unnest(i.indkey) key left join pg_attribute a on a.attrelid = c.oid and a.attnum = key
        where a.attname is not null) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where i.indisunique and n.nspname = 'public' order by 1`);
  const counted = new Set(["id", "turn_id", "conversation_id", "proposal_id", "schedule_id", "item_id", "message_id"]);
  const open = rows.filter(
    ({ table, columns }) =>
      tables.includes(table) &&
      !columns.includes("tenant_id") &&
      !columns.some((column) => counted.has(column)) &&
      `${table}(${columns.join()})` !== "effect(key)",
  );
  expect(rows.length).toBeGreaterThan(30);
  expect(open).toEqual([]);
});

test("S14 twin: a name that another tenant has is free, and one's own is refused", async () => {
  const [home, abroad] = lands;
  const add = (tenant: string, name: string) =>
    undone(places.database, (tx) => tx.query("insert into project (tenant_id, name) values ($1, $2)", [tenant, name]));
  const { rows } = await places.database.pool.query<{ name: string }>(
    "insert into project (tenant_id, name) values ($1, 'Abroad alone') returning name",
    [abroad!.tenant],
  );
  expect((await add(home!.tenant, rows[0]!.name)).rowCount).toBe(1);
  await expect(add(abroad!.tenant, rows[0]!.name)).rejects.toThrow(/project_name/);
});

test("no row can point into another tenant, not even by a hand that no wall holds", async () => {
  const [home, abroad] = lands;
  const point = (column: string, value: unknown) =>
    undone(places.database, (tx) =>
      tx.query(`update memory_tombstone set ${column} = $2 where tenant_id = $1`, [home!.tenant, value]),
    );
  await expect(point("project_id", abroad!.projects[0])).rejects.toThrow(/foreign key/);
  await expect(point("branch_id", abroad!.branches[0])).rejects.toThrow(/foreign key/);
  await expect(point("person_id", abroad!.people[0]!.id)).rejects.toThrow(/foreign key/);
  const { rows } = await places.database.pool.query(
    `select c.conrelid::regclass::text as child, c.conname from pg_constraint c
     where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confrelid <> 'tenant'::regclass
       and exists (select from pg_attribute a where a.attrelid = c.confrelid and a.attname = 'tenant_id')
       and exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attname = 'tenant_id')
       and cardinality(c.conkey) < 2`,
  );
  expect(rows).toEqual([]);
});

test("the queue's tables quote nothing and name ids only", async () => {
  const all = await relations(places.database.pool);
  for (const { schema, name } of all.filter((each) => each.schema in SYSTEM_SCHEMAS)) {
    const { rows } = await places.database.pool.query(
      `select 1 from ${schema}.${name} as line where line::text ilike '%' || $1 || '%' limit 1`,
      [WORD],
    );
    expect([name, rows]).toEqual([name, []]);
  }
  const { rows } = await places.database.pool.query<{ key: string; value: string }>(
    "select distinct key, value from pgboss.job, jsonb_each_text(data::jsonb)",
  );
  // The queue drops a call for a schedule once its time is long over, as it is by the clock of these places.
  const keys = new Set(rows.map(({ key }) => key));
  expect(keys).toContain("conversation");
  expect(["conversation", "schedule"]).toEqual(expect.arrayContaining([...keys]));
  expect(rows.filter(({ value }) => !/^\d+$/.test(value))).toEqual([]);
});

/** Every walled table's rows as this transaction sees them, in the order of their places on disk. */
async function rowsOf(tx: Tx): Promise<Readonly<Record<string, readonly Row[]>>> {
  const { rows } = await tx.query<Row & { table: string }>(
    tables
      .map(
        (name) =>
          `select '${name}' as table, ctid::text as at, tenant_id as tenant, person_id as person, project_id as project,
             branch_id as branch from ${name}`,
      )
      .join(" union all "),
  );
  const found: Record<string, Row[]> = Object.fromEntries(tables.map((name) => [name, []]));
  for (const { table, ...row } of rows) found[table]?.push(row);
  for (const list of Object.values(found)) list.sort((a, b) => (a.at < b.at ? -1 : 1));
  return found;
}

const set = (tx: Tx, name: string, value: string) => tx.query("select set_config($1, $2, true)", [name, value]);

async function enterAs(tx: Tx, scope: Scope): Promise<void> {
  await tx.query("set local role nova_app");
  await enter(tx, scope);
}
