/** Memory's rows: one item a text, walls between people, and forgetting that leaves nothing behind. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME, itemId, turnId, serviceOf, wholeOf, type Person, type Scope } from "#core";
import { newMemory, openRoom, type Room } from "../memory/room.ts";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

let count = 0;
const someone = (): Promise<Person> => room.person(`Person ${(count += 1)}`);
const scopeOf = (person: Person): Scope => wholeOf(person);

const TABLES = ["memory_source", "memory_item", "memory_term", "memory_corpus", "memory_tombstone", "recall_log"];

async function rowsOf(person: Person, table: string): Promise<number> {
  const { rows } = await room.database.pool.query<{ n: number }>(
    `select count(*)::int as n from ${table} where person_id = $1`,
    [person.id],
  );
  return rows[0]?.n ?? 0;
}

test("the same text of one person is one item, however often it is said; of another person it is another", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const first = await room.keep(ada, "The gate code is 17.");
  expect(await room.keep(ada, "  The gate code is 17.\n")).toEqual({ id: first.id, kept: "seen" });
  expect(await rowsOf(ada, "memory_item")).toBe(1);
  expect((await room.terms(ada)).get("gate")).toBe(1);
  const second = await room.keep(bob, "The gate code is 17.");
  expect(second.kept).toBe("new");
  expect(second.id).not.toBe(first.id);
});

test("frequencies, size and vectors after many lines are those of an index made at once", async () => {
  const ada = await someone();
  const texts = [
    "The kiln is hot.",
    "Glaze comes next.",
    "Cups and bowls.",
    "Who fires it?",
    "Lena does.",
    "On Sunday.",
  ];
  const lines = texts.map((text) => ({ text, speaker: ada.name, at: new Date(Date.UTC(2026, 0, 1)) }));
  for (const text of texts) await room.keep(ada, text, { stream: "kiln" });

  const whole = lines.map((line, i) =>
    room.lexicon.document(line, lines.slice(Math.max(0, i - 3), i), lines.slice(i + 1, i + 4)),
  );
  const expected = new Map<string, number>();
  for (const { term } of whole.flatMap((document) => document.terms)) expected.set(term, (expected.get(term) ?? 0) + 1);
  expect(await room.terms(ada)).toEqual(expected);

  const { rows } = await room.database.pool.query<{ documents: number; total_length: number; lens: number[] }>(
    `select documents, total_length, (select array_agg(len order by id) from memory_item where person_id = $1) as lens
     from memory_corpus where person_id = $1`,
    [ada.id],
  );
  expect(rows[0]?.documents).toBe(texts.length);
  expect(rows[0]?.total_length).toBeCloseTo(whole.reduce((sum, document) => sum + document.length, 0));
  rows[0]?.lens.forEach((len, i) => expect(len).toBeCloseTo(whole[i]!.length));
});

test("forgetting takes the item, its sources, its words, its places in neighbours and in the log", async () => {
  const ada = await someone();
  const stream = "walk";
  const before = await room.keep(ada, "We went for a walk.", { stream });
  const gone = await room.keep(ada, "The hermit showed us his hideaway.", { stream });
  const after = await room.keep(ada, "Then it rained.", { stream });
  const found = await room.recall(ada, "hermit hideaway");
  expect(found.items.map((item) => item.id)).toEqual(expect.arrayContaining([before.id, gone.id, after.id]));

  expect(await room.memory.forget(ada, gone.id)).toBe(true);

  expect(await room.memory.as(ada).get(gone.id)).toBeUndefined();
  expect(await room.recall(ada, "hermit hideaway")).toMatchObject({ verdict: "none", items: [] });
  const terms = await room.terms(ada);
  expect([...terms.keys()]).not.toEqual(expect.arrayContaining([expect.stringMatching(/hermit|hideawai/)]));
  expect(terms.get("walk")).toBe(2);
  expect(await rowsOf(ada, "memory_source")).toBe(2);
  const { rows } = await room.database.pool.query<{ returned: string[] }>(
    "select returned from recall_log where person_id = $1",
    [ada.id],
  );
  expect(rows.flatMap((row) => row.returned)).not.toContain(gone.id);
});

test("an index from which lines were taken is the one that never held them", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const texts = [
    "one apple",
    "two pears",
    "three plums",
    "four figs",
    "five limes",
    "six dates",
    "seven nuts",
    "eight kiwis",
  ];
  const kept = [];
  for (const text of texts) kept.push(await room.keep(ada, text, { stream: "fruit", author: "Eve" }));
  for (const i of [0, 3, 7, 4]) await room.memory.forget(ada, kept[i]!.id);
  for (const i of [1, 2, 5, 6]) await room.keep(bob, texts[i]!, { stream: "fruit", author: "Eve" });
  expect(await room.terms(ada)).toEqual(await room.terms(bob));
  const lengths = async (person: Person) =>
    (await room.database.pool.query("select len from memory_item where person_id = $1 order by id", [person.id])).rows;
  expect(await lengths(ada)).toEqual(await lengths(bob));
});

test("what was forgotten does not come back", async () => {
  const ada = await someone();
  const { id } = await room.keep(ada, "My old address is Elm Street 9.");
  await room.memory.forget(ada, id);
  expect(await room.keep(ada, "My old address is Elm Street 9.")).toEqual({ id, kept: "forgotten" });
  expect(await rowsOf(ada, "memory_item")).toBe(0);
  expect(await rowsOf(ada, "memory_source")).toBe(0);
  expect(await room.terms(ada)).toEqual(new Map());
  expect(await room.memory.forget(ada, id)).toBe(false);
});

test("nobody forgets for another, and a word that names no item forgets nothing", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const { id } = await room.keep(ada, "The cellar floods in spring.");
  expect(await room.memory.forget(bob, id)).toBe(false);
  for (const odd of ["", "m12", "1; drop table memory_item", "99999999999999999999", "-1"]) {
    expect(await room.memory.forget(ada, itemId(odd))).toBe(false);
    expect(await room.memory.as(ada).get(itemId(odd))).toBeUndefined();
  }
  expect(await room.memory.as(ada).get(id)).toBeDefined();
});

test.each(TABLES)("no row of %s is visible to the service, to others, or without a scope", async (table) => {
  const [ada, bob] = [await someone(), await someone()];
  const { id } = await room.keep(ada, "The parrot is called Biscuit.");
  await room.keep(ada, "The cat is called Pepper.");
  await room.memory.forget(ada, id);
  await room.recall(ada, "parrot or cat");
  const query = `select 1 from ${table} where person_id = ${ada.id}`;
  const seen = async (scope: Scope) => (await room.database.within(scope, (tx) => tx.query(query))).rowCount;
  expect(await seen(scopeOf(ada))).toBeGreaterThan(0);
  expect(await seen(scopeOf(bob))).toBe(0);
  expect(await seen(serviceOf(HOME))).toBe(0);
  expect((await room.database.system((tx) => tx.query(query))).rowCount).toBe(0);
});

test("what is shared by the tenant is hidden from the service, too", async () => {
  const ada = await someone();
  await room.keep(ada, "The office has a piano.");
  await room.database.pool.query("update memory_item set person_id = null where person_id = $1", [ada.id]);
  const seen = (scope: Scope) =>
    room.database.within(scope, (tx) => tx.query("select 1 from memory_item where person_id is null"));
  expect((await seen(scopeOf(ada))).rowCount).toBe(1);
  expect((await seen(serviceOf(HOME))).rowCount).toBe(0);
  await room.database.pool.query("delete from memory_item where person_id is null");
});

test("a row for another person or tenant is refused", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const forge = (tenant: string, person: string) =>
    room.database.within(scopeOf(ada), (tx) =>
      tx.query(
        `insert into memory_source (tenant_id, person_id, kind, stream, author, trust, body, content_hash, happened_at)
         values ($1, $2, 'note', 's', 'x', 'owner', 'forged', '\\x00', now())`,
        [tenant, person],
      ),
    );
  await expect(forge(HOME, bob.id)).rejects.toThrow(/row-level security/);
  await expect(forge("other", ada.id)).rejects.toThrow(/row-level security/);
});

test("the service keeps no memory", async () => {
  const ada = await someone();
  await expect(room.store.add(serviceOf(HOME), newMemory(ada, "x"))).rejects.toThrow(/Nova itself keeps no memory/);
});

test("a settling turn keeps, drops and cites in its own transaction, or not at all", async () => {
  const ada = await someone();
  const turn = await aTurn(ada);
  const { id } = await room.keep(ada, "The bakery opens at six.");
  const old = await room.keep(ada, "The bakery closes at noon.");
  await room.memory.as(ada).recall({ query: "when does the bakery open?", turn });

  const settle = (end: () => void) =>
    room.database.within(scopeOf(ada), async (tx) => {
      await room.writer.keep(tx, scopeOf(ada), [newMemory(ada, "The bakery sells rye."), newMemory(ada, "")]);
      await room.writer.keep(tx, scopeOf(ada), [newMemory(ada, `Long: ${"x".repeat(30_000)}`)]);
      await room.writer.drop(tx, scopeOf(ada), [old.id]);
      await room.writer.cite(tx, scopeOf(ada), turn, [id, itemId("nonsense")]);
      end();
    });
  const texts = async () => (await room.memory.newest(ada, 10)).map((item) => item.text.slice(0, 26));

  await expect(
    settle(() => {
      throw new Error("the hold was lost");
    }),
  ).rejects.toThrow("the hold was lost");
  expect(await texts()).toEqual(["The bakery closes at noon.", "The bakery opens at six."]);

  await settle(() => {});
  expect(await texts()).toEqual([`Long: ${"x".repeat(20)}`, "The bakery sells rye.", "The bakery opens at six."]);
  const { rows } = await room.database.pool.query("select returned, cited from recall_log where turn_id = $1", [turn]);
  expect(rows).toEqual([{ returned: [id], cited: [id] }]);
});

test("many writers of one person at once lose no word", async () => {
  const ada = await someone();
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => room.keep(ada, `Boat number${i} is afloat.`, { stream: "harbour" })),
  );
  const terms = await room.terms(ada);
  expect(terms.get("afloat")).toBe(12);
  expect((await room.memory.newest(ada, 20)).length).toBe(12);
});

async function aTurn(person: Person) {
  const scope = scopeOf(person);
  const { rows } = await room.database.within(scope, (tx) =>
    tx.query<{ id: string }>(
      `with made as (
         insert into conversation (person_id, address_key, platform, scope, container, visibility)
         values ($1, $2, 'web', 's', 'c', 'private') returning id)
       insert into turn (conversation_id, person_id, address, started_at) select id, $1, '{}', now() from made
       returning id`,
      [person.id, `turn of ${person.id}`],
    ),
  );
  return turnId(rows[0]?.id ?? "");
}
