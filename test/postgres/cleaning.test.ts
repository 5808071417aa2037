/** What has had its time goes; nothing younger, and nothing that tells a story. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME, serviceOf, type Person } from "#core";
import { createCleaning } from "../../src/postgres/cleaning.ts";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { createPairings } from "../../src/postgres/people/pairing.ts";
import { account, answer, inbound, openStores, type Stores } from "./stores.ts";

const DAY_MS = 24 * 60 * 60_000;

let nova: Stores;
let ada: Person;
beforeAll(async () => {
  nova = await openStores();
  ada = await nova.person("ada", "owner");
});
afterAll(() => nova.close());

const cleaning = () => createCleaning(nova.database);
const later = (ms: number) => new Date(nova.clock.time.getTime() + ms);

/** A browser's session, opened with a code that would last as long. */
async function session(until: Date): Promise<string> {
  const opened = await nova.people.openSession(await nova.people.issueCode(ada.id, until), nova.clock.time, until);
  if (opened.kind !== "open") throw new Error("the session was refused");
  return opened.token;
}

test("expired codes and sessions go, and those that are good stay good", async () => {
  const soon = await nova.people.issueCode(ada.id, later(60_000));
  const good = await nova.people.issueCode(ada.id, later(DAY_MS));
  const left = await session(later(60_000));
  const open = await session(later(DAY_MS));

  const before = { codes: 0, sessions: 0, secrets: 0, hints: 0, handles: 0, deliveries: 0, calls: 0 };
  expect(await cleaning().clean(later(59_000))).toEqual(before);
  expect(await cleaning().clean(later(60_000))).toEqual({ ...before, codes: 2, sessions: 1 });
  expect(await nova.people.session(left, nova.clock.time)).toBeUndefined();
  expect((await nova.people.session(open, nova.clock.time))?.id).toBe(ada.id);
  expect(await nova.people.redeem(soon, account("phone"), nova.clock.time)).toMatchObject({ kind: "refused" });
  expect(await nova.people.redeem(good, account("phone"), nova.clock.time)).toMatchObject({ kind: "linked" });
});

test("a secret goes when its grace has ended, and the one after it stays", async () => {
  const endpoints = createEndpoints(nova.database, { clock: nova.clock, random: randomBytes });
  const { secret: old } = await endpoints.add({
    name: "shop",
    preset: "standard",
    origin: "outside",
    agent: null,
    project: null,
    person: ada,
  });
  const { secret: fresh } = await endpoints.rotate("shop", later(60_000));
  expect((await cleaning().clean(later(59_000)))["secrets"]).toBe(0);
  expect((await endpoints.keys("shop", later(59_000)))?.secrets).toEqual([fresh, old]);
  expect((await cleaning().clean(later(60_000)))["secrets"]).toBe(1);
  expect((await endpoints.keys("shop", later(0)))?.secrets).toEqual([fresh]);
});

test("a hint goes after a day, and until then still counts", async () => {
  const pairings = createPairings(nova.database, { clock: nova.clock, random: randomBytes });
  expect(await pairings.ask(account("stranger"), null)).toBeDefined();
  expect((await cleaning().clean(later(DAY_MS - 1))).hints).toBe(0);
  expect(await pairings.ask(account("stranger"), null)).toBeUndefined();
  expect((await cleaning().clean(later(DAY_MS))).hints).toBe(1);
});

test("deliveries are known for thirty days, and past them the message's own key refuses a replay", async () => {
  const said = inbound("ada", "keep me");
  const first = await nova.intake.put(said, false);
  expect((await cleaning().clean(later(30 * DAY_MS - 1))).deliveries).toBe(0);
  expect(await nova.intake.put(said, false)).toMatchObject({ kind: "seen" });
  expect((await cleaning().clean(later(30 * DAY_MS))).deliveries).toBe(1);
  const replayed = await nova.intake.put(said, false);
  expect(replayed).toMatchObject({ kind: "seen", message: first.kind === "new" && first.message });
});

test("what tells the story of a turn is kept", async () => {
  const { conversation } = await nova.say("ada", "old story");
  const turn = (await nova.turns.take(conversation))!;
  await nova.turns.settle(turn, answer("told"));
  await cleaning().clean(later(10_000 * DAY_MS));
  const { events } = (await nova.operations.as(serviceOf(HOME)).turn(turn.id))!;
  expect(events.map(({ event }) => event.kind)).toEqual(["settled"]);
  expect(await nova.outbox.unsent()).toContain(conversation);
});

test("a handle goes when its time is over, and what it came with is kept", async () => {
  const sealed = async () =>
    (await nova.database.pool.query("select handle from message where handle is not null")).rows.map(
      (row) => row.handle,
    );
  await nova.say("ada", "answer me by this", { handle: { sealed: "token", expiresAt: later(15 * 60_000) } });
  expect((await cleaning().clean(later(15 * 60_000 - 1)))["handles"]).toBe(0);
  expect(await sealed()).toEqual(["token"]);
  expect((await cleaning().clean(later(15 * 60_000)))["handles"]).toBe(1);
  expect(await sealed()).toEqual([]);
});
