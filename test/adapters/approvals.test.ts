/** One approval, met on Slack and on Discord at once: cards over the protocol peers, on a whole Nova and a real database. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { EVERYWHERE_SCOPE, HOME, serviceOf, type Person, type Proposal } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { button, movableClock, readerOf } from "../effects/desk.ts";
import { openTarget } from "../effects/target.ts";
import { openClerks } from "../effects/trial-agents.ts";
import { testDatabase } from "../support/database.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import type { Posted } from "../support/discord/world.ts";
import { scripted, says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";
import type { Json } from "../support/slack/workspace.ts";
import { wordsOf } from "./slack-writer.ts";

const PATIENCE = { timeout: 20_000, interval: 25 };
const target = openTarget();
const clock = movableClock();
let clerks: Trial;
let slack: SlackPeer;
let discord: DiscordPeer;
let database: Database;
let lab: TestNova;
let ben: Person;

/** Another process of the same Nova; the database outlives it. Its owner is ada, on both platforms. */
const start = async (): Promise<void> => {
  lab = await startNova({
    agents: clerks.agents,
    performers: target.performers,
    adapters: ["slack", "discord"],
    service: true,
    clock,
    models: scripted(says("-")).models,
    sweepEveryMs: 100,
    database: { ...database, close: async () => {} },
    env: {
      ...slack.env("socket"),
      ...discord.env(),
      NOVA_OWNER: `${slack.account("ada")},discord:${discord.user("ada").id}`,
    },
  });
  await lab.nova.start({ controlToken: "a-control-token-for-tests" });
  await discord.ready();
  await vi.waitUntil(() => slack.sockets.connections() > 0, PATIENCE);
};

beforeAll(async () => {
  [clerks, slack, discord, database] = await Promise.all([
    openClerks(),
    startSlackPeer(),
    startDiscordPeer(),
    testDatabase(),
  ]);
  await start();
  const people = createPeople(database, { clock, random: randomBytes });
  ben = await people.add(HOME, "Ben", "member");
  await people.link({ platform: "discord", scope: EVERYWHERE_SCOPE, id: discord.user("ben").id }, ben.id);
}, 120_000);
afterAll(async () => {
  await lab.nova.stop();
  const { violations } = discord;
  await Promise.all([slack.close(), discord.close(), clerks.close(), database.close()]);
  if (violations.length > 0) throw new Error(violations.join("\n"));
});

const proposals = async (): Promise<readonly Proposal[]> => readerOf(database, clock).list(lab.owner, { all: true });
const latest = (text: string): Promise<Proposal> =>
  vi.waitUntil(async () => (await proposals()).find(({ effect }) => effect.args["text"] === text), PATIENCE);
const state = async ({ id }: Proposal) => (await proposals()).find((one) => one.id === id)?.state;

const cardIn = (channel: string, words: string): Promise<Posted> =>
  vi.waitUntil(() => discord.replies(channel).find(({ content }) => content.includes(words)), PATIENCE);
const seen = (interaction: string): Promise<string> =>
  vi.waitUntil(() => discord.interaction(interaction).content ?? undefined, PATIENCE);
const clickOn = async (user: string, card: Posted, action: string): Promise<string> =>
  seen(await discord.click(user, card, `nova:${action}`));
const buttonsOn = ({ components }: Posted): readonly string[] =>
  components.flatMap((row) => (row["components"] as Json[]).map(({ label }) => String(label)));

const slackCard = (words: string): Promise<Json> =>
  vi.waitUntil(
    async () => (await slack.replies(await slack.direct("ada"))).find((one) => wordsOf(one).includes(words)),
    PATIENCE,
  );
/** What is seen by ada alone, since `from`. */
const whispered = (from: number, words: RegExp): Promise<Json> =>
  vi.waitUntil(() => slack.ephemerals.slice(from).find((one) => words.test(wordsOf({ ...one }))), PATIENCE);
/** Her own list, with buttons. */
const listed = async (): Promise<Json> => {
  const from = slack.ephemerals.length;
  await slack.slash("ada", "approvals");
  return { ...(await whispered(from, /Waits for a decision/)) };
};
const pressOnSlack = async (card: Json, action: string, words: RegExp): Promise<Json> => {
  const from = slack.ephemerals.length;
  await slack.click("ada", card, action, { ephemeral: true }).acked;
  return whispered(from, words);
};

