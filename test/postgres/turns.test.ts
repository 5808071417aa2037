/** Turns: who is in one, who holds it, and what it leaves behind. */
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import {
  agentId,
  conversationId,
  itemId,
  placeOf,
  serviceOf,
  turnId,
  wholeOf,
  type ConversationId,
  type Route,
  type Settlement,
} from "#core";
import { createProjects } from "../../src/postgres/projects.ts";
import { answer, channel, openStores, page, type Stores } from "./stores.ts";

let nova: Stores;
beforeAll(async () => {
  nova = await openStores();
  await nova.person("ada", "owner");
  await nova.person("bob");
});
afterAll(() => nova.close());
beforeEach(() => {
  nova.memory.kept.length = 0;
  nova.memory.failing = false;
});

let pages = 0;
const ownPage = () => page(`page-${(pages += 1)}`);

const route: Route = {
  to: { kind: "agent", agent: agentId("editor") },
  confidence: 0.8,
  stage: "lexical",
  candidates: [{ agent: agentId("editor"), score: 0.8 }],
  reason: "It reads like editing.",
  words: "tidy this",
};

const full: Partial<Settlement> = {
  route,
  steps: [
    {
      agent: agentId("editor"),
      reply: "fail",
      code: "timeout",
      model: "offline",
      usage: { modelCalls: 2, toolCalls: 1, tokens: 345 },
      calls: [],
      tools: ["search", "count"],
      startedAt: new Date("2026-03-02T10:00:01.250Z"),
      endedAt: new Date("2026-03-02T10:00:02Z"),
    },
  ],
  reply: { agent: agentId("editor"), text: "Tidy.", note: { kind: "answer", model: "offline" } },
  parts: [{ body: "Ti" }, { body: "dy." }],
};

async function taken(text = "work", address = ownPage()) {
  const said = await nova.say("ada", text, { address });
  const turn = await nova.turns.take(said.conversation);
  if (!turn) throw new Error("nothing to take");
  return { said, turn, address };
}

test("a turn takes the oldest message and what belongs to it of the same person, and nobody else's", async () => {
  const address = { ...channel, container: "collect" };
  const first = await nova.say("ada", "one", { address });
  await nova.say("bob", "two", { address });
  await nova.say("ada", "three", { address });

  const turn = (await nova.turns.take(first.conversation))!;
  expect(turn).toMatchObject({ epoch: 1, attempts: 0, cancelled: false, pinned: null, address });
  expect(turn.person).toMatchObject({ name: "ada", role: "owner" });
  expect(turn.messages.map((message) => message.text)).toEqual(["one", "three"]);
  expect(turn.messages[0]).toMatchObject({
    author: { kind: "person", name: "ada" },
    turn: turn.id,
    reply: null,
    at: new Date("2026-03-02T09:59:59Z"),
  });

  await nova.turns.settle(turn, answer("done"));
  const next = (await nova.turns.take(first.conversation))!;
  expect(next.person.name).toBe("bob");
  expect(next.messages.map((message) => message.text)).toEqual(["two"]);
});

test("what stands by itself is a turn by itself: commands, mentions, questions, requests, statements", async () => {
  const address = ownPage();
  const texts = [
    "one",
    "two",
    "/agent editor",
    "three",
    "@editor four",
    "five",
    "what is 2 * 3?",
    "remember that the bin goes out on Tuesday",
    "what is 4 * 5?",
    "and in hex",
    "stop",
    "summarise this:",
    "The council met on Monday and talked about the new bridge for three hours.",
  ];
  let conversation: ConversationId | undefined;
  for (const text of texts) ({ conversation } = await nova.say("ada", text, { address }));
  const turns: string[][] = [];
  for (;;) {
    const turn = await nova.turns.take(conversation!);
    if (!turn) break;
    turns.push(turn.messages.map((message) => message.text));
    await nova.turns.settle(turn, answer("done"));
  }
  expect(turns).toEqual([
    ["one", "two"],
    ["/agent editor"],
    ["three"],
    ["@editor four", "five"],
    ["what is 2 * 3?"],
    ["remember that the bin goes out on Tuesday"],
    ["what is 4 * 5?", "and in hex"],
    ["stop"],
    ["summarise this:", "The council met on Monday and talked about the new bridge for three hours."],
  ]);
});

test("nothing waiting, and nowhere to look, is nothing to take", async () => {
  const { said, turn } = await taken();
  await nova.turns.settle(turn, answer("done"));
  expect(await nova.turns.take(said.conversation)).toBeUndefined();
  expect(await nova.turns.take(conversationId("999999"))).toBeUndefined();
});

