/** What Nova says unasked: once, where the person can be told, and put right where it was said. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  agentId,
  conversationId,
  wholeOf,
  type Address,
  type Announcement,
  type ConversationId,
  type ExternalId,
  type MessageId,
  type OutPart,
  type Person,
  type SendResult,
  type Settlement,
} from "#core";
import { createAnnouncements } from "../../src/turn/announce.ts";
import { createDirectory } from "../../src/postgres/people/directory.ts";
import { answer, channel, openStores, page, type Stores } from "./stores.ts";

let nova: Stores;
let said: ReturnType<typeof createAnnouncements>;
beforeAll(async () => {
  nova = await openStores();
  // Lines are parts, so that a text of several is a reply of several.
  const render = (_at: Address, text: string) => text.split("\n").map((body) => ({ body }));
  said = createAnnouncements(nova.announced, { render, renderOwn: render });
});
afterAll(() => nova.close());

const chat = (container: string, root: string | null = null): Address => ({
  platform: "chat",
  scope: "team",
  container,
  root,
  visibility: "private",
});
const chatting = (name: string): ExternalId => ({ platform: "chat", scope: "team", id: name });
const sent = (externalId: string): SendResult => ({ kind: "sent", externalId });

let people = 0;
/** Somebody whom no other test knows, with an account on the page and one on the platform. */
async function somebody(): Promise<Person> {
  people += 1;
  const person = await nova.person(`somebody ${people}`);
  await nova.people.link(chatting(person.name), person.id);
  return person;
}

const speak = (person: Person, address: Address, sender = chatting(person.name)) =>
  nova.say(person.name, "words", { address, sender });

const words = (to: Person, more: Partial<Announcement> = {}): Announcement => ({
  key: `key of ${to.id}`,
  to,
  address: null,
  text: "It is done.",
  agent: null,
  ...more,
});

async function tell(to: Person, more: Partial<Announcement> = {}, by = said) {
  const told = await by.say(words(to, more));
  if (told.kind === "unreachable") throw new Error("nobody was told");
  return told;
}

async function next(conversation: ConversationId): Promise<OutPart | undefined> {
  return (await nova.outbox.next(conversation))?.part;
}

/** Sends all that waits, and tells what it was. */
async function deliver(conversation: ConversationId): Promise<readonly OutPart[]> {
  const parts: OutPart[] = [];
  for (let part = await next(conversation); part; part = await next(conversation)) {
    parts.push(part);
    await nova.outbox.record(part, sent(`x${part.id}`), false);
  }
  return parts;
}

/** The conversation in which the person was told something last. */
const unsentOf = async (person: Person): Promise<ConversationId> => {
  const { rows } = await nova.database.within(wholeOf(person), (tx) =>
    tx.query<{ id: string }>("select conversation_id as id from turn where person_id = $1 order by id desc", [
      person.id,
    ]),
  );
  return conversationId(rows[0]?.id ?? expect.fail("nobody was told"));
};

test("it is a turn of its own, done, with one message and its parts, said once however often and at once", async () => {
  const ada = await somebody();
  await speak(ada, chat("ada"));
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => said.say(words(ada))));
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["said", "seen", "seen", "seen"]);
  expect(new Set(outcomes.map((each) => each.kind !== "unreachable" && each.message)).size).toBe(1);
  const [first] = outcomes;
  if (!first || first.kind === "unreachable") throw new Error("nobody was told");

  expect(await said.said(`key of ${ada.id}`, ada)).toBe(first.message);
  expect(await said.said("another key", ada)).toBeUndefined();
  expect(await said.said(`key of ${ada.id}`, await somebody())).toBeUndefined();
  expect(await nova.transcript.turnOf(first.turn, ada)).toMatchObject({
    messages: [],
    route: null,
    reply: { text: "It is done.", reply: { kind: "notice", model: null }, author: { kind: "agent", agent: null } },
  });
  const [part, ...more] = await deliver(await unsentOf(ada));
  expect(more).toEqual([]);
  expect(part).toMatchObject({ address: chat("ada"), person: ada, turn: first.turn, message: first.message, of: 1 });
  const story = await nova.operations
    .as({ tenant: ada.tenant, person: ada.id, project: "every", branch: "every" })
    .turn(first.turn);
  expect(story?.summary.state).toBe("done");
  expect(story?.events.map(({ event }) => event.kind)).toEqual(["settled", "delivered"]);
});

