/** What came in at one place, newest last, with how far it has come; shown to whom it came from and to nobody else. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Address, Person } from "#core";
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

let serial = 0;
/** A fresh place for each test, with as many conversations as are asked for. */
function place() {
  serial += 1;
  const at = { platform: "webhook", scope: `door.${serial}` };
  return { at, room: (container: string): Address => ({ ...page(container), ...at }) };
}
const texts = (found: readonly { readonly message: { readonly text: string } }[]) =>
  found.map(({ message }) => message.text);

test("of all conversations of the place, the newest come last, and no more than were asked for", async () => {
  const { at, room } = place();
  for (const [n, text] of ["one", "two", "three", "four"].entries())
    await nova.say("ada", text, { address: room(`room-${n % 2}`) });
  expect(texts(await nova.transcript.cameIn(at, ada, 10))).toEqual(["one", "two", "three", "four"]);
  expect(texts(await nova.transcript.cameIn(at, ada, 2))).toEqual(["three", "four"]);
  expect(await nova.transcript.cameIn(place().at, ada, 10)).toEqual([]);
});

test("each is shown with its state and the reply of its own turn, as one who asks for it alone is told", async () => {
  const { at, room } = place();
  const first = await nova.say("ada", "first", { address: room("a") });
  const second = await nova.say("ada", "second", { address: room("a") });
  await nova.turns.settle((await nova.turns.take(first.conversation))!, answer("To both."));
  const running = await nova.say("ada", "running", { address: room("b"), origin: "outside" });
  await nova.turns.take(running.conversation);
  const waiting = await nova.say("ada", "waiting", { address: room("c") });

  const found = await nova.transcript.cameIn(at, ada, 10);
  expect(found).toMatchObject([
    { message: { text: "first" }, state: { state: "done", reply: { text: "To both." } } },
    { message: { text: "second" }, state: { state: "done", reply: { text: "To both." }, delivery: "ready" } },
    { message: { text: "running", origin: "outside" }, state: { state: "running", reply: null } },
    { message: { text: "waiting" }, state: { state: "waiting", turn: null, reply: null, delivery: null } },
  ]);
  for (const [n, { message }] of [first, second, running, waiting].entries())
    expect(found[n]!.state).toEqual(await nova.transcript.stateOf(message, ada, at));
});

test("another person, another scope and another platform are shown nothing, nor is what others said there", async () => {
  const { at, room } = place();
  await nova.say("ada", "mine", { address: room("a") });
  const shared: Address = { ...room("all"), visibility: "shared" };
  await nova.say("ada", "to all", { address: shared });
  await nova.say("bob", "from Bob", { address: shared });
  expect(texts(await nova.transcript.cameIn(at, ada, 10))).toEqual(["mine", "to all"]);
  expect(texts(await nova.transcript.cameIn(at, bob, 10))).toEqual(["from Bob"]);
  expect(await nova.transcript.cameIn({ ...at, platform: "web" }, ada, 10)).toEqual([]);
  expect(await nova.transcript.cameIn({ ...at, scope: "door" }, ada, 10)).toEqual([]);
});