test("of ten that take at once, the last holds the one turn", async () => {
  const said = await nova.say("ada", "rush", { address: ownPage() });
  const turns = await Promise.all(Array.from({ length: 10 }, () => nova.turns.take(said.conversation)));
  expect(new Set(turns.map((turn) => turn?.id)).size).toBe(1);
  expect(turns.map((turn) => turn?.epoch).toSorted((a, b) => a! - b!)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const held = await Promise.all(turns.map(async (turn) => nova.turns.check(turn!)));
  expect(held.filter((state) => state === "held")).toHaveLength(1);
  expect(turns.find((turn) => turn?.epoch === 10)?.attempts).toBe(9);
});

test("E4: after a second take the first hold can write nothing", async () => {
  const { said, turn, address } = await taken("mine");
  const before = new Date(nova.clock.time.getTime() - 5_000);
  const event = { kind: "learned", what: "early" } as const;
  expect(await nova.turns.trace(turn, [{ at: before, event }])).toBe(true);
  const traced = await nova.operations.as(serviceOf(turn.person.tenant)).turn(turn.id);
  expect(traced?.events.at(-1)).toMatchObject({ at: before, event });
  const second = (await nova.turns.take(said.conversation))!;

  expect(await nova.turns.check(turn)).toBe("lost");
  expect(await nova.turns.trace(turn, [{ at: nova.clock.time, event: { kind: "learned", what: "late" } }])).toBe(false);
  expect(await nova.turns.settle(turn, answer("late", { keep: [note("late")], pin: agentId("editor") }))).toEqual({
    kind: "lost",
  });
  expect(nova.memory.kept).toEqual([]);
  expect(await nova.outbox.next(said.conversation)).toBeUndefined();

  expect(await nova.turns.settle(second, answer("in time"))).toMatchObject({ kind: "settled" });
  const seen = await nova.transcript.at(address, turn.person, null, 10);
  expect(seen.map((message) => message.text)).toEqual(["mine", "in time"]);
  const told = await nova.operations.as(wholeOf(turn.person)).turn(turn.id);
  expect(told?.events.map((event) => event.event.kind)).toEqual(["learned", "settled"]);
});

test("a settled turn has one visible result, however often it is settled", async () => {
  const { turn, address } = await taken();
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, n) => nova.turns.settle(turn, answer(`reply ${n}`))),
  );
  expect(results.filter((result) => result.kind === "settled")).toHaveLength(1);
  const seen = await nova.transcript.at(address, turn.person, null, 50);
  expect(seen.filter((message) => message.reply)).toHaveLength(1);
});

test("the database itself refuses a second result of a turn", async () => {
  const { turn } = await taken();
  await nova.turns.settle(turn, answer("one"));
  await expect(
    nova.database.pool.query(
      `insert into message (conversation_id, direction, text, at, stored_at, turn_id, note_kind)
       values ($1, 'out', 'two', now(), now(), $2, 'answer')`,
      [turn.conversation, turn.id],
    ),
  ).rejects.toThrow(/message_one_reply/);
});

test("everything a turn leaves behind is there when it has settled", async () => {
  const { said, turn, address } = await taken("tidy this");
  const settled = await nova.turns.settle(turn, {
    ...answer(""),
    ...full,
    keep: [note("a"), note("b")],
    forget: [itemId("7")],
    cited: [itemId("8")],
    pin: agentId("editor"),
  });
  expect(settled).toMatchObject({
    kind: "settled",
    reply: {
      text: "Tidy.",
      author: { kind: "agent", agent: "editor" },
      turn: turn.id,
      reply: { kind: "answer", model: "offline" },
    },
  });
  const scope = placeOf(turn);
  expect(nova.memory.kept).toEqual([
    { kept: ["a", "b"], scope },
    { cited: ["8"], turn: turn.id, scope },
    { dropped: ["7"], scope },
  ]);
  const { rows } = await nova.database.pool.query("select * from step where turn_id = $1", [turn.id]);
  expect(rows).toMatchObject([
    {
      ordinal: 0,
      agent: "editor",
      code: "timeout",
      model_calls: 2,
      tool_calls: 1,
      tokens: 345,
      tools: ["search", "count"],
    },
  ]);
  expect(rows[0].started_at).toEqual(new Date("2026-03-02T10:00:01.250Z"));

  const [, reply] = await nova.transcript.at(address, turn.person, null, 10);
  expect(settled.kind === "settled" && settled.reply).toEqual(reply);
  const later = (await nova.say("ada", "next", { address })).conversation;
  expect(later).toBe(said.conversation);
  expect((await nova.turns.take(later))?.pinned).toBe("editor");
});