test.each<[string, (person: Person) => Promise<unknown>, Address | null | "home"]>([
  [
    "rings before a page, however long ago",
    async (p) => [await speak(p, chat("dm")), await nova.say(p.name, "words")],
    chat("dm"),
  ],
  [
    "the latest of those that ring",
    async (p) => [await speak(p, chat("dm", "1")), await speak(p, chat("dm", "2"))],
    chat("dm", "2"),
  ],
  ["no place of commands", async (p) => [await speak(p, chat("dm")), await speak(p, chat("all", "@me"))], chat("dm")],
  [
    "never before others",
    async (p) => [await speak(p, chat("dm")), await speak(p, { ...chat("all"), visibility: "shared" })],
    chat("dm"),
  ],
  ["the page that they wrote on", async (p) => nova.say(p.name, "words"), "home"],
  [
    "what runs before what does not",
    async (p) => {
      const off = { platform: "off", scope: "team", id: p.name };
      await nova.people.link(off, p.id);
      await speak(p, { ...chat("dm"), platform: "off" }, off);
      await nova.say(p.name, "words");
    },
    "home",
  ],
])("who is told in private is told where: %s", async (_what, hear, where) => {
  const person = await somebody();
  await hear(person);
  expect((await said.say(words(person))).kind).toBe("said");
  const address = where === "home" ? page(person.name) : where;
  expect((await deliver(await unsentOf(person)))[0]?.address).toEqual(address);
});

test("who was never heard is told on their page, and who has none is not reached", async () => {
  const silent = await somebody();
  await said.say(words(silent));
  expect((await deliver(await unsentOf(silent)))[0]?.address).toEqual(page(`home of ${silent.id}`));
  const nobody = await nova.people.add(silent.tenant, "nobody", "member");
  expect(await said.say(words(nobody))).toEqual({ kind: "unreachable" });
  expect(await said.said(`key of ${nobody.id}`, nobody)).toBeUndefined();
});

test("an address is kept to, unless the account that was heard there is theirs no more", async () => {
  const ben = await somebody();
  await speak(ben, chat("old", "7"));
  await speak(ben, chat("new"));
  await said.say(words(ben, { key: "there", address: chat("old", "7") }));
  expect((await deliver(await unsentOf(ben)))[0]?.address).toEqual(chat("old", "7"));
  await said.say(words(ben, { key: "to all", address: channel }));
  expect((await deliver(await unsentOf(ben)))[0]?.address).toEqual(channel);

  const second = { platform: "chat", scope: "team", id: "second of ben" };
  await nova.people.link(second, ben.id);
  await speak(ben, chat("second"), second);
  await createDirectory(nova.database, { clock: nova.clock }).unlink(chatting(ben.name));
  await said.say(words(ben, { key: "moved", address: chat("old", "7") }));
  expect((await deliver(await unsentOf(ben)))[0]?.address).toEqual(chat("second"));
});

test("nothing is said to who was blocked, nor to an account that was taken away while it was on its way", async () => {
  const directory = createDirectory(nova.database, { clock: nova.clock });
  const eve = await somebody();
  const { conversation } = await speak(eve, chat("eve"));
  expect((await said.say(words(eve))).kind).toBe("said");
  await directory.unlink(chatting(eve.name));
  expect(await next(conversation)).toBeUndefined();
  expect(await nova.outbox.dueIn(conversation)).toBeUndefined();

  const mallory = await somebody();
  await speak(mallory, chat("mallory"));
  await said.say(words(mallory, { key: "before", address: channel }));
  await directory.block(mallory.id);
  expect(await said.say(words(mallory, { key: "after" }))).toEqual({ kind: "unreachable" });
  expect(await said.say(words(mallory, { key: "after all", address: channel }))).toEqual({ kind: "unreachable" });
  // Twin: who has account and welcome still is told.
  const twin = await somebody();
  await speak(twin, chat("twin"));
  await said.say(words(twin));
  expect(await deliver(await unsentOf(twin))).toHaveLength(1);
});

