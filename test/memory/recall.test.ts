/** Recall as a person meets it: what is found, in which order, within which budget, and by whom. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  itemId,
  personId,
  tenantId,
  tokensIn,
  wholeOf,
  type LexicalHit,
  type MemoryStore,
  type Person,
  type Place,
} from "#core";
import { createMemory } from "../../src/memory/memory.ts";
import { createProjects } from "../../src/postgres/projects.ts";
import { ids, newMemory, openRoom, type Room } from "./room.ts";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

let count = 0;
const someone = (): Promise<Person> => room.person(`Person ${(count += 1)}`);

test("a note is found at once, with where it came from", async () => {
  const ada = await someone();
  const at = new Date("2026-02-03T10:00:00Z");
  const { id, kept } = await room.keep(ada, "The boiler is serviced by Hanley.", { kind: "fact", happenedAt: at });
  expect(kept).toBe("new");
  const found = await room.recall(ada, "who services the boiler?");
  expect(found).toMatchObject({ verdict: "answer" });
  expect(found.items).toEqual([
    expect.objectContaining({
      id,
      kind: "fact",
      text: "The boiler is serviced by Hanley.",
      author: ada.name,
      trust: "member",
      at,
      person: ada.id,
      matched: ["boiler", "servic"],
      cut: false,
    }),
  ]);
  expect(found.tokens).toBe(tokensIn("The boiler is serviced by Hanley."));
  expect(await room.memory.as(ada).get(id)).toMatchObject({ id, text: "The boiler is serviced by Hanley." });
});

test("a line is also found by the words of its neighbours", async () => {
  const ada = await someone();
  const stream = "conversation:1";
  await room.keep(ada, "About the dentist appointment.", { stream });
  const second = await room.keep(ada, "It is on Friday at ten.", { stream });
  const other = await room.keep(ada, "It was cold and wet.", { stream: "conversation:2" });
  const { items } = await room.recall(ada, "dentist appointment");
  expect(items[0]?.text).toBe("About the dentist appointment.");
  expect(ids(items)).toContain(second.id);
  expect(ids(items)).not.toContain(other.id);
});

test("a line that comes later lends its words to the lines before it", async () => {
  const ada = await someone();
  const stream = "conversation:3";
  const first = await room.keep(ada, "We should meet.", { stream });
  await room.keep(ada, "At the lighthouse.", { stream });
  expect(ids((await room.recall(ada, "lighthouse")).items)).toContain(first.id);
});

test("the parts of a score add up to it", async () => {
  const ada = await someone();
  await room.keep(ada, "The lighthouse opens in June.");
  await room.keep(ada, "Is the lighthouse far?");
  const { items } = await room.recall(ada, "when does the lighthouse open");
  expect(items).toHaveLength(2);
  for (const { score, why } of items) {
    expect(why.lex + why.subject + why.time + why.length + why.penalty).toBeCloseTo(score);
  }
  expect(items[0]?.why).toMatchObject({ lex: 1, time: 0.15, penalty: 0 });
  expect(items[1]?.why).toMatchObject({ time: 0, penalty: -0.1 });
});

test("the one speaker whom the question names comes first", async () => {
  const ada = await someone();
  await room.keep(ada, "The harbour was lovely and calm.", { author: "Lena" });
  const jonas = await room.keep(ada, "The harbour was cold.", { author: "Jonas" });
  const { items } = await room.recall(ada, "What did Jonas say about the harbour?");
  expect(items[0]).toMatchObject({ id: jonas.id, why: { subject: 0.35 } });
  expect(items[1]?.why.subject).toBe(0);
});

test("of two that fit equally the older comes first", async () => {
  const ada = await someone();
  const hit = (id: string, year: number): LexicalHit => ({
    id: itemId(id),
    kind: "note",
    text: `The ferry of pier ${id} sails.`,
    author: ada.name,
    trust: "member",
    at: new Date(Date.UTC(year, 0, 1)),
    person: ada.id,
    bm25: 2,
    stream: "pier",
    project: null,
    own: 4,
    isQuestion: false,
    hasTime: false,
  });
  const search = {
    hits: [hit("1", 2026), hit("2", 2024), hit("3", 2025)],
    terms: [{ term: "ferri", df: 3, weight: 1 }],
    readings: [],
    documents: 3,
  };
  const store: MemoryStore = { ...room.store, recall: async (_, __, ___, conclude) => conclude(search).result };
  const memory = createMemory({ store, lexicon: room.lexicon });
  expect(ids((await memory.as(ada).recall({ query: "ferry" })).items)).toEqual(["2", "3", "1"]);
});

test("what a question asked shortly before is found by that question's words", async () => {
  const ada = await someone();
  const said = (text: string, author: string) => room.keep(ada, text, { kind: "turn", author, stream: "talk:trip" });
  await said("Where does the ferry to the islands leave?", "Ada");
  const reply = await said("Pier nine, behind the fish market.", "Bo");
  await said("Good.", "Ada");
  for (let i = 0; i < 8; i += 1) await room.keep(ada, `Ferry timetable of the islands, page ${i}.`);
  const { items } = await room.memory.as(ada).recall({ query: "where does the ferry to the islands leave", limit: 2 });
  expect(ids(items)).toContain(reply.id);
});

test("the days that a question names come first, counted from when it is asked", async () => {
  const ada = await someone();
  const kept = async (day: string) =>
    (await room.keep(ada, `The invoice of the glazier, of ${day}.`, { happenedAt: new Date(`${day}T12:00:00Z`) })).id;
  const [january, march, april] = [await kept("2026-01-20"), await kept("2026-03-05"), await kept("2026-04-02")];
  const first = async (query: string, now: string) =>
    (await room.memory.as(ada).recall({ query, now: new Date(`${now}T09:00:00Z`) })).items[0]?.id;
  expect(await first("glazier invoice in March", "2026-11-20")).toBe(march);
  expect(await first("glazier invoice before March", "2026-11-20")).toBe(january);
  expect(await first("glazier invoice since April", "2026-11-20")).toBe(april);
  expect(await first("glazier invoice last month", "2026-05-03")).toBe(april);
  expect(await first("glazier invoice last week", "2026-03-10")).toBe(march);
});

test("who asks for decisions, preferences or a project as a whole is given all of it, and nobody else’s", async () => {
  const [eve, mallory] = [await room.person("Eve"), await room.person("Mallory")];
  const { id } = await createProjects(room.database).ensure(eve.tenant, "Borea East");
  const decided = await room.keep(eve, "we ship Atlas on Fridays", { kind: "decision" });
  const liked = await room.keep(eve, "short answers please", { kind: "preference" });
  await room.keep(eve, "the garage code is 4711");
  const supplier = newMemory(eve, "the supplier is Ott");
  const there = await room.memory.add(eve, supplier, { project: id, branch: null });
  const found = async (query: string, asker = eve) => ids((await room.recall(asker, query)).items);

  expect(await found("what did we decide?")).toEqual([decided.id]);
  expect(await found("what did we decide about shipping?")).toEqual([decided.id]);
  expect(await found("what did we decide about the roof?")).toEqual([]);
  expect(await found("What do I prefer?")).toEqual([liked.id]);
  expect(await found("what do you know about project Borea East?")).toEqual([there.id]);
  expect(await found("what do you know about Borea East?", mallory)).toEqual([]);
  expect(await found("what did we decide?", mallory)).toEqual([]);
  const elsewhere = await createProjects(room.database).ensure(eve.tenant, "Zephyr");
  const walled = room.memory.as(eve, { project: elsewhere.id, branch: null });
  expect((await walled.recall({ query: "what do you know about Borea East?" })).items).toEqual([]);
});

test("the project that a question names comes first, also when its lines do not name it", async () => {
  const ada = await someone();
  const project = await createProjects(room.database).ensure(ada.tenant, "Saltmarsh");
  const keep = (text: string, where?: Place) => room.memory.add(ada, newMemory(ada, text), where);
  await keep("The launch of the kayak is in May.");
  const there = await keep("The launch is in June.", { project: project.id, branch: null });
  const { items, verdict } = await room.recall(ada, "when is the launch of Saltmarsh");
  expect(items[0]?.id).toBe(there.id);
  expect(verdict).not.toBe("none");
});

test("of what names a person and what does not, the first tells of them, whoever wrote it", async () => {
  const ada = await someone();
  const named = await room.keep(ada, "Return the drill to Imke.");
  await room.keep(ada, "Bought a drill that I want to return.", { author: "Imke" });
  await room.keep(ada, "A drill, to return.", { author: "Bo" });
  const { items } = await room.recall(ada, "which drill do I return to Imke");
  expect(items.slice(0, 2).map((item) => item.id)).toContain(named.id);
});

test("the same word of two people: each finds only their own", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const hers = await room.keep(ada, "The safe opens with 4711.");
  const his = await room.keep(bob, "The safe opens with 1234.");
  expect(ids((await room.recall(ada, "how does the safe open?")).items)).toEqual([hers.id]);
  expect(ids((await room.recall(bob, "how does the safe open?")).items)).toEqual([his.id]);
  expect(await room.memory.as(bob).get(hers.id)).toBeUndefined();
  expect(ids(await room.memory.newest(bob, 10))).toEqual([his.id]);
});

test("another person's question finds nothing, and neither does another tenant's", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const cyd = await room.person("Cyd", tenantId("elsewhere"));
  await room.keep(ada, "The treasure lies under the old oak.");
  for (const stranger of [bob, cyd]) {
    expect(await room.recall(stranger, "where is the treasure?")).toMatchObject({ verdict: "none", items: [] });
  }
});

test("what others keep does not move anybody's scores", async () => {
  const [ada, bob] = [await someone(), await someone()];
  await room.keep(ada, "The ferry leaves at nine.");
  await room.keep(ada, "The train leaves at ten.");
  const before = await room.recall(ada, "ferry leaves");
  for (let i = 0; i < 20; i += 1) await room.keep(bob, `The ferry leaves, number ${i}.`);
  expect(await room.recall(ada, "ferry leaves")).toEqual(before);
});

test("S15: beside a large tenant whose lines are all nearer, a small one finds its own, as if it were alone", async () => {
  const small = await someone();
  const large = await room.person("Large", tenantId("large"));
  const beside = await someone();
  const told = await room.keep(small, "The lighthouse lamp is changed by Imke, on the first of May.");
  for (let i = 0; i < 9; i += 1) await room.keep(small, `The shed number ${i} is painted by nobody.`);
  const ask = () => room.recall(small, "who changes the lighthouse lamp?");
  const alone = await ask();
  expect(ids(alone.items)).toContain(told.id);
  const nearer = (i: number) => `Who changes the lighthouse lamp? Person ${i} changes the lighthouse lamp.`;
  for (let i = 0; i < 200; i += 1) await room.keep(i % 4 === 0 ? beside : large, nearer(i));
  expect(await ask()).toEqual(alone);
  expect(alone.items.every(({ person }) => person === small.id)).toBe(true);
});

test("S15 twin: the large one finds its own, and is not told what the small one keeps", async () => {
  const large = (await room.database.pool.query<{ id: string }>("select id from person where name = 'Large'")).rows[0]!;
  const who: Person = { id: personId(large.id), tenant: tenantId("large"), name: "Large", role: "member" };
  const { items, verdict } = await room.recall(who, "who changes the lighthouse lamp?");
  expect(verdict).not.toBe("none");
  expect(items.length).toBeGreaterThan(0);
  expect(items.every(({ person }) => person === who.id)).toBe(true);
  expect(items.map(({ text }) => text).join()).not.toContain("Imke");
});

test("what the tenant shares is found by all of its people, and counted with their own", async () => {
  const [ada, bob] = [await someone(), await someone()];
  const { id } = await room.keep(ada, "The office closes at seven.");
  await room.keep(bob, "The office has a piano.");
  const share = ["memory_source", "memory_item", "memory_term", "memory_corpus"].map((table) =>
    room.database.pool.query(`update ${table} set person_id = null where person_id = $1`, [ada.id]),
  );
  await Promise.all(share);
  const found = await room.recall(bob, "when does the office close?");
  expect(found.items[0]).toMatchObject({ id, person: null });
  const query = room.lexicon.query("office");
  const search = await room.store.search(wholeOf(bob), query, { limit: 10 });
  expect(search).toMatchObject({ documents: 2, terms: [{ term: "offic", df: 2, weight: 1 }] });
  // Out of the other tests' sight again.
  await room.database.pool.query("delete from memory_source where person_id is null");
  await room.database.pool.query("delete from memory_term where person_id is null");
  await room.database.pool.query("delete from memory_corpus where person_id is null");
});

test("only items of the asked kinds are found", async () => {
  const ada = await someone();
  await room.keep(ada, "The wall is painted green.");
  const decided = await room.keep(ada, "We decided on a green wall.", { kind: "decision" });
  const { items } = await room.memory.as(ada).recall({ query: "green wall", kinds: ["decision"] });
  expect(ids(items)).toEqual([decided.id]);
  expect(ids(await room.memory.newest(ada, 10, ["decision"]))).toEqual([decided.id]);
});

test("items that say the same in other dress are shown once; other figures are other items", async () => {
  const ada = await someone();
  await room.keep(ada, "Ran 5 miles on Tuesday.");
  await room.keep(ada, "**Ran 5 miles** on Tuesday!");
  await room.keep(ada, "Ran 3 miles on Tuesday.");
  const { items } = await room.recall(ada, "miles ran on Tuesday");
  expect(items.map((item) => item.text).toSorted()).toEqual(["Ran 3 miles on Tuesday.", "Ran 5 miles on Tuesday."]);
});

test("a budget is kept, and one of nothing returns nothing", async () => {
  const ada = await someone();
  for (let i = 0; i < 20; i += 1) await room.keep(ada, `Lighthouse number ${i} stands on a rock in the cold sea.`);
  const ask = (budgetTokens: number, limit = 50) =>
    room.memory.as(ada).recall({ query: "lighthouse", budgetTokens, limit });
  const some = await ask(50);
  expect(some.items.length).toBeGreaterThan(1);
  expect(some.tokens).toBeLessThanOrEqual(50);
  expect(some.tokens).toBe(some.items.reduce((sum, item) => sum + tokensIn(item.text), 0));
  expect(await ask(0)).toMatchObject({ items: [], tokens: 0 });
  expect((await ask(10_000, 3)).items).toHaveLength(3);
  expect((await ask(10_000)).items).toHaveLength(20);
});

test("an item larger than the budget is cut around what was asked, with a mark", async () => {
  const ada = await someone();
  const long = `${"sand and water ".repeat(400)}the pearl lies under the pier ${"wind and rain ".repeat(400)}`;
  const { id } = await room.keep(ada, long);
  const found = await room.memory.as(ada).recall({ query: "where is the pearl?", budgetTokens: 40 });
  expect(found.items[0]).toMatchObject({ id, cut: true });
  expect(found.items[0]?.text).toMatch(/^….*pearl.*…$/s);
  expect(found.tokens).toBeLessThanOrEqual(40);
});

test("recall works across scripts and accents", async () => {
  const ada = await someone();
  const kept = {
    cyrillic: await room.keep(ada, "Запасной ключ от гаража висит за щитком."),
    chinese: await room.keep(ada, "备用钥匙挂在车库的门后面。"),
    accented: await room.keep(ada, "Le café préféré de Zoë est près de la gare."),
  };
  const first = async (query: string) => (await room.recall(ada, query)).items[0];
  expect(await first("где ключ от гаража?")).toMatchObject({
    id: kept.cyrillic.id,
    text: "Запасной ключ от гаража висит за щитком.",
  });
  expect(await first("车库的备用钥匙")).toMatchObject({ id: kept.chinese.id, text: "备用钥匙挂在车库的门后面。" });
  // The same accents in their decomposed form.
  expect(await first("café préféré de Zoë".normalize("NFD"))).toMatchObject({ id: kept.accented.id });
});

test("every recall is logged with what it returned", async () => {
  const ada = await someone();
  const { id } = await room.keep(ada, "The anchor weighs forty kilos.");
  const { confidence } = await room.recall(ada, "what does the anchor weigh?");
  await room.recall(ada, "👍");
  const { rows } = await room.database.pool.query(
    "select verdict, confidence, returned, cited from recall_log where person_id = $1 order by id",
    [ada.id],
  );
  expect(rows).toEqual([
    { verdict: "answer", confidence: expect.closeTo(confidence), returned: [id], cited: [] },
    { verdict: "none", confidence: 0, returned: [], cited: [] },
  ]);
});