test("the last route is the one of the turn before, and only the person's own", async () => {
  const { turn, address } = await taken("tidy this");
  await nova.say("ada", "please", { address });
  await nova.turns.settle(turn, { ...answer(""), ...full });
  const next = (await nova.turns.take(turn.conversation))!;
  expect(await nova.transcript.lastRoute(turn.conversation, turn.person, next.id)).toEqual({
    turn: turn.id,
    route,
    at: nova.clock.time,
  });
  expect(await nova.transcript.lastRoute(turn.conversation, turn.person, turn.id)).toBeUndefined();
  const bob = (await nova.people.named(turn.person.tenant, "bob"))!;
  expect(await nova.transcript.lastRoute(turn.conversation, bob, next.id)).toBeUndefined();
});

test("a question is answered beside its conversation by one turn, whose later takes know it, and within its project", async () => {
  const address = { ...ownPage(), root: "asked" };
  const { turn: asked } = await taken("tidy this", address);
  const reply = { agent: agentId("editor"), text: "Which?", note: { kind: "clarify", model: null } } as const;
  await nova.turns.settle(asked, { ...answer(""), route, reply });
  const [first, second] = [
    await taken("2", { ...address, root: "first" }),
    await taken("2", { ...address, root: "second" }),
  ];
  const since = new Date(nova.clock.time.getTime() - 1_000);
  const open = (turn: typeof asked) => nova.transcript.exchangesBeside(turn, since);
  const exchange = { turn: asked.id, conversation: asked.conversation, route, at: nova.clock.time, isOpen: true };
  expect(await open(second.turn)).toEqual([exchange]);
  const atlas = await createProjects(nova.database).ensure(asked.person.tenant, "Atlas");
  const said = await nova.say("ada", "2", { address: { ...address, root: "of Atlas" }, project: atlas.id });
  expect(await open((await nova.turns.take(said.conversation))!)).toEqual([]);
  expect(await open({ ...second.turn, address: { ...address, visibility: "shared" } })).toEqual([]);

  const chosen: Route = { ...route, beside: asked.id };
  const won = await Promise.all(
    [first, second].map(({ turn }) => nova.turns.answer(turn, asked.id, { ...chosen, reason: turn.id })),
  );
  expect(new Set(won)).toEqual(new Set([false, true]));
  const [winner, loser] = won[0] ? [first, second] : [second, first];
  expect(await open(loser.turn)).toEqual([{ ...exchange, isOpen: false }]);
  // Whoever answers sees it as it was, also when the turn is taken again.
  expect(await open(winner.turn)).toEqual([exchange]);
  expect((await nova.transcript.answeredBeside(asked.id, asked.person))?.turn).toBe(winner.turn.id);
  const again = (await nova.turns.retake(winner.turn.conversation))!;
  expect((await nova.turns.steps(again))?.route).toEqual({ ...chosen, reason: winner.turn.id });
  expect(await nova.turns.answer(winner.turn, asked.id, chosen)).toBe(false);

  await nova.turns.settle(again, { ...answer("Stopped."), state: "cancelled" });
  expect(await open(loser.turn)).toEqual([exchange]);
  const bob = (await nova.people.named(asked.person.tenant, "bob"))!;
  expect(await open({ ...loser.turn, person: bob })).toEqual([]);
});

test("in its own conversation a question is answered once, too: who comes second sees who came first", async () => {
  const asking = async (root: string) => {
    const address = { ...ownPage(), root };
    const { turn } = await taken("tidy this", address);
    const reply = { agent: agentId("editor"), text: "Which?", note: { kind: "clarify", model: null } } as const;
    await nova.turns.settle(turn, { ...answer(""), route, reply });
    return {
      turn,
      here: async () => (await taken("2", address)).turn,
      there: async () => (await taken("2", { ...address, root: "there" })).turn,
    };
  };
  const first = await asking("first");
  const there = await first.there();
  expect(await nova.turns.answer(there, first.turn.id, { ...route, beside: first.turn.id })).toBe(true);
  expect(await nova.turns.answer(await first.here(), first.turn.id, route)).toBe(false);

  const second = await asking("second");
  const beside = await second.there();
  const here = await second.here();
  expect(await nova.turns.answer(beside, second.turn.id, { ...route, beside: second.turn.id })).toBe(false);
  expect(await nova.turns.answer(here, second.turn.id, route)).toBe(true);
});

