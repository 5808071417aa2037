/** Nothing of a tenant, person, project or branch is seen elsewhere: every table, every scope, every door. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeOf, serviceOf, wholeOf, type Person, type Place, type Scope } from "#core";
import { enter, type Tx } from "../../src/postgres/database.ts";
import { forgetItem } from "../../src/postgres/memory-forget.ts";
import { SYSTEM_SCHEMAS, SYSTEM_TABLES, TENANT_TABLES } from "../../src/postgres/system-tables.ts";
import { definers, faultsOf, relations, walled } from "./catalogue.ts";
import { openPlaces, placesOf, settle, WORD, type Land, type Places, type Told } from "./places.ts";

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

describe("the catalogue", () => {
  test("everything that holds rows is walled by tenant, person, project and branch, or has a reason", async () => {
    const all = await relations(places.database.pool);
    expect(all.flatMap(faultsOf)).toEqual([]);
    // A reason for what is not there would hide the next table of that name.
    const names = new Set(all.filter(({ schema }) => schema === "public").map(({ name }) => name));
    expect([...Object.keys(SYSTEM_TABLES), ...Object.keys(TENANT_TABLES)].filter((name) => !names.has(name))).toEqual(
      [],
    );
    expect(Object.keys(SYSTEM_SCHEMAS).filter((schema) => !all.some((each) => each.schema === schema))).toEqual([]);
    expect(walled(all).length).toBeGreaterThan(12);
  });

  test("no function acts with its owner's rights, and the serving role belongs to no other", async () => {
    expect(await definers(places.database.pool)).toEqual([]);
    const { rows } = await places.database.pool.query(
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
    expect(await undone(async (tx) => (await tx.query(sql), (await relations(tx)).flatMap(faultsOf)))).toContain(fault);
  });

  test("a function with its owner's rights would be noticed", async () => {
    const sql = "create function peek() returns bigint language sql security definer as 'select count(*) from message'";
    expect(await undone(async (tx) => (await tx.query(sql), definers(tx)))).toEqual(["public.peek"]);
  });

  test("the queue's tables quote nothing and name ids only", async () => {
    const all = await relations(places.database.pool);
    for (const { schema, name } of all.filter((each) => each.schema in SYSTEM_SCHEMAS)) {
      const { rows } = await places.database.pool.query(
        `select 1 from ${schema}.${name} as line where line::text ilike '%' || $1 || '%' limit 1`,
        [WORD],
      );
      expect(rows, name).toEqual([]);
    }
    const { rows } = await places.database.pool.query<{ key: string; value: string }>(
      "select distinct key, value from pgboss.job, jsonb_each_text(data::jsonb)",
    );
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(["conversation"]));
    expect(rows.filter(({ value }) => !/^\d+$/.test(value))).toEqual([]);
  });
});

describe("every table in every scope", () => {
  test("rows lie in every place of every table", async () => {
    for (const [table, rows] of Object.entries(await rowsOf(places.database.pool))) {
      const shared = !["turn", "inbound", "step", "outbox_part", "trace_event", "recall_log"].includes(table);
      const wanted = lands.flatMap((land) =>
        placesOf(land).flatMap(({ project, branch }) =>
          [...land.people.map(({ id }) => id), ...(shared ? [null] : [])].map((person) =>
            JSON.stringify([land.tenant, person, project, branch]),
          ),
        ),
      );
      const there = new Set(rows.map((row) => JSON.stringify([row.tenant, row.person, row.project, row.branch])));
      expect(
        wanted.filter((place) => !there.has(place)),
        table,
      ).toEqual([]);
    }
  });

  test("a scope sees exactly its own rows and those of none", async () => {
    const all = await rowsOf(places.database.pool);
    for (const scope of scopes()) {
      const seen = await places.database.within(scope, rowsOf);
      for (const [table, rows] of Object.entries(all)) {
        const expected = rows.filter((row) => maySee(scope, table, row)).map(({ at }) => at);
        expect(
          seen[table]?.map(({ at }) => at),
          `${table} for ${JSON.stringify(scope)}`,
        ).toEqual(expected);
      }
    }
  }, 120_000);

  test.each([
    ["never set", []],
    ["left empty", ["nova.project", "", "nova.branch", ""]],
    ["nonsense", ["nova.project", "1 or true", "nova.branch", "**"]],
    ["a number too many", ["nova.project", "-1", "nova.branch", "1,2"]],
  ])("a project and branch that are %s show nothing that has one", async (_what, settings) => {
    const [land] = lands;
    const seen = await places.database.system(async (tx) => {
      await set(tx, "nova.tenant", land!.tenant);
      await set(tx, "nova.person", land!.people[0]!.id);
      for (let i = 0; i < settings.length; i += 2) await set(tx, settings[i]!, settings[i + 1]!);
      return rowsOf(tx);
    });
    for (const [table, rows] of Object.entries(seen)) {
      expect(rows.length, table).toBeGreaterThan(0);
      expect(
        rows.filter((row) => row.project !== null || row.branch !== null),
        table,
      ).toEqual([]);
    }
  });

  test("a transaction that entered no scope sees nothing at all", async () => {
    expect(Object.values(await places.database.system(rowsOf)).flat()).toEqual([]);
  });

  test("transactions between each other's on the same connections see their own, and leave nothing behind", async () => {
    const mixed = scopes().filter((_, i) => i % 5 === 0);
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
    await expect(
      places.database.within(wholeOf(lands[0]!.people[0]!), (tx) => tx.query("select 1 / 0")),
    ).rejects.toThrow(/zero/);
    const left = await Promise.all(
      Array.from({ length: 20 }, () =>
        places.database.system((tx) =>
          tx.query<{ left: string }>(
            `select concat(current_setting('nova.tenant', true), current_setting('nova.person', true),
               current_setting('nova.project', true), current_setting('nova.branch', true)) as left`,
          ),
        ),
      ),
    );
    expect(left.map(({ rows }) => rows[0]?.left).filter(Boolean)).toEqual([]);
  });

  test("what is written in one place belongs to it, and to no other and none", async () => {
    const { tenant, people, projects, branches } = lands[0]!;
    const [project, other] = projects;
    const [branch, far] = branches;
    const person = people[0]!;
    const write = (scope: Scope, to: { project?: unknown; branch?: unknown }) =>
      undone(async (tx) => {
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
      await expect(write(here, to), JSON.stringify(to)).rejects.toThrow(/row-level security/);
    const nowhere: Scope = { ...wholeOf(person), project: null, branch: null };
    expect(await write(nowhere, {})).toBe("written");
    for (const to of [{ project }, { branch }]) await expect(write(nowhere, to)).rejects.toThrow(/row-level security/);
    expect(await write(wholeOf(person), { project, branch })).toBe("written");
  });

  test("a row takes the place of what it belongs to, whatever it is told, and cannot belong to what is out of sight", async () => {
    const [mine, theirs] = [storyOf("Ada", 1, 1), storyOf("Ada", 2, 2)];
    const trace = (scope: Scope, turn: string) =>
      undone(async (tx) => {
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
    const bob = storyOf("Bob", 1, 1);
    await expect(trace(wholeOf(bob.author), mine.turn.id)).rejects.toThrow(/cannot be seen/);
  });

  test("no row can point into another tenant, not even by a hand that no wall holds", async () => {
    const [home, abroad] = lands;
    const point = (column: string, value: unknown) =>
      undone((tx) =>
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
});

describe("every door", () => {
  test("recall, newest and get show what the place allows, and count nothing else", async () => {
    for (const person of people()) {
      for (const place of views(landOf(person))) {
        const recall = places.memory.as(person, place);
        const scope: Scope = { ...wholeOf(person), ...place };
        const allowed = told.filter((story) => maySee(scope, "memory_item", rowOf(story)));
        const expected = allowed.map(({ text }) => text).toSorted();
        const label = JSON.stringify(scope);
        const found = await recall.recall({ query: `Where is the ${WORD}?`, limit: 200, budgetTokens: 20_000 });
        expect(found.items.map(({ text }) => text).toSorted(), label).toEqual(expected);
        expect((await recall.newest(200)).map(({ text }) => text).toSorted(), label).toEqual(expected);
        const search = await places.store.search(scope, places.lexicon.query(WORD), { limit: 200 });
        expect(search.documents, label).toBe(expected.length);
        expect(
          search.frequencies.map(({ df }) => df),
          label,
        ).toEqual([expected.length]);
      }
      for (const story of told) {
        const got = await places.memory.as(person).get(story.item);
        expect(got?.text).toBe(maySee(wholeOf(person), "memory_item", rowOf(story)) ? story.text : undefined);
      }
    }
  }, 60_000);

  test("a turn works where its conversation is, and keeps there", async () => {
    for (const story of told.filter(({ holder }) => holder)) {
      const { turn, project, branch, author } = story;
      expect(turn).toMatchObject({ project, branch });
      const seen = await places.memory.as(turn.person, placeOf(turn)).newest(200);
      const stories = told.filter(({ item }) => seen.some(({ id }) => id === item));
      expect(stories).toContain(story);
      for (const each of stories) {
        expect(each.land).toBe(story.land);
        expect([null, author]).toContain(each.holder);
        expect([null, branch]).toContain(each.branch);
        if (project !== null) expect([null, project]).toContain(each.project);
      }
      if (project === null) expect(new Set(stories.map((each) => each.project)).size).toBe(3);
    }
  }, 60_000);

  test("nobody forgets what they may not see, and a project forgets nothing of another's", async () => {
    const [ada, bob] = [storyOf("Ada", 1, 1), storyOf("Bob", 1, 1)];
    const [there, shared] = [storyOf("Ada", 2, 1), told.find(({ holder }) => !holder)!];
    const foreign = told.find(({ land }) => land === lands[1])!;
    for (const { item } of [bob, shared, foreign]) expect(await places.memory.forget(ada.author, item)).toBe(false);
    for (const { item } of [bob, there, shared, foreign])
      expect(await places.store.forget(placeOf(ada.turn), item)).toBe(false);
    expect((await places.memory.as(bob.author).get(bob.item))?.text).toBe(bob.text);
  });

  test("the same words in two projects are two items, and each is forgotten on its own", async () => {
    const { author, land } = storyOf("Bob", 1, 0);
    const [first, second] = land.projects.map((project) => ({ project, branch: null }));
    const words = { ...note(author), text: "The harbour master is called Ines." };
    const a = await places.memory.add(author, words, first);
    const b = await places.memory.add(author, words, second);
    expect([a.kept, b.kept]).toEqual(["new", "new"]);
    expect(await places.memory.add(author, words, first)).toEqual({ id: a.id, kept: "seen" });
    // Both are recalled by one who spans the projects; they read as one.
    expect((await places.memory.as(author).recall({ query: "harbour master" })).items).toHaveLength(1);

    expect(await places.memory.forget(author, a.id)).toBe(true);
    expect(await places.memory.add(author, words, first)).toEqual({ id: a.id, kept: "forgotten" });
    expect(await places.memory.add(author, words, second)).toEqual({ id: b.id, kept: "seen" });
    const search = (place: Place | undefined) =>
      places.memory.as(author, place).recall({ query: "harbour master", limit: 5 });
    expect((await search(first)).verdict).toBe("none");
    expect((await search(second)).items.map(({ id }) => id)).toEqual([b.id]);
    expect(await places.memory.forget(author, b.id)).toBe(true);
  });

  test("forgetting what is of no project works from within one, and takes it out of every project's log", async () => {
    const { author, turn, project } = storyOf("Ada", 1, 0);
    const kept = await places.memory.add(author, { ...note(author), text: "The ferryman whistles at dawn." });
    await places.memory.as(author, placeOf(turn)).recall({ query: "ferryman whistles" });
    const logged = async () =>
      (await places.database.pool.query("select project_id from recall_log where $1 = any(returned)", [kept.id])).rows;
    expect(await logged()).toEqual([{ project_id: project }]);
    const after = await places.database.within(placeOf(turn), async (tx) => {
      await forgetItem(tx, placeOf(turn), kept.id, places.lexicon);
      return countItems(tx);
    });
    expect(await logged()).toEqual([]);
    // The transaction is back in its own place.
    expect(after).toBe(await places.database.within(placeOf(turn), countItems));
    expect(await places.memory.as(author).get(kept.id)).toBeUndefined();
  });

  test("transcript, replies and routes are their person's, and a shared conversation its tenant's", async () => {
    for (const person of people()) {
      for (const story of told) {
        const mine = story.land.tenant === person.tenant && (!story.holder || story.holder.id === person.id);
        const label = `${person.tenant} ${person.name} reads ${story.text}`;
        const after = String(Number(story.turn.id) + 1) as typeof story.turn.id;
        const before = await places.transcript.before(story.conversation, person, after, 10);
        expect(before.length, label).toBe(mine ? 2 : 0);
        const reply = await places.transcript.replyTo(story.message, person);
        expect(reply?.text, label).toBe(mine ? `${story.text} Noted.` : undefined);
        const route = await places.transcript.lastRoute(story.conversation, person, after);
        expect(route?.route.reason !== undefined, label).toBe(mine && story.author.id === person.id);
        // Asking at another's private address finds one's own conversation there, which is none.
        const at = await places.transcript.at(story.address, person, null, 10);
        expect(at.length, label).toBe(mine ? 2 : 0);
      }
    }
  }, 60_000);

  test("traces and operations are their person's, and the owner's only within the tenant", async () => {
    for (const person of people()) {
      const own = places.operations.as(wholeOf(person));
      const tenant = places.operations.as(serviceOf(person.tenant));
      for (const { turn, author, land } of told) {
        expect((await own.turn(turn.id)) !== undefined).toBe(author.id === person.id);
        expect((await tenant.turn(turn.id)) !== undefined).toBe(land.tenant === person.tenant);
      }
      const mine = told.filter(({ author }) => author.id === person.id);
      expect((await own.recent(1_000)).map(({ turn }) => turn).toSorted()).toEqual(
        mine.map(({ turn }) => turn.id).toSorted(),
      );
      expect((await own.report(new Date(0))).turns.done).toBe(mine.length);
    }
  }, 60_000);

  test("a delivery stays one message, whatever project the second one names", async () => {
    const { author, land, address } = storyOf("Ada", 0, 0);
    const inbound = {
      deliveryKey: "once",
      messageKey: "once",
      address: { ...address, container: "a page of its own" },
      sender: { platform: "web", scope: land.tenant, id: author.name },
      text: "Once only.",
      sentAt: new Date("2026-03-02T09:59:59Z"),
    };
    const first = await places.intake.put({ ...inbound, project: land.projects[0]! }, false);
    const second = await places.intake.put({ ...inbound, project: land.projects[1]! }, false);
    expect([first.kind, second.kind]).toEqual(["new", "seen"]);
    if (first.kind !== "new") throw new Error("it was not stored");
    const { rows } = await places.database.pool.query(
      `select message.project_id as message, inbound.project_id as inbound
       from message join inbound on inbound.message_id = message.id where message.id = $1`,
      [first.message],
    );
    expect(rows).toEqual([{ message: land.projects[0], inbound: land.projects[0] }]);
    expect(await places.turns.take(first.conversation)).toMatchObject({ project: land.projects[0], branch: null });
  });
});

type Row = {
  readonly at: string;
  readonly tenant: string;
  readonly person: string | null;
  readonly project: string | null;
  readonly branch: string | null;
};

/** The rule, told a second time and in another language. */
function maySee(scope: Scope, table: string, row: Row): boolean {
  if (row.tenant !== scope.tenant) return false;
  const memory = table.startsWith("memory_") || table === "recall_log";
  if (scope.person === "service") {
    if (memory) return false;
  } else if (row.person !== null && row.person !== scope.person) return false;
  const within = (value: string | null, setting: string | null) =>
    value === null || setting === "every" || value === setting;
  return within(row.project, scope.project) && within(row.branch, scope.branch);
}

