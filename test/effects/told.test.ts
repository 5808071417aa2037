/** Who is told of what waits, where, and in which words; and what is too late to be done. On the real database. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conversationId, HOME, turnId } from "#core";
import { createDirectory } from "../../src/postgres/people/directory.ts";
import { createLedger } from "../../src/postgres/effects/ledger.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createTranscript } from "../../src/postgres/turns/transcript.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { button, HOUR, openDesk, type Desk } from "./desk.ts";
import { BUSY, openTarget, type Target } from "./target.ts";
import { openClerks } from "./trial-agents.ts";

let clerks: Trial;
let target: Target;
let desk: Desk;
beforeAll(async () => {
  clerks = await openClerks();
  target = openTarget({ pauses: [2_000] });
  desk = await openDesk({ agents: clerks.agents, performers: target.performers, env: { NOVA_APPROVERS: "nora" } });
  for (const name of ["bob", "cleo"]) await desk.add(name, "member");
  await desk.ask("hello");
}, 60_000);
afterAll(async () => {
  await desk.nova.stop();
  await clerks.close();
});

const one: Desk["one"] = (words, options) => desk.one(words, options);
/** What the room is told next. */
const say = async (by: string, text: string, where: { readonly room: string; readonly shared?: boolean }) => {
  const before = desk.channel.parts.length;
  await desk.channel.say(by, text, where);
  await desk.settled();
  return desk.channel.parts
    .slice(before)
    .filter(({ address, amends }) => amends === null && address.container === where.room)
    .map(({ body }) => body)
    .join("\n");
};
const cardsIn = (room: string, words: string): number =>
  desk.channel.parts.filter(
    ({ address, body, amends }) =>
      amends === null && address.container === room && body.includes(words) && body.includes("Waits for"),
  ).length;

test("S18: where others read along, nothing is shown or decided that was asked for elsewhere", async () => {
  const secret = await one("send ben: nobody elses business", { by: "bob" });
  const team = { room: "team", shared: true };
  const before = desk.channel.sent("team").length;
  expect(await say("owner", "/approvals", team)).toMatch(
    /Nothing that was asked for here waits for your decision\.\s+1 more waits that others need not read; ask me in private/,
  );
  for (const words of [`/approve ${secret.id}`, `/deny ${secret.id}`])
    expect(await say("owner", words, team)).toContain(
      "nothing was decided. Send me that in a conversation of ours alone",
    );
  expect(await desk.proposal(secret.id)).toMatchObject({ state: "pending" });

  // S18 twin: what was asked for there is shown and decided there, and in private everything is.
  await desk.channel.say("owner", "@clerk send ben: for all to read", team);
  await desk.settled();
  const open = (await desk.proposals.list(desk.owner)).at(-1)!;
  expect(await say("owner", "/approvals", team)).toMatch(/One thing waits[\s\S]*for all to read[\s\S]*1 more waits/);
  expect(await say("owner", `/approve ${open.id}`, team)).toMatch(/Bring it to ben[\s\S]*Done/);
  expect(await say("owner", "/approvals", { room: "owner" })).toContain("nobody elses business");
  expect(desk.channel.sent("team").slice(before).join("\n")).not.toContain("nobody elses");
  await say("owner", `/deny ${secret.id}`, { room: "owner" });
});

test("S5: no agent reads the card that the owner is told of another's wish; twin: what Nova says of their own it does", async () => {
  await one("send ben: quoted to the owner", { by: "cleo" });
  await desk.settled();
  expect(cardsIn("owner", "quoted to the owner")).toBe(1);
  await one("send ben: in my own words");
  const { conversation } = desk.channel.parts.findLast(({ body }) => body.includes("in my own words"))!;
  const read = await createTranscript(desk.database).before(conversation, desk.owner, turnId("999999999"), 10);
  const texts = read.map(({ text }) => text).join("\n");
  expect(texts).toContain("in my own words");
  expect(texts).not.toContain("quoted to the owner");
});

test("S18: schedules and their names are not told where others read along, and S18 twin: in private they are", async () => {
  await say("owner", "remind me tomorrow at 9:00 to call the clinic", { room: "owner" });
  const team = { room: "team", shared: true };
  for (const words of ["/schedules", "/schedules pause nothing like it", "/timezone Europe/Berlin"])
    expect(await say("owner", words, team)).not.toContain("clinic");
  expect(await say("owner", "/schedules", team)).toContain(
    "1 of your reminders and schedules is not told where others",
  );
  expect(await say("owner", "/schedules", { room: "owner" })).toContain("clinic");
});

test("whoever decides is told in private, also where they once spoke, and once they can be reached", async () => {
  await desk.channel.say("owner", "good morning", { room: "crowd", shared: true });
  const nora = await createPeople(desk.database, { clock: desk.clock, random: randomBytes }).add(
    HOME,
    "nora",
    "member",
  );
  const known = new Set((await desk.proposals.list(desk.owner)).map(({ id }) => id));
  await desk.channel.say("bob", "@clerk send ben: asked before all", { room: "crowd", shared: true });
  await desk.settled();
  expect(cardsIn("owner", "asked before all")).toBe(1);
  const proposal = (await desk.proposals.list(desk.owner)).find(({ id }) => !known.has(id))!;
  expect(proposal.approvers).toEqual([nora.id]);
  expect(cardsIn("nora", "asked before all")).toBe(0);

  await desk.channel.introduce("nora", nora);
  await desk.channel.say("nora", "hello", { room: "nora" });
  await expect.poll(() => cardsIn("nora", "asked before all"), { timeout: 10_000 }).toBe(1);
  await desk.settled();
  expect([cardsIn("owner", "asked before all"), cardsIn("nora", "asked before all")]).toEqual([1, 1]);

  // Who may not decide is not told that they might.
  desk.clock.forward(7 * HOUR);
  const reminded = () => desk.channel.sent("crowd").find((text) => text.includes("A reminder: “"));
  await expect.poll(reminded, { timeout: 10_000 }).toBeDefined();
  expect(reminded()).toMatch(/still waits for \S+ or nora to decide\. Its card stands above\.$/i);
  expect(await desk.channel.press("nora", button("deny", proposal), { room: "nora" })).toMatchObject({ kind: "done" });
  await desk.settled();

  const again = await say("bob", "@clerk send ben: asked before all", { room: "crowd", shared: true });
  expect(again).toContain("nora said no to exactly this within the last day");
});