// The embedded engine has one connection: there nothing happens between two statements of a transaction.
test.skipIf(!("server" in inject("databaseTemplate")))(
  "who answers a question waits for whoever is about to, and then sees what they did",
  async () => {
    const address = { ...ownPage(), root: "asked" };
    const { turn: asked } = await taken("tidy this", address);
    const reply = { agent: agentId("editor"), text: "Which?", note: { kind: "clarify", model: null } } as const;
    await nova.turns.settle(asked, { ...answer(""), route, reply });
    const { turn: first } = await taken("2", { ...address, root: "first" });
    const { turn: second } = await taken("2", { ...address, root: "second" });
    const waiting = async () =>
      (
        await nova.database.pool.query(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
      ).rowCount;

    const ahead = await nova.database.pool.connect();
    let late: Promise<boolean>;
    let isOver = false;
    try {
      await ahead.query("begin");
      await ahead.query("select from turn where id = $1 for update", [asked.id]);
      await ahead.query("update turn set route = $2 where id = $1", [first.id, { ...route, beside: asked.id }]);
      late = nova.turns.answer(second, asked.id, { ...route, beside: asked.id }).finally(() => (isOver = true));
      await vi.waitFor(async () => expect(isOver || (await waiting()) !== 0).toBe(true));
      await ahead.query("commit");
    } finally {
      ahead.release(true);
    }
    expect(await late).toBe(false);
  },
);

test("a memory that fails undoes the whole settlement, and the turn can be settled again", async () => {
  const { said, turn, address } = await taken();
  nova.memory.failing = true;
  const before = await counts();
  await expect(
    nova.turns.settle(turn, { ...answer(""), ...full, keep: [note("x")], pin: agentId("editor") }),
  ).rejects.toThrow("memory is full");
  expect(await counts()).toEqual(before);
  expect(await nova.turns.check(turn)).toBe("held");
  expect(await nova.outbox.next(said.conversation)).toBeUndefined();
  expect(await nova.transcript.at(address, turn.person, null, 10)).toHaveLength(1);

  nova.memory.failing = false;
  expect(await nova.turns.settle(turn, { ...answer(""), ...full })).toMatchObject({ kind: "settled" });
});

test("what is unfinished: waiting messages and running turns, and nothing else", async () => {
  const waiting = await nova.say("ada", "waiting", { address: ownPage() });
  const { said: running } = await taken();
  const { said: ended, turn } = await taken();
  await nova.turns.settle(turn, answer("done"));
  const unfinished = await nova.turns.unfinished();
  expect(unfinished).toContain(waiting.conversation);
  expect(unfinished).toContain(running.conversation);
  expect(unfinished).not.toContain(ended.conversation);
});

test("the transcript reads back from a cursor", async () => {
  const address = ownPage();
  const said = [];
  for (const text of ["a", "b", "c", "d"]) said.push(await nova.say("ada", text, { address }));
  const { person } = said[0]!;
  const texts = async (read: Promise<readonly { text: string }[]>) => (await read).map((message) => message.text);
  expect(await texts(nova.transcript.at(address, person, null, 2))).toEqual(["c", "d"]);
  expect(await texts(nova.transcript.at(address, person, said[0]!.message, 2))).toEqual(["b", "c"]);
  expect(await texts(nova.transcript.at(ownPage(), person, null, 2))).toEqual([]);
});

test("what was written while an answer was on its way follows that answer", async () => {
  const { turn, address } = await taken("first question");
  await nova.say("ada", "and the second", { address });
  await nova.turns.settle(turn, { ...answer("first answer"), ...full });
  const next = (await nova.turns.take(turn.conversation))!;
  const before = await nova.transcript.before(turn.conversation, turn.person, next.id, 10);
  expect(before.map((message) => message.text)).toEqual(["first question", "Tidy."]);
  const reply = await nova.transcript.replyTo(turn.messages[0]!.id, turn.person);
  expect(reply?.id).toBe(before.at(-1)?.id);
  expect(await nova.transcript.replyTo(next.messages[0]!.id, turn.person)).toBeUndefined();
  const bob = (await nova.people.named(turn.person.tenant, "bob"))!;
  expect(await nova.transcript.replyTo(turn.messages[0]!.id, bob)).toBeUndefined();
});

test("an answer that is ready after a stop was accepted is not taken; the stopped ending is", async () => {
  const { turn, address } = await taken("a long one");
  await nova.say("ada", "another question", { address });
  await nova.say("ada", "stop", { address, stop: true });
  expect(await nova.turns.settle(turn, { ...answer(""), ...full })).toEqual({ kind: "stopped" });
  expect(await nova.turns.check(turn)).toBe("stopped");
  expect(await nova.turns.settle(turn, { ...answer("Stopped."), state: "cancelled" })).toMatchObject({
    kind: "settled",
  });
});

test("a stop that finds only waiting messages stops them before they begin", async () => {
  const address = ownPage();
  const first = await nova.say("ada", "a question", { address });
  const stop = await nova.say("ada", "stop", { address, stop: true });
  expect(stop.stopped).not.toBeNull();
  const turn = (await nova.turns.take(first.conversation))!;
  expect(turn.cancelled).toBe(true);
  expect(turn.messages.map((message) => message.text)).toEqual(["a question", "stop"]);
});

test("what only waits is not taken again, for nobody has begun it", async () => {
  const address = ownPage();
  const { conversation } = await nova.say("ada", "not begun", { address });
  expect(await nova.turns.retake(conversation)).toBeUndefined();
  const turn = (await nova.turns.take(conversation))!;
  expect((await nova.turns.retake(conversation))?.epoch).toBe(turn.epoch + 1);
});

test("another person sees nothing of a private conversation, by any door", async () => {
  const { said, turn, address } = await taken("secret");
  await nova.turns.settle(turn, { ...answer(""), ...full });
  const next = await nova.say("ada", "more", { address });
  const bob = (await nova.people.named(turn.person.tenant, "bob"))!;
  expect(await nova.transcript.at(address, bob, null, 10)).toEqual([]);
  const later = (await nova.turns.take(said.conversation))!;
  expect(later.messages.map((message) => message.id)).toEqual([next.message]);
  expect(await nova.transcript.before(said.conversation, bob, later.id, 10)).toEqual([]);
  const seen = nova.operations.as(wholeOf(bob));
  expect(await seen.turn(turn.id)).toBeUndefined();
  expect((await seen.recent(100)).map((each) => each.turn)).not.toContain(turn.id);
});

test("operations count what the owner may see of all, and a member of their own", async () => {
  // The turns of the other tests are older than what is reported.
  nova.clock.time = new Date(nova.clock.time.getTime() + 60_000);
  const asked = nova.clock.time;
  const { turn } = await taken("count me");
  nova.clock.time = new Date(asked.getTime() + 1_500);
  await nova.turns.trace(turn, [
    { at: nova.clock.time, event: { kind: "step_started", agent: "editor", model: "fast" } },
  ]);
  await nova.turns.settle(turn, { ...answer(""), ...full, state: "failed" });
  const since = new Date(0);

  const operations = nova.operations.as(serviceOf(turn.person.tenant));
  expect((await operations.report(asked)).latency).toEqual({ p50: 1_500, p95: 1_500 });
  const owner = await operations.report(since);
  expect(owner.turns.failed).toBeGreaterThan(0);
  expect(owner.byAgent.find((row) => row.agent === "editor")?.failed).toBeGreaterThan(0);
  expect(owner.failures.find((row) => row.code === "timeout")?.count).toBeGreaterThan(0);
  expect(owner.undeliveredParts).toBeGreaterThan(1);

  const bob = (await nova.people.named(turn.person.tenant, "bob"))!;
  const own = await nova.operations.as(wholeOf(bob)).report(since);
  expect(own.turns).toMatchObject({ failed: 0 });
  expect(own.byAgent).toEqual([]);
  expect(own.latency).toBeNull();

  const told = await nova.operations.as(serviceOf(turn.person.tenant)).turn(turn.id);
  expect(told?.summary).toMatchObject({
    state: "failed",
    agent: "editor",
    model: "offline",
    platform: "web",
    person: "ada",
    endedAt: nova.clock.time,
  });
  expect(told?.events).toMatchObject([
    { seq: 1, epoch: 1, at: nova.clock.time },
    { seq: 2, event: { kind: "settled" } },
  ]);
  expect(await nova.operations.as(serviceOf(bob.tenant)).turn(turnId("no id"))).toBeUndefined();
});

const note = (text: string) => ({
  kind: "note" as const,
  text,
  author: "ada",
  trust: "owner" as const,
  happenedAt: new Date("2026-03-02T10:00:00Z"),
  stream: "s",
  message: null,
});

async function counts() {
  const { rows } = await nova.database.pool.query(`select
    (select count(*)::int from message) as messages, (select count(*)::int from step) as steps,
    (select count(*)::int from outbox_part) as parts, (select count(*)::int from pgboss.job) as jobs,
    (select count(*)::int from conversation where pinned_agent is not null) as pins`);
  return rows[0];
}
