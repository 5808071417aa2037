/** A bare yes while a card waits: it decides nothing, and reaches whoever asked since. With Nova's own agents and a model. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { says, scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const model = scripted((messages) => {
  const last = String(messages.at(-1)?.text);
  if (last.includes("shorten this")) return says("Here is the short one. Shall I make it longer?");
  if (last.includes("format this")) return says("Here it is.");
  if (last.includes("see to the lift"))
    return JSON.stringify({
      kind: "propose",
      text: "Shall I tell her?",
      effects: [{ verb: "send_message", input: { to: "Ada", text: "The lift stands still." } }],
    });
  return says("As you wish.");
});

let nova: TestNova;
beforeAll(async () => {
  nova = await startNova({ models: model.models });
  const people = createPeople(nova.database, { clock: { now: () => new Date() }, random: randomBytes });
  for (const name of ["Ada", "Ben"]) await nova.channel.introduce(name, await people.add(HOME, name, "member"));
  for (const name of ["Ada", "Ben"]) await nova.channel.say(name, "hello", { room: `${name}'s` });
}, 60_000);
afterAll(() => nova[Symbol.asyncDispose]());

const say = async (text: string, room: string, { by = "owner", shared = false } = {}): Promise<string> => {
  const before = nova.channel.parts.length;
  await nova.channel.say(by, text, { room, shared });
  await nova.nova.settled(AbortSignal.timeout(30_000));
  return nova.channel.parts
    .slice(before)
    .filter(({ address, amends }) => address.container === room && amends === null)
    .map(({ body }) => body)
    .join("\n");
};
const waits = async (text: string, room: string, as: { readonly by?: string; readonly shared?: boolean } = {}) =>
  expect(await say(text, room, as)).toContain("Waits for a decision");
const pending = async () =>
  (await nova.database.pool.query("select id from proposal where state = 'pending'")).rowCount;

const NOTHING = "That word decides nothing by itself.";

test.each(["Yes", "ok", "sure", "no", "please"])("“%s” goes to the agent that asked after the card", async (word) => {
  const room = `asked ${word}`;
  await waits(`tell Ada that it is ${word}`, room);
  expect(await say("@editor shorten this: a long, long story.", room)).toContain("Shall I make it longer?");
  const before = await pending();
  const heard = model.heard.length;
  expect(await say(word, room)).not.toContain(NOTHING);
  expect(model.heard.length).toBeGreaterThan(heard);
  expect(await pending()).toBe(before);
});

test("so it does where somebody else is to decide", async () => {
  await waits("tell Owner that tea is ready", "Ada's", { by: "Ada" });
  await say("@editor shorten this: a long, long story.", "Ada's", { by: "Ada" });
  expect(await say("yes", "Ada's", { by: "Ada" })).toBe("As you wish.");
});

test("twin: where nothing was asked since, it is told what decides", async () => {
  await waits("tell Ada that the lift works", "plain");
  expect(await say("yes", "plain")).toContain(NOTHING);
  await say("@editor format this: a long, long story.", "plain");
  expect(await say("yes", "plain")).toContain(NOTHING);
});

test("twin: a question from before the card, on it, or to somebody else asks nothing of them", async () => {
  await say("@editor shorten this: a long, long story.", "before");
  await waits("tell Ada that the lift is slow", "before");
  expect(await say("yes", "before")).toContain(NOTHING);

  await waits("tell Ada that the lift is fast", "room", { shared: true });
  expect(await say("@editor shorten this: a long, long story.", "room", { by: "Ben", shared: true })).toContain("?");
  expect(await say("yes", "room", { shared: true })).toContain(NOTHING);

  // Shown again it ends with what its agent asked of it.
  await waits("@notifier see to the lift", "again");
  await waits("@notifier see to the lift", "again");
  expect(await say("yes", "again")).toContain(NOTHING);
});