/** Two of bob's, approved; the second waits for the first, which is on its way until the gate opens. */
async function heldUp(words: string, by: string) {
  const gate = Promise.withResolvers<void>();
  const [first, second] = await desk.propose(`send ben: ${words} one; send ben: ${words} two`, { by });
  if (!first || !second) throw new Error("expected two proposals");
  target.next(gate.promise);
  for (const each of [first, second]) await desk.channel.press("owner", button("approve", each), { room: "owner" });
  await expect.poll(async () => (await desk.proposal(first.id)).fate?.state).toBe("claimed");
  return { gate, second };
}

test("what was approved a day ago and never begun is not done, and who asked is told to ask again", async () => {
  const { gate, second } = await heldUp("old", "cleo");
  desk.clock.forward(24 * HOUR + 60_000);
  gate.resolve();
  await desk.settled();
  expect((await desk.proposal(second.id)).fate).toMatchObject({ state: "failed" });
  expect(target.effects.some(({ args }) => args["text"] === "old two")).toBe(false);
  expect(desk.channel.sent("cleo").at(-1)).toMatch(/was approved, but it was not done\. .*Ask for it again/);

  // The twin: within the day it is done, however long it waited.
  const young = await heldUp("young", "cleo");
  desk.clock.forward(23 * HOUR);
  young.gate.resolve();
  await desk.settled();
  expect((await desk.proposal(young.second.id)).fate).toMatchObject({ state: "done" });
});

test("S16: nothing is done for somebody who was made a guest or was blocked after it was approved", async () => {
  const directory = createDirectory(desk.database, { clock: desk.clock });
  for (const what of ["guest", "blocked"] as const) {
    const person = await desk.add(`was-${what}`, "member");
    const { gate, second } = await heldUp(what, `was-${what}`);
    await (what === "guest" ? directory.changeRole(person.id, "guest") : directory.block(person.id));
    gate.resolve();
    await desk.settled();
    expect((await desk.proposal(second.id)).fate).toMatchObject({
      state: "failed",
      told: expect.stringContaining(what),
    });
    expect(target.effects.some(({ args }) => args["text"] === `${what} two`)).toBe(false);
  }
});

test("S16: what Nova was killed over before it happened is not done a day later, or for somebody who is blocked by then", async () => {
  const directory = createDirectory(desk.database, { clock: desk.clock });
  /** As a process leaves it that was killed right after its claim. */
  const died = ({ id }: { readonly id: string }) =>
    desk.database.pool.query(
      "update effect set state = 'claimed', epoch = epoch + 1, held_until = now() - interval '1 second' where proposal_id = $1",
      [id],
    );
  const person = await desk.add("dora", "member");
  const after = {
    twin: async () => {},
    late: async () => desk.clock.forward(25 * HOUR),
    barred: async () => directory.block(person.id),
  };
  for (const [what, then] of Object.entries(after)) {
    const { gate, second } = await heldUp(what, "dora");
    await died(second);
    await then();
    gate.resolve();
    await desk.settled();
    expect((await desk.proposal(second.id)).fate?.state).toBe(what === "twin" ? "done" : "failed");
    expect(target.effects.some(({ args }) => args["text"] === `${what} two`)).toBe(what === "twin");
    expect(target.asked.length).toBeGreaterThan(0);
  }
});

test("what waits for its next try is not given up with what is due", async () => {
  target.next(BUSY);
  const proposal = await one("send ben: busy at first");
  await desk.channel.press("owner", button("approve", proposal));
  const state = async () => (await desk.proposal(proposal.id)).fate?.state;
  const ledger = createLedger(desk.database, { clock: { now: () => new Date(0) } });
  const waits = async () => {
    const { rows } = await desk.database.pool.query<{ id: string }>(
      "select conversation_id as id from effect where proposal_id = $1 and not_before is not null",
      [proposal.id],
    );
    return rows[0]?.id;
  };
  await expect.poll(waits).toBeDefined();
  await ledger.giveUp(conversationId((await waits()) ?? ""), "gave_up");
  expect(await state()).toBe("waiting");
  await expect.poll(state, { timeout: 10_000 }).toBe("done");
});

test("S16: what its agent's file grants no more is not done, though it was approved before", async () => {
  const { gate, second } = await heldUp("grant", "owner");
  const file = await clerks.read("agents/general/clerk.md");
  await clerks.write("agents/general/clerk.md", file.replace("  - verb: trial_send\n", ""));
  await desk.verb("agents", { do: "reload" });
  gate.resolve();
  await desk.settled();
  expect((await desk.proposal(second.id)).fate).toMatchObject({
    state: "failed",
    told: "The Clerk may not do this any more, so nothing was done.",
  });
  expect(target.effects.some(({ args }) => args["text"] === "grant two")).toBe(false);
});
