/** A reply that shows a card which waits already: what else it says stays when that is decided. On Nova's own agents. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let now = new Date("2026-11-21T15:00:00Z");
let nova: TestNova;
beforeAll(async () => {
  nova = await startNova({ service: true, sweepEveryMs: 40, clock: { now: () => now } });
  const people = createPeople(nova.database, { clock: { now: () => now }, random: randomBytes });
  await nova.channel.introduce("Ada", await people.add(HOME, "Ada", "member"));
  await say("hello", "ada", "Ada");
}, 60_000);
afterAll(() => nova[Symbol.asyncDispose]());

const settled = () => nova.nova.settled(AbortSignal.timeout(30_000));
const say = async (text: string, room: string, by = "owner"): Promise<void> => {
  await nova.channel.say(by, text, { room });
  await settled();
};
/** The newest thing that Nova said there, as it reads now: on the platform, and in the transcript. */
const reads = async (room: string): Promise<readonly string[]> => {
  const said = nova.channel.parts.findLast(({ address, amends }) => address.container === room && amends === null);
  const shown = nova.channel.parts.findLast(({ message }) => message === said?.message);
  const { rows } = await nova.database.pool.query<{ text: string }>("select text from message where id = $1", [
    said?.message,
  ]);
  return [shown?.body ?? "", rows[0]?.text ?? ""];
};
const newest = async (): Promise<string> =>
  (await nova.database.pool.query<{ id: string }>("select max(id) as id from proposal")).rows[0]?.id ?? "none";
const deny = (number: string) => say(`/deny ${number}`, "deciding");

test("what was answered beside the card", async () => {
  const words = "What is 17% of 80? Tell Ada that the build is green.";
  await say(words, "sum");
  const number = await newest();
  await say(words, "sum");
  expect(await newest()).toBe(number);
  for (const text of await reads("sum")) expect(text).toMatch(/13\.6[^]*Waits for a decision/);
  await deny(number);
  for (const text of await reads("sum")) {
    expect(text).toMatch(/13\.6[^]*\*\*Denied\*\* by/);
    expect(text).not.toContain("Waits for");
  }
});

test("which schedule asked for it", async () => {
  const words = "tell Ada that the week is over";
  await say(words, "weekly");
  const number = await newest();
  const fired = async () =>
    (await nova.database.pool.query("select id from schedule_run where outcome = 'asked'")).rowCount;
  await say(`every day at 9 ask: ${words}`, "weekly");
  const before = await newest();
  now = new Date("2026-11-22T09:01:00Z");
  await expect.poll(fired, { timeout: 20_000 }).toBe(1);
  await settled();
  expect(await newest()).toBe(before);
  for (const text of await reads("weekly")) expect(text).toMatch(/^From your schedule [^]*Waits for a decision/);
  await deny(number);
  for (const text of await reads("weekly")) expect(text).toMatch(/^From your schedule [^]*\*\*Denied\*\* by/);
});

test("the list that /approvals gives, and what it lists besides", async () => {
  const numbers: string[] = [];
  for (let i = 1; i <= 6; i += 1) {
    await say(`tell Ada that it is ${i} o'clock`, "clock");
    numbers.push(await newest());
  }
  await say("/approvals", "list");
  const [first = "", second = ""] = numbers;
  const before = await reads("list");
  await deny(second);
  for (const [i, text] of (await reads("list")).entries()) {
    expect(text).toMatch(/^\*\*6 things wait for your decision\.\*\*/);
    expect(text).toContain("**Without their cards,**");
    expect(text).toContain(`as number ${first} until`);
    expect(text).toContain("**Denied** by");
    expect(text).not.toContain("decided on by itself");
    expect(text.split("Waits for a decision")).toHaveLength(before[i]!.split("Waits for a decision").length - 1);
  }
});

test("how what was changed is approved", async () => {
  await say("tell Ada that the door is open", "door");
  const number = await newest();
  const part = nova.channel.parts.findLast(({ address }) => address.container === "door");
  const edit = part?.actions.find(({ id }) => id.startsWith("edit:"))?.id ?? "none";
  await nova.channel.press("owner", edit, { room: "door", fields: { text: "the door is shut" } });
  await settled();
  await say(`/approve ${number}`, "approving");
  for (const text of await reads("approving")) expect(text).toMatch(/It was changed since[^]*the door is shut/);
  await deny(number);
  for (const text of await reads("approving")) expect(text).toMatch(/It was changed since[^]*\*\*Denied\*\* by/);
});