test("E13, S17: a stranger's click and that of somebody who may not decide are refused, and it waits on", async () => {
  discord.mention("lab", "ada", "@clerk send ben: the plan");
  const proposal = await latest("the plan");
  const card = await cardIn("lab", "the plan");
  expect(buttonsOn(card)).toEqual(expect.arrayContaining(["Approve", "Change", "Deny"]));
  const approve = button("approve", proposal);
  expect(await clickOn("eve", card, approve)).toContain("I do not know this account yet");
  expect(await clickOn("ben", card, approve)).toBe("This is not yours to decide. Its card says who may.");
  expect(await clickOn("ben", card, button("edit", proposal))).toContain("not yours to decide");
  // A name is not an account: who calls herself Ada is not her.
  const { id } = discord.user("mallory");
  discord.world.users.set("mallory", { ...discord.user("mallory"), id, username: "ada", global_name: "Ada" });
  expect(await clickOn("mallory", card, approve)).toContain("I do not know this account yet");
  expect(await state(proposal)).toBe("pending");
  expect(target.arrived).toEqual([]);
  expect(discord.replies("lab")).toHaveLength(1);
  expect(buttonsOn(await cardIn("lab", "the plan"))).toEqual(expect.arrayContaining(["Approve", "Change", "Deny"]));
});

test("E13: two people click at once on two platforms: one decision, both answered, and every card says so", async () => {
  const proposal = await latest("the plan");
  await database.within(serviceOf(HOME), (tx) =>
    tx.query("update proposal set approvers = array[$2::bigint] where id = $1", [proposal.id, ben.id]),
  );
  const card = await cardIn("lab", "the plan");
  const own = await listed();
  const from = slack.ephemerals.length;
  const [, told] = await Promise.all([
    slack.click("ada", own, button("approve", proposal), { ephemeral: true }).acked,
    clickOn("ben", card, button("approve", proposal)),
  ]);
  const whisper = wordsOf({ ...(await whispered(from, /pproved/)) });
  const answers = [told, whisper];
  expect(answers.filter((words) => words.startsWith("Approved. It is being done"))).toHaveLength(1);
  expect(answers.filter((words) => /^(Ben|Owner) approved this on (discord|slack) at /.test(words))).toHaveLength(1);
  const done = await cardIn("lab", "Done");
  expect(done.id).toBe(card.id);
  expect(buttonsOn(done)).toEqual(["Wrong agent"]);
  expect(target.arrived).toHaveLength(1);
  expect(await clickOn("ada", card, button("deny", proposal)).catch((error: unknown) => String(error))).toContain(
    "there is no button",
  );
});

test("E13: a restart between card and click, on both platforms: the click works, once", async () => {
  await slack.dm("ada", "@clerk send cyd: from slack");
  discord.dm("ada", "@clerk send cyd: from discord");
  const [one, other] = [await latest("from slack"), await latest("from discord")];
  const direct = discord.dmChannel("ada");
  const [before, beside] = [await slackCard("from slack"), await cardIn(direct, "from discord")];
  await lab.nova.stop();
  await start();
  const arrived = target.arrived.length;
  await slack.click("ada", before, button("approve", one)).acked;
  expect(await clickOn("ada", beside, button("approve", other))).toContain("Approved. It is being done");
  await vi.waitUntil(async () => wordsOf(await slackCard("from slack")).includes("Done"), PATIENCE);
  await vi.waitUntil(async () => (await cardIn(direct, "from discord")).content.includes("Done"), PATIENCE);
  expect(target.arrived).toHaveLength(arrived + 2);
  // A click that was on its way when the card changed.
  const from = slack.ephemerals.length;
  await slack.click("ada", before, button("approve", one)).acked;
  await whispered(from, /approved this on slack[\s\S]*So this changed nothing/);
  expect(target.arrived).toHaveLength(arrived + 2);
});

test("E13: what was changed on Discord is not decided by the card that Slack showed before, but by the new one", async () => {
  discord.mention("lab", "ada", "@clerk send dan: the first words");
  const proposal = await latest("the first words");
  const card = await cardIn("lab", "the first words");
  const old = await listed();
  const click = await discord.click("ada", card, `nova:${button("edit", proposal)}`);
  await vi.waitUntil(() => discord.interaction(click).callback === 9, PATIENCE);
  expect(await seen(await discord.submit("ada", click, { text: "the second words" }))).toContain("Changed.");

  const answer = await pressOnSlack(old, button("approve", proposal), /nothing was decided/);
  expect(wordsOf({ ...answer })).toContain("the second words");
  expect(await state(proposal)).toBe("pending");
  const fresh = await latest("the second words");
  const now = await cardIn("lab", "the second words");
  expect(now.id).toBe(card.id);
  expect(await clickOn("ada", now, button("approve", fresh))).toContain("Approved.");
  await vi.waitUntil(
    () => discord.replies("lab").some((one) => one.id === card.id && one.content.includes("Done")),
    PATIENCE,
  );
  expect(target.effects.at(-1)?.args).toEqual({ target: "dan", text: "the second words" });
});
