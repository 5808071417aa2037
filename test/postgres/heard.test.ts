/** Where people were heard last on a platform: ids, for a channel that looks for what it missed. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Address, HeardQuery, Person } from "#core";
import { createDirectory } from "../../src/postgres/people/directory.ts";
import { openStores, page, type Stores } from "./stores.ts";

let nova: Stores;
let ben: Person;
beforeAll(async () => {
  nova = await openStores();
  await nova.person("ada", "owner");
  ben = await nova.person("ben");
});
afterAll(() => nova.close());

const MINUTE_MS = 60_000;
const at = { platform: "web", scope: "site" };
const start = new Date("2026-03-02T10:00:00Z");
const minute = (n: number): Date => new Date(start.getTime() + n * MINUTE_MS);
const room = (container: string, root: string | null = null): Address => ({ ...page(container), root });

async function say(name: string, n: number, address: Address, messageKey: string): Promise<void> {
  nova.clock.time = minute(n);
  await nova.say(name, "words", { address, messageKey });
}
const heard = (query: Partial<HeardQuery> = {}) =>
  nova.transcript.heardAt(at, { from: minute(1), to: minute(60), each: "place", most: 10, ...query });

test("places and conversations, the last one first, with the newest key of the platform's own before that moment", async () => {
  await say("ada", 0, room("long ago"), "1");
  await say("ada", 1, room("a", "11"), "11");
  await say("ada", 2, room("a", "12"), "12");
  await say("ada", 3, room("a", "11"), "13");
  await say("ada", 4, room("a", "11"), "use:7");
  await say("ben", 5, room("b"), "cmd:21");
  await say("ada", 6, { ...room("all"), visibility: "shared" }, "31");
  await say("ada", 7, room("a", "@ada"), "cmd:41");
  await say("ada", 8, room("c", "@ada"), "cmd:42");
  await say("ada", 60, room("a", "11"), "51");
  await say("ada", 61, { ...room("a"), scope: "another" }, "61");

  const b = { container: "b", root: null, key: null, at: minute(5), linkedAt: start };
  expect(await heard()).toEqual([b, { container: "a", root: null, key: "13", at: minute(4), linkedAt: start }]);
  expect(await heard({ each: "conversation" })).toEqual([
    b,
    { container: "a", root: "11", key: "13", at: minute(4), linkedAt: start },
    { container: "a", root: "12", key: "12", at: minute(2), linkedAt: start },
  ]);
  expect(await heard({ most: 1 })).toEqual([b]);
  expect(await heard({ to: minute(100) })).toMatchObject([{ container: "a", key: "51" }, { container: "b" }]);
});

test("who is blocked or has no account there any more was heard nowhere", async () => {
  const directory = createDirectory(nova.database, { clock: nova.clock });
  await directory.unlink({ ...at, id: "ben" });
  expect(await heard()).toMatchObject([{ container: "a" }]);
  await nova.people.link({ ...at, id: "ben" }, ben.id);
  expect(await heard()).toMatchObject([{ container: "b", linkedAt: minute(61) }, { container: "a" }]);
  await directory.block(ben.id);
  expect(await heard()).toMatchObject([{ container: "a" }]);
});
