/** How far a message has come, told to whom it concerns and to nobody else. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { messageId, type Address, type Person } from "#core";
import { answer, openStores, page, type Stores } from "./stores.ts";

let nova: Stores;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  nova = await openStores();
  ada = await nova.person("ada", "owner");
  bob = await nova.person("bob");
});
afterAll(() => nova.close());

const SITE = { platform: "web", scope: "site" };
const desk = (container: string): Address => page(container);

test("a message waits, runs, is done, and its reply is on its way until it is sent", async () => {
  const said = await nova.say("ada", "how far are you?", { address: desk("way") });
  const state = () => nova.transcript.stateOf(said.message, ada, SITE);
  expect(await state()).toEqual({ id: said.message, state: "waiting", turn: null, reply: null, delivery: null });

  const turn = (await nova.turns.take(said.conversation))!;
  expect(await state()).toEqual({ id: said.message, state: "running", turn: turn.id, reply: null, delivery: null });

  await nova.turns.settle(turn, answer("Here I am.", { parts: [{ body: "Here" }, { body: "I am." }] }));
  const reply = { text: "Here I am.", turn: turn.id, reply: { kind: "answer", model: null } };
  expect(await state()).toMatchObject({ state: "done", turn: turn.id, reply, delivery: "ready" });

  const first = (await nova.outbox.next(said.conversation))!.part;
  await nova.outbox.record(first, { kind: "sent", externalId: "1" }, false);
  expect(await state()).toMatchObject({ delivery: "ready" });
  const second = (await nova.outbox.next(said.conversation))!.part;
  expect(await state()).toMatchObject({ delivery: "sending" });
  await nova.outbox.record(second, { kind: "sent", externalId: "2" }, false);
  expect(await state()).toMatchObject({ delivery: "sent" });
});

test("one part that was given up makes the delivery failed", async () => {
  const said = await nova.say("ada", "and now?", { address: desk("lost") });
  const turn = (await nova.turns.take(said.conversation))!;
  await nova.turns.settle(turn, answer("Two.", { state: "failed", parts: [{ body: "1" }, { body: "2" }] }));
  const { part } = (await nova.outbox.next(said.conversation))!;
  await nova.outbox.record(part, { kind: "not_sent", retry: false, code: "gone" }, true);
  expect(await nova.transcript.stateOf(said.message, ada, SITE)).toMatchObject({ state: "failed", delivery: "failed" });
});

test("another person, another scope, another platform and a reply's own id are all told nothing", async () => {
  const said = await nova.say("ada", "for me", { address: desk("mine") });
  const turn = (await nova.turns.take(said.conversation))!;
  await nova.turns.settle(turn, answer("Yours."));
  const reply = (await nova.transcript.stateOf(said.message, ada, SITE))!.reply!;
  expect(await nova.transcript.stateOf(said.message, bob, SITE)).toBeUndefined();
  expect(await nova.transcript.stateOf(said.message, ada, { ...SITE, scope: "other" })).toBeUndefined();
  expect(await nova.transcript.stateOf(said.message, ada, { ...SITE, platform: "webhook" })).toBeUndefined();
  expect(await nova.transcript.stateOf(reply.id, ada, SITE)).toBeUndefined();
  for (const id of ["999999", "x", "", "1; drop table message"]) {
    expect(await nova.transcript.stateOf(messageId(id), ada, SITE)).toBeUndefined();
  }
});

test("in a shared conversation only the author is told", async () => {
  const address: Address = { ...page("all"), visibility: "shared" };
  const said = await nova.say("ada", "to all", { address });
  expect(await nova.transcript.stateOf(said.message, ada, SITE)).toMatchObject({ state: "waiting" });
  expect(await nova.transcript.stateOf(said.message, bob, SITE)).toBeUndefined();
});
