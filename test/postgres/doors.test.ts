/** The product's own doors, each asked from every place for what lies in the others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { placeOf, serviceOf, turnId, wholeOf, type Person, type Place, type Scope } from "#core";
import { forgetItem } from "../../src/postgres/memory/forget.ts";
import { openPlaces, settle, storyOf, WORD, type Land, type Places, type Told } from "./places.ts";
import { countItems, maySee, rowOf, views } from "./who-may-see.ts";

let places: Places;
let lands: readonly Land[];
let told: readonly Told[];
beforeAll(async () => {
  places = await openPlaces();
  ({ lands, told } = await settle(places));
}, 120_000);
afterAll(() => places.close());

test("recall, newest and get show what the place allows, and count nothing else", async () => {
  for (const person of people()) {
    for (const place of views(landOf(person))) {
      const recall = places.memory.as(person, place);
      const scope: Scope = { ...wholeOf(person), ...place };
      const allowed = told.filter((story) => maySee(scope, "memory_item", rowOf(story)));
      const expected = textsOf(allowed);
      const found = await recall.recall({ query: `Where is the ${WORD}?`, limit: 200, budgetTokens: 20_000 });
      const newest = await recall.newest(200);
      const search = await places.store.search(scope, places.lexicon.query(WORD), { limit: 200 });
      expect({
        scope,
        found: textsOf(found.items),
        newest: textsOf(newest),
        documents: search.documents,
        frequencies: search.terms.map(({ df }) => df),
      }).toEqual({
        scope,
        found: expected,
        newest: expected,
        documents: expected.length,
        frequencies: [expected.length],
      });
    }
    for (const story of told) {
      const got = await places.memory.as(person).get(story.item);
      expect(got?.text).toBe(maySee(wholeOf(person), "memory_item", rowOf(story)) ? story.text : undefined);
    }
  }
}, 60_000);

test("a turn works where its conversation is, and keeps there", async () => {
  for (const story of told.filter(({ holder }) => holder)) {
    const { turn, project, branch } = story;
    expect(turn).toMatchObject({ project, branch });
    const seen = await places.memory.as(turn.person, placeOf(turn)).newest(200);
    const expected = told.filter((each) => maySee(placeOf(turn), "memory_item", rowOf(each)));
    expect({ text: story.text, seen: textsOf(seen) }).toEqual({ text: story.text, seen: textsOf(expected) });
    expect(expected).toContain(story);
  }
  // Without a project a turn spans the person's projects; a branch it enters only where it is in one.
  const spanning = textsOf(await places.memory.as(people()[0]!, placeOf(storyOf(told, "Ada", 0, 0).turn)).newest(200));
  expect(spanning).toContain(storyOf(told, "Ada", 2, 0).text);
  expect(spanning).not.toContain(storyOf(told, "Ada", 0, 1).text);
}, 60_000);

test("nobody forgets what they may not see, and a project forgets nothing of another's", async () => {
  const [ada, bob] = [storyOf(told, "Ada", 1, 1), storyOf(told, "Bob", 1, 1)];
  const [there, shared] = [storyOf(told, "Ada", 2, 1), told.find(({ holder }) => !holder)!];
  const foreign = told.find(({ land }) => land === lands[1])!;
  for (const { item } of [bob, shared, foreign]) expect(await places.memory.forget(ada.author, item)).toBe(false);
  for (const { item } of [bob, there, shared, foreign])
    expect(await places.store.forget(placeOf(ada.turn), item)).toBe(false);
  expect((await places.memory.as(bob.author).get(bob.item))?.text).toBe(bob.text);
});

test("the same words in two projects are two items, and each is forgotten on its own", async () => {
  const { author, land } = storyOf(told, "Bob", 1, 0);
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
  const { author, turn, project } = storyOf(told, "Ada", 1, 0);
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
      const after = turnId(BigInt(story.turn.id) + 1n);
      const route = await places.transcript.lastRoute(story.conversation, person, after);
      // Whoever asks at another's private address finds their own conversation there, which is none.
      expect({
        who: `${person.tenant} ${person.name} reads ${story.text}`,
        before: (await places.transcript.before(story.conversation, person, after, 10)).length,
        at: (await places.transcript.at(story.address, person, null, 10)).length,
        reply: (await places.transcript.replyTo(story.message, person))?.text,
        route: route?.route.reason,
      }).toEqual({
        who: `${person.tenant} ${person.name} reads ${story.text}`,
        before: mine ? 2 : 0,
        at: mine ? 2 : 0,
        reply: mine ? `${story.text} Noted.` : undefined,
        route: mine && story.author.id === person.id ? story.address.container : undefined,
      });
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
  const { author, land, address } = storyOf(told, "Ada", 0, 0);
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

const people = (): readonly Person[] => lands.flatMap((land) => land.people);
const landOf = (person: Person): Land => lands.find(({ tenant }) => tenant === person.tenant)!;

const textsOf = (items: readonly { readonly text: string }[]): readonly string[] =>
  items.map(({ text }) => text).toSorted();

const note = (person: Person) =>
  ({
    kind: "note",
    author: person.name,
    trust: "member",
    happenedAt: new Date("2026-03-02T10:00:00Z"),
    stream: "notes",
    message: null,
  }) as const;
