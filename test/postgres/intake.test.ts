/** What is stored when a message arrives, and what it is told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { channel, inbound, openStores, page, account, answer, type Stores } from "./stores.ts";

let nova: Stores;
beforeAll(async () => {
  nova = await openStores();
  await nova.person("ada", "owner");
  await nova.person("bob");
});
afterAll(() => nova.close());

const messages = async () => (await nova.database.pool.query("select count(*)::int from message")).rows[0].count;

test("D19: ten copies of one delivery at once are one message with one id", async () => {
  const one = inbound("ada", "hello");
  const before = await messages();
  const accepted = await Promise.all(Array.from({ length: 10 }, () => nova.intake.put(one, false)));
  expect(accepted.filter((each) => each.kind === "new")).toHaveLength(1);
  expect(accepted.filter((each) => each.kind === "seen")).toHaveLength(9);
  expect(new Set(accepted.map((each) => "message" in each && each.message)).size).toBe(1);
  expect(await messages()).toBe(before + 1);
});

test("E6: ten deliveries of one post are one message, and each delivery is known from then on", async () => {
  const post = inbound("ada", "one post");
  const copies = Array.from({ length: 10 }, (_, n) => ({ ...post, deliveryKey: `copy-${n}` }));
  const accepted = await Promise.all(copies.map((copy) => nova.intake.put(copy, false)));
  const ids = new Set(accepted.map((each) => "message" in each && each.message));
  expect(ids.size).toBe(1);
  expect(accepted.filter((each) => each.kind === "new")).toHaveLength(1);
  const again = await nova.intake.put({ ...copies[7]!, messageKey: "another", text: "changed" }, false);
  expect(again).toMatchObject({ kind: "seen", message: [...ids][0] });
});

test("E6: two events of one post, in either order, are one turn; the same number in two channels is two", async () => {
  for (const [room, keys] of [
    ["mentioned first", ["mention", "message"]],
    ["mentioned second", ["message", "mention"]],
  ] as const) {
    const post = { address: { ...channel, container: room }, messageKey: "1700000000.000100" };
    const { conversation } = await nova.say("ada", "@nova hello", { ...post, deliveryKey: `${room} ${keys[0]}` });
    const turn = (await nova.turns.take(conversation))!;
    const second = inbound("ada", "@nova hello", { ...post, deliveryKey: `${room} ${keys[1]}` });
    expect(await nova.intake.put(second, false)).toMatchObject({ kind: "seen", message: turn.messages[0]!.id });
    await nova.turns.settle(turn, answer("hello"));
    expect(await nova.turns.take(conversation)).toBeUndefined();
  }
});

test("one delivery that names ten conversations at once is one message in one of them", async () => {
  const one = inbound("ada", "where do I belong?");
  const before = await messages();
  const accepted = await Promise.all(
    Array.from({ length: 10 }, (_, n) => nova.intake.put({ ...one, address: page(`room-${n}`) }, false)),
  );
  expect(accepted.filter((each) => each.kind === "new")).toHaveLength(1);
  expect(accepted.filter((each) => each.kind === "seen")).toHaveLength(9);
  expect(new Set(accepted.map((each) => "message" in each && each.message)).size).toBe(1);
  expect(new Set(accepted.map((each) => "conversation" in each && each.conversation)).size).toBe(1);
  expect(await messages()).toBe(before + 1);
});

test("a message that is not committed leaves neither a row nor a call", async () => {
  const jobs = async () => (await nova.database.pool.query("select count(*)::int from pgboss.job")).rows[0].count;
  const [rows, calls] = [await messages(), await jobs()];
  await expect(nova.intake.put(inbound("ada", "not storable \0"), false)).rejects.toThrow(/UTF8/);
  expect([await messages(), await jobs()]).toEqual([rows, calls]);
});

test("every new message comes with one call for its conversation", async () => {
  const { message, conversation } = await nova.say("ada", "wake me");
  const { rows } = await nova.database.pool.query(
    "select data, singleton_key from pgboss.job where name = 'turn' and id = $1",
    [`00000000-0000-7000-8000-${BigInt(message).toString(16).padStart(12, "0")}`],
  );
  expect(rows).toEqual([{ data: { conversation }, singleton_key: conversation }]);
});

test("of an unknown sender nothing is stored", async () => {
  const before = await messages();
  expect(await nova.intake.put(inbound("stranger", "let me in"), false)).toEqual({ kind: "unknown" });
  expect(await messages()).toBe(before);
});

test("a blocked sender is told so", async () => {
  await nova.person("mallory");
  await nova.database.pool.query("update identity set state = 'blocked' where external_id = 'mallory'");
  expect(await nova.intake.put(inbound("mallory", "hi"), false)).toEqual({ kind: "blocked" });
});

test("another person's delivery key is no obstacle and tells nothing", async () => {
  const first = await nova.say("ada", "mine", { deliveryKey: "same" });
  const second = await nova.say("bob", "also mine", { deliveryKey: "same" });
  expect(second.message).not.toBe(first.message);
});

test("a private address in other hands is another conversation; a shared one is the same", async () => {
  const mine = await nova.say("ada", "private", { address: page("desk") });
  const theirs = await nova.say("bob", "private too", { address: page("desk") });
  expect(theirs.conversation).not.toBe(mine.conversation);
  const here = await nova.say("ada", "all", { address: channel });
  const there = await nova.say("bob", "all", { address: channel });
  expect(there.conversation).toBe(here.conversation);
});

test("ids rise within a conversation however many arrive at once", async () => {
  const stored = await Promise.all(
    Array.from({ length: 20 }, (_, n) => nova.say("ada", `line ${n}`, { address: page("rush") })),
  );
  const ids = stored.map((each) => BigInt(each.message));
  const seen = await nova.transcript.at(page("rush"), stored[0]!.person, null, 50);
  expect(seen.map((message) => BigInt(message.id))).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
});

test("a stop joins the running turn and cancels it; what waits behind it is taken next", async () => {
  const first = await nova.say("ada", "long work", { address: page("stop") });
  const turn = (await nova.turns.take(first.conversation))!;
  await nova.say("ada", "and another", { address: page("stop") });
  const stop = await nova.say("ada", "/stop", { address: page("stop"), stop: true });
  expect(stop.stopped).toBe(turn.id);
  expect(await nova.turns.check(turn)).toBe("stopped");

  const again = (await nova.turns.take(first.conversation))!;
  expect(again).toMatchObject({ id: turn.id, epoch: turn.epoch + 1, cancelled: true });
  expect(again.messages.map((message) => message.text)).toEqual(["long work", "/stop"]);
  await nova.turns.settle(again, answer("Stopped.", { state: "cancelled" }));
  expect((await nova.turns.take(first.conversation))?.messages.map(({ text }) => text)).toEqual(["and another"]);
});

test("a stop with nothing to stop waits like any message", async () => {
  const stop = await nova.say("bob", "/stop", { address: page("calm"), stop: true });
  expect(stop.stopped).toBeNull();
  expect((await nova.turns.take(stop.conversation))?.messages.map((message) => message.text)).toEqual(["/stop"]);
});

test("a stop does not reach another person's turn in a shared conversation", async () => {
  const address = { ...channel, container: "stop-shared" };
  const ada = await nova.say("ada", "work", { address });
  const turn = (await nova.turns.take(ada.conversation))!;
  const stop = await nova.say("bob", "/stop", { address, stop: true });
  expect(stop.stopped).toBeNull();
  expect(await nova.turns.check(turn)).toBe("held");
});

test("an account is its platform, scope and id together", async () => {
  const elsewhere = { ...account("ada"), scope: "other" };
  expect(await nova.intake.put(inbound("ada", "hi", { sender: elsewhere }), false)).toMatchObject({ kind: "unknown" });
});
