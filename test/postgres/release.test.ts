/** A turn that is handed back is taken again as if it had not been begun, however often Nova is restarted. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { serviceOf } from "#core";
import { answer, openStores, type Stores } from "./stores.ts";

let nova: Stores;
beforeAll(async () => {
  nova = await openStores();
  await nova.person("ada", "owner");
});
afterAll(() => nova.close());

test("handing back is no attempt, and shows in the trace; a crash is one", async () => {
  const { conversation } = await nova.say("ada", "a long question");
  for (let deploy = 0; deploy < 5; deploy += 1) {
    const turn = (await nova.turns.take(conversation))!;
    expect(turn.attempts).toBe(0);
    expect(await nova.turns.release(turn, "shutdown")).toBe(true);
  }
  await nova.turns.take(conversation);
  const afterCrash = (await nova.turns.take(conversation))!;
  expect(afterCrash.attempts).toBe(1);
  const told = await nova.operations.as(serviceOf(afterCrash.person.tenant)).turn(afterCrash.id);
  expect(told?.events.map(({ event }) => event.kind)).toEqual(Array.from({ length: 5 }, () => "released"));
});

test("a lost hold hands nothing back", async () => {
  const { conversation } = await nova.say("ada", "another question", {
    address: { platform: "web", scope: "site", container: "lost", root: null, visibility: "private" },
  });
  const lost = (await nova.turns.take(conversation))!;
  const held = (await nova.turns.take(conversation))!;
  expect(await nova.turns.release(lost, "shutdown")).toBe(false);
  expect(await nova.turns.settle(held, answer("done"))).toMatchObject({ kind: "settled" });
  expect(await nova.turns.release(held, "shutdown")).toBe(false);
});
