/** What needs no decision, asked for once more: an earlier card of the same neither keeps it from being done nor is done besides. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME, wholeOf, type Project } from "#core";
import { createProjects } from "../../src/postgres/projects.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let nova: TestNova;
let atlas: Project;
beforeAll(async () => {
  nova = await startNova({ sweepEveryMs: 40 });
  atlas = await createProjects(nova.database).ensure(HOME, "Atlas");
  const bytes = new TextEncoder().encode("forty a piece");
  nova.channel.files.set("offer", async () => ({ kind: "fetched", bytes }));
}, 60_000);
afterAll(() => nova[Symbol.asyncDispose]());

const settled = () => nova.nova.settled(AbortSignal.timeout(30_000));
const OFFER = { files: [{ name: "offer.txt", ref: "offer", mime: "text/plain", size: 13 }] };
const say = async (text: string, room: string, more: object = {}): Promise<string> => {
  const before = nova.channel.parts.length;
  await nova.channel.say("owner", text, { room, ...more });
  await settled();
  return nova.channel.parts
    .slice(before)
    .filter(({ address }) => address.container === room)
    .map(({ body }) => body)
    .join("\n");
};
/** Beside a file it waits. */
const wait = async (text: string, room: string) => {
  expect(await say(text, room, OFFER)).toContain("Waits for a decision");
  const part = nova.channel.parts.findLast(({ address }) => address.container === room);
  const idOf = (label: string) => part?.actions.find((action) => action.label === label)?.id ?? "none";
  return {
    approve: () => nova.channel.press("owner", idOf("Approve")),
    deny: () => nova.channel.press("owner", idOf("Deny")),
  };
};
const kept = (text: string) =>
  nova.database.within(
    { ...wholeOf(nova.owner), project: atlas.id },
    async (tx) => (await tx.query("select trust from memory_item where text = $1", [text])).rows,
  );
const DONE = /Being done: Keep a note[^]*Kept/;

test("after a no to the same beside a file it is done at once", async () => {
  const { deny } = await wait("note in project Atlas: the lift works", "denied");
  expect(await deny()).toMatchObject({ kind: "done" });
  await settled();
  expect(await say("note in project Atlas: the lift works", "denied anew")).toMatch(DONE);
  expect(await kept("the lift works")).toEqual([{ trust: "owner" }]);

  // Twin: what would be asked is not asked again.
  expect(await say("note in project Atlas: the lift works", "denied yet again", OFFER)).toContain(
    "You said no to exactly",
  );
});

test("while the same waits that was wished beside a file it is done at once, and the card is withdrawn", async () => {
  const card = await wait("note in project Atlas: the roof is tight", "waiting");
  expect(await say("note in project Atlas: the roof is tight", "waiting anew")).toMatch(DONE);
  expect(nova.channel.sent("waiting").at(-1)).toMatch(
    /\*\*Withdrawn\*\* at [^:]+:\d\d [^:]*: the same was asked for again/,
  );
  expect(await card.approve()).toMatchObject({ kind: "stale" });
  await settled();
  expect(await kept("the roof is tight")).toEqual([{ trust: "owner" }]);

  // Twin: what would be asked itself shows the card that waits.
  const other = await wait("note in project Atlas: the door is shut", "two");
  expect(await say("note in project Atlas: the door is shut", "two anew", OFFER)).toContain("Waits for a decision");
  expect(await other.approve()).toMatchObject({ kind: "done" });
  await settled();
  expect(await kept("the door is shut")).toEqual([{ trust: "web" }]);
});
