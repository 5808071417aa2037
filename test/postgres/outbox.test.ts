/** Replies leave in order, once, and their fate is known. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentId, turnId, wholeOf, type ConversationId, type OutPart } from "#core";
import { createHeldDrafts } from "../../src/turn/held-drafts.ts";
import { answer, openStores, page, type Stores } from "./stores.ts";

let nova: Stores;
beforeAll(async () => {
  nova = await openStores();
  await nova.person("ada", "owner");
});
afterAll(() => nova.close());

const sent = { kind: "sent", externalId: "x1" } as const;

async function settled(container: string, ...replies: readonly string[][]): Promise<ConversationId> {
  let conversation: ConversationId | undefined;
  for (const bodies of replies) {
    ({ conversation } = await nova.say("ada", "ask", { address: page(container) }));
    const turn = await nova.turns.take(conversation);
    await nova.turns.settle(turn!, answer(bodies.join(""), { parts: bodies.map((body) => ({ body })) }));
  }
  return conversation!;
}

async function next(conversation: ConversationId): Promise<OutPart> {
  const claimed = await nova.outbox.next(conversation);
  if (!claimed) throw new Error("nothing to send");
  return claimed.part;
}

test("parts leave in the order of their turns and of the text", async () => {
  const conversation = await settled("order", ["a", "b", "c"], ["d", "e"]);
  const bodies: string[] = [];
  for (;;) {
    const claimed = await nova.outbox.next(conversation);
    if (!claimed) break;
    expect(claimed.resumed).toBe(false);
    bodies.push(claimed.part.body);
    await nova.outbox.record(claimed.part, sent, false);
  }
  expect(bodies).toEqual(["a", "b", "c", "d", "e"]);
});

test("a part carries all that a channel needs", async () => {
  const address = page("whole");
  const { conversation } = await nova.say("ada", "ask", { address });
  const turn = (await nova.turns.take(conversation))!;
  const result = await nova.turns.settle(turn, {
    ...answer("ab"),
    reply: { agent: agentId("editor"), text: "ab", note: { kind: "clarify", model: "offline" } },
    parts: [{ body: "a" }, { body: "b" }],
  });
  expect(await next(conversation)).toEqual({
    id: expect.any(String),
    turn: turn.id,
    conversation,
    message: result.kind === "settled" && result.reply.id,
    ordinal: 0,
    of: 2,
    body: "a",
    address,
    person: turn.person,
    agent: "editor",
    note: { kind: "clarify", model: "offline" },
    at: nova.clock.time,
    attempts: 0,
    actions: [],
    handles: [],
    draft: null,
    amends: null,
  });
});

test("a part has the handles of its turn's messages that are still good, oldest first, and knows its draft", async () => {
  const address = page("handles");
  const until = (ms: number) => new Date(nova.clock.time.getTime() + ms);
  const handed = (sealed: string, ms: number) => ({ address, handle: { sealed, expiresAt: until(ms) } });
  const { conversation } = await nova.say("ada", "one thing:", handed("first", 1));
  await nova.say("ada", "over,", handed("over", 0));
  await nova.say("ada", "two", handed("second", 60_000));
  const turn = (await nova.turns.take(conversation))!;
  expect(turn.messages).toHaveLength(3);

  expect(await nova.drafts.of(turn.id)).toBeNull();
  expect(await nova.drafts.note(turn, '{"ts":"1.2"}')).toBe(true);
  expect(await nova.drafts.note({ ...turn, id: turnId("404") }, "x")).toBe(false);
  await nova.turns.settle(turn, answer("done"));
  expect(await nova.drafts.note(turn, "too late")).toBe(false);
  expect(await nova.drafts.of(turn.id)).toBe('{"ts":"1.2"}');
  expect(await next(conversation)).toMatchObject({ handles: ["first", "second"], draft: '{"ts":"1.2"}' });
});

test("a process that stood still and lost its turn does not write over the note of the one that has it", async () => {
  const { conversation } = await nova.say("ada", "draft", { address: page("fenced") });
  const [frozen, other] = [createHeldDrafts(nova.drafts), createHeldDrafts(nova.drafts)];
  const lost = (await nova.turns.take(conversation))!;
  frozen.hold(lost);
  expect(await frozen.note(lost.id, "mine")).toBe(true);
  const letGo = other.hold((await nova.turns.take(conversation))!);
  expect(await other.note(lost.id, "the other's")).toBe(true);
  expect(await frozen.note(lost.id, "mine again")).toBe(false);
  letGo();
  expect(await other.note(lost.id, "not held any more")).toBe(false);
  expect(await frozen.of(lost.id)).toBe("the other's");
});

test("the buttons of a reply stand under its last part, never under a notice, and in the transcript", async () => {
  const address = page("buttons");
  const actions = [{ id: "sources:1", label: "Show sources" }];
  const { conversation, person } = await nova.say("ada", "ask", { address });
  const turn = (await nova.turns.take(conversation))!;
  await nova.turns.settle(turn, answer("ab", { parts: [{ body: "a" }, { body: "b" }], actions }));
  const parts: OutPart[] = [];
  for (const result of [sent, { kind: "unknown", code: "reset" }, sent] as const) {
    const part = await next(conversation);
    parts.push(part);
    await nova.outbox.record(part, result, false, result.kind === "unknown" ? [{ body: "notice" }] : undefined);
  }
  expect(parts.map(({ body, actions: shown }) => [body, shown])).toEqual([
    ["a", []],
    ["b", actions],
    ["notice", []],
  ]);
  expect((await nova.transcript.at(address, person, null, 5)).map((message) => message.actions)).toEqual([
    undefined,
    actions,
  ]);
});

test("a part that an earlier process was sending comes back as resumed, before the ones after it", async () => {
  const conversation = await settled("resume", ["a", "b"]);
  await next(conversation);
  expect(await nova.outbox.next(conversation)).toMatchObject({ resumed: true, part: { body: "a", attempts: 1 } });
});

test("a part that was not sent is tried again, and one given up does not hold back the next", async () => {
  const conversation = await settled("give-up", ["a", "b"]);
  const refused = { kind: "not_sent", retry: true, code: "busy" } as const;
  await nova.outbox.record(await next(conversation), refused, false);
  const again = await next(conversation);
  expect(again).toMatchObject({ body: "a", attempts: 1 });
  await nova.outbox.record(again, refused, true);
  const after = await next(conversation);
  expect(after.body).toBe("b");
  await nova.outbox.record(after, { kind: "unknown", code: "interrupted" }, false);
  expect(await nova.outbox.next(conversation)).toBeUndefined();
});

test("of two that claimed a part only the later one's send is recorded, whatever the first comes back with", async () => {
  const conversation = await settled("frozen", ["a", "b"]);
  const frozen = await next(conversation);
  const resumed = await next(conversation);
  expect([frozen.id, frozen.attempts, resumed.attempts]).toEqual([resumed.id, 0, 1]);

  expect(await nova.outbox.record(frozen, { kind: "not_sent", retry: false, code: "late" }, true)).toBe("lost");
  expect(await nova.outbox.record(frozen, sent, false)).toBe("lost");
  expect(await nova.outbox.record(resumed, { kind: "sent", externalId: "x2" }, false)).toBe("recorded");
  expect(await nova.outbox.record(frozen, sent, false)).toBe("lost");
  const { rows } = await nova.database.pool.query("select state, external_id, code from outbox_part where id = $1", [
    resumed.id,
  ]);
  expect(rows).toEqual([{ state: "sent", external_id: "x2", code: null }]);
  const told = await nova.operations.as(wholeOf(resumed.person)).turn(resumed.turn);
  expect(told?.events.filter(({ event }) => event.kind === "delivered")).toHaveLength(1);
  expect((await next(conversation)).body).toBe("b");
});

test("a conversation is unsent until each of its parts has met its fate", async () => {
  const conversation = await settled("unsent", ["a"]);
  expect(await nova.outbox.unsent()).toContain(conversation);
  const part = await next(conversation);
  expect(await nova.outbox.unsent()).toContain(conversation);
  await nova.outbox.record(part, sent, false);
  expect(await nova.outbox.unsent()).not.toContain(conversation);
});

test("how a send ended is traced, and recorded once", async () => {
  const conversation = await settled("traced", ["a"]);
  const part = await next(conversation);
  await nova.outbox.record(part, sent, false);
  await nova.outbox.record(part, { kind: "unknown", code: "late" }, false);
  const told = await nova.operations.as(wholeOf(part.person)).turn(part.turn);
  expect(told?.events.map((line) => line.event)).toEqual([
    { kind: "settled", state: "done", parts: 1 },
    { kind: "delivered", part: 0, outcome: "sent" },
  ]);
  const { rows } = await nova.database.pool.query("select state, external_id from outbox_part where id = $1", [
    part.id,
  ]);
  expect(rows).toEqual([{ state: "sent", external_id: "x1" }]);
});