test("later turns of the conversation read it, and the route before it stays the last one", async () => {
  const cyn = await somebody();
  const { conversation } = await speak(cyn, chat("cyn"));
  const asked = (await nova.turns.take(conversation))!;
  const route = {
    to: { kind: "command" as const, name: "help" as const, rest: "" },
    confidence: 1,
    stage: "exact" as const,
    candidates: [],
    reason: "",
    words: "",
  };
  await nova.turns.settle(asked, answer("Which one?", { route: { ...route, to: { kind: "refuse", reason: "" } } }));
  await said.say(words(cyn, { text: "Somebody says: *hello*.", origin: "outside" }));
  await speak(cyn, chat("cyn"));
  const turn = (await nova.turns.take(conversation))!;
  const before = await nova.transcript.before(conversation, cyn, turn.id, 10);
  expect(before.map(({ text, origin }) => [text, origin])).toEqual([
    ["words", undefined],
    ["Which one?", undefined],
    ["Somebody says: *hello*.", "outside"],
  ]);
  expect(await nova.transcript.lastRoute(conversation, cyn, turn.id)).toMatchObject({ turn: asked.id });
});

test("what is said unasked is no answer in the report", async () => {
  const dan = await somebody();
  await speak(dan, chat("dan"));
  const report = nova.operations.as({ tenant: dan.tenant, person: dan.id, project: "every", branch: "every" });
  await said.say(words(dan));
  const { turns, latency, undeliveredParts } = await report.report(new Date(0));
  expect(turns).toEqual({ done: 0, failed: 0, cancelled: 0, running: 0 });
  expect([latency, undeliveredParts]).toEqual([null, 1]);
});

const buttons = [{ id: "approve:1:abc", label: "Approve" }];

test("what is not sent yet is put right where it lies, also when it becomes longer or shorter", async () => {
  const ann = await somebody();
  const { conversation } = await speak(ann, chat("ann"));
  const told = await tell(ann, { text: "one\ntwo\nthree", actions: buttons });
  await said.amend(told.message, { text: "one\n2", actions: [] });
  await said.amend(told.message, { text: "1\n2\n3\n4", actions: buttons });
  const parts = await deliver(conversation);
  expect(parts.map(({ body, amends, actions }) => [body, amends, actions])).toEqual([
    ["1", null, []],
    ["2", null, []],
    ["3", null, []],
    ["4", null, buttons],
  ]);
});

test("what was sent is replaced behind what is under way: the part with the buttons, and every one that reads otherwise", async () => {
  const eli = await somebody();
  const { conversation } = await speak(eli, chat("eli"));
  const told = await tell(eli, { text: "intro\ncard", actions: buttons });
  const [intro, card] = await deliver(conversation);
  await said.amend(told.message, { text: "intro\ncard", actions: buttons });
  expect(await next(conversation)).toBeUndefined();

  await said.amend(told.message, { text: "intro\napproved by Ana", actions: [] });
  await said.amend(told.message, { text: "intro\ndone", actions: [] });
  const [amending, ...more] = await deliver(conversation);
  expect(more).toEqual([]);
  expect(amending).toMatchObject({ body: "done", amends: `x${card?.id}`, actions: [], of: 2 });
  expect((await nova.transcript.at(chat("eli"), eli, null, 1))[0]).toMatchObject({ text: "intro\ndone" });

  await said.amend(told.message, { text: "other\ndone", actions: buttons });
  expect((await deliver(conversation)).map(({ body, amends, actions }) => [body, amends, actions])).toEqual([
    ["other", `x${intro?.id}`, []],
    ["done", `x${card?.id}`, buttons],
  ]);
  await said.amend(told.message, { text: "all of it", actions: [] });
  expect((await deliver(conversation)).map(({ body }) => body)).toEqual(["…", "all of it"]);
});