const rowOf = (story: Told): Row => ({
  at: "",
  tenant: story.land.tenant,
  person: story.holder?.id ?? null,
  project: story.project,
  branch: story.branch,
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

/** Every scope that the settings can name. */
const scopes = (): readonly Scope[] =>
  lands.flatMap((land) =>
    [...land.people.map(({ id }) => id), "service" as const].flatMap((person) =>
      views(land).map((place) => ({ tenant: land.tenant, person, ...place })),
    ),
  );

const views = (land: Land): readonly Place[] =>
  ([null, ...land.projects, "every"] as const).flatMap((project) =>
    ([null, ...land.branches, "every"] as const).map((branch) => ({ project, branch })),
  );

const people = (): readonly Person[] => lands.flatMap((land) => land.people);
const landOf = (person: Person): Land => lands.find(({ tenant }) => tenant === person.tenant)!;

/** A story of the first tenant: of the nth project and branch, 0 for none. */
function storyOf(name: string, project: number, branch: number): Told {
  const [land] = lands;
  const place = { project: [null, ...land!.projects][project], branch: [null, ...land!.branches][branch] };
  const found = told.find(
    (story) =>
      story.land === land &&
      story.holder?.name === name &&
      story.project === place.project &&
      story.branch === place.branch,
  );
  if (!found) throw new Error(`nobody told a story as ${name} there`);
  return found;
}

const note = (person: Person) =>
  ({
    kind: "note",
    author: person.name,
    trust: "member",
    happenedAt: new Date("2026-03-02T10:00:00Z"),
    stream: "notes",
    message: null,
  }) as const;

const set = (tx: Tx, name: string, value: string) => tx.query("select set_config($1, $2, true)", [name, value]);

async function enterAs(tx: Tx, scope: Scope): Promise<void> {
  await tx.query("set local role nova_app");
  await enter(tx, scope);
}

const countItems = async (tx: Tx): Promise<number | undefined> =>
  (await tx.query<{ n: number }>("select count(*)::int as n from memory_item")).rows[0]?.n;

/** Works as the database's owner, and takes everything back. */
async function undone<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await places.database.pool.connect();
  try {
    await client.query("begin");
    return await work(client);
  } finally {
    await client.query("rollback");
    client.release();
  }
}