test("what has grown beyond its parts is cut, and says so", async () => {
  const fay = await somebody();
  const { conversation } = await speak(fay, chat("fay"));
  const one = createAnnouncements(nova.announced, {
    render: () => [],
    renderOwn: (_at, text) => (text.match(/[^]{1,200}/g) ?? []).map((body) => ({ body })),
  });
  const told = await tell(fay, { text: "short" }, one);
  await deliver(conversation);
  await one.amend(told.message, {
    text: "long ".repeat(200),
    actions: [],
  });
  const [part, ...more] = await deliver(conversation);
  expect(more).toEqual([]);
  expect(part?.body).toMatch(/^long long .*longer than what stood here before/s);
  expect(part?.body.length).toBeLessThanOrEqual(200);
});

test("what is being sent when it is amended is replaced behind it, and what never came to be seen is not", async () => {
  const gus = await somebody();
  const { conversation } = await speak(gus, chat("gus"));
  const first = await tell(gus, { key: "g1", actions: buttons });
  const second = await tell(gus, { key: "g2" });
  const sending = (await next(conversation))!;
  await said.amend(first.message, { text: "decided", actions: [] });
  await nova.outbox.record(sending, sent("first"), false);
  const amending = (await next(conversation))!;
  expect(amending).toMatchObject({ body: "decided", amends: "first", message: first.message });
  await nova.outbox.record(amending, { kind: "not_sent", retry: false, code: "gone" }, true);

  const lost = (await next(conversation))!;
  expect(lost.message).toBe(second.message);
  await said.amend(second.message, { text: "decided", actions: [] });
  await nova.outbox.record(lost, { kind: "unknown", code: "reset" }, false);
  expect(await next(conversation)).toBeUndefined();
  expect(await nova.outbox.dueIn(conversation)).toBeUndefined();

  const report = await nova.operations
    .as({ tenant: gus.tenant, person: gus.id, project: "every", branch: "every" })
    .report(new Date(0));
  expect([report.failedParts, report.unknownParts]).toEqual([0, 1]);
});

test("what is amended reads as whose words it holds: a command in somebody else's, or a model's, is not made Nova's own", async () => {
  const one = createAnnouncements(nova.announced, {
    render: (_at, body) => [{ body }],
    renderOwn: (_at, text) => [{ body: `own: ${text}` }],
  });
  const hal = await somebody();
  const { conversation } = await speak(hal, chat("hal"));
  const agent = agentId("notifier");
  const reply = async (by: Settlement["reply"]["agent"], model: string | null) => {
    await speak(hal, chat("hal"));
    const turn = await nova.turns.take(conversation);
    if (!turn) throw new Error("nothing waits");
    const settled = await nova.turns.settle(
      turn,
      answer("before", { reply: { agent: by, text: "before", note: { kind: "answer", model } } }),
    );
    if (settled.kind !== "settled") throw new Error("not settled");
    return settled.reply.id;
  };
  const told = async (more: Partial<Announcement>) => (await tell(hal, more, one)).message;
  const first = await nova.turns.take(conversation);
  if (first) await nova.turns.settle(first, answer("before"));
  const amended = async (message: MessageId) => {
    await deliver(conversation);
    await one.amend(message, { text: "`/approve 12`", actions: [] });
    return (await deliver(conversation)).map(({ body }) => body);
  };
  for (const message of [await told({ key: "h1", origin: "outside" }), await reply(agent, "a model")])
    expect(await amended(message)).toEqual(["`/approve 12`"]);
  for (const message of [
    await told({ key: "h2" }),
    await told({ key: "h3", agent }),
    await reply(null, null),
    await reply(agent, null),
    await reply(agent, "offline"),
  ])
    expect(await amended(message)).toEqual(["own: `/approve 12`"]);
});
