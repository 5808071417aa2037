/** A question asked in a thread of Slack and answered beside it, and the other way round: a whole Nova over the peer. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HOME } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { openTarget } from "../effects/target.ts";
import { openClerks } from "../effects/trial-agents.ts";
import { says, scripted } from "../support/model.ts";
import { openSlackRoom, type SlackRoom } from "./slack-room.ts";
import { wordsOf } from "./slack-writer.ts";

/** The router cannot tell two of those that it may choose from, where something is to be looked after. */
const model = scripted((messages) => {
  const [first = { text: "" }] = messages;
  if (first.text.startsWith("You are the router of Nova")) {
    const known = Array.from(first.text.matchAll(/^- ([a-z-]+) \(/gm), ([, id = ""]) => id);
    // Two that ask a model; some others would answer by their own code.
    const clarify = ["librarian", "editor"].filter((id) => known.includes(id));
    const isClose = messages.some(({ text }) => text.includes("look after"));
    return isClose ? JSON.stringify({ clarify, confidence: 0.4 }) : "no idea";
  }
  return String(messages.at(-1)?.text).includes("arrange the visit")
    ? JSON.stringify({ kind: "clarify", question: "Which day?", options: [] })
    : says("It is done so.");
});

let clerks: Trial;
let room: SlackRoom;
beforeAll(async () => {
  clerks = await openClerks();
  const options = { agents: clerks.agents, performers: openTarget().performers, env: { NOVA_ROUTER_MODEL: "on" } };
  room = await openSlackRoom("socket", { models: model.models, ...options });
  const people = createPeople(room.test.database, { clock: { now: () => new Date() }, random: randomBytes });
  const { id } = await people.add(HOME, "ben", "member");
  const { slack } = room;
  await people.link({ platform: "slack", scope: slack.team, id: slack.users["ben"] ?? "" }, id);
}, 120_000);
afterAll(async () => {
  await room[Symbol.asyncDispose]();
  await clerks.close();
});

const SOON = { timeout: 20_000, interval: 20 };
type Spot = { readonly channel: string; readonly root: string };
/** The newest reply in a thread, once there are so many. */
const reply = ({ channel, root }: Spot, count = 1): Promise<string> =>
  vi.waitFor(async () => {
    const found = (await room.slack.replies(channel)).filter((one) => one["thread_ts"] === root).map(wordsOf);
    expect(found.length).toBeGreaterThanOrEqual(count);
    await room.test.nova.settled(AbortSignal.timeout(20_000));
    return found.at(-1) ?? "";
  }, SOON);
const given = (): string => (model.heard.at(-1) ?? []).map(({ text }) => text).join("\n");

test("C1 threads: “2” at the top of a direct message answers the question in a thread of it, once", async () => {
  const asked = await room.slack.dm("ada", "could you look after the parcel for Rome");
  const second = /Which do you mean[\s\S]*2\. \*([^*]+)\*/.exec(await reply(asked))?.[1] ?? "nobody";
  const answer = await room.slack.dm("ada", "2");
  expect(await reply(answer)).toContain("It is done so.");
  expect(given()).toContain("could you look after the parcel for Rome");
  const why = await room.slack.dm("ada", "/why", { thread: answer.root });
  expect(await reply(why, 2)).toContain(
    `went to *${second}*. You chose the ${second}. That was asked in another thread (`,
  );
  await reply(await room.slack.dm("ada", "2"));
  expect(given()).not.toContain("Rome");
});

test("C1 threads: a day at the top of it answers an agent that asked in a thread, and the other way round", async () => {
  const asked = await room.slack.dm("ada", "@analyst arrange the visit of the auditors");
  expect(await reply(asked)).toContain("Which day?");
  await reply(await room.slack.dm("ada", "Friday"));
  expect(given()).toContain("arrange the visit of the auditors");

  const other = await room.slack.dm("ada", "@editor a word on the weather");
  await reply(other);
  await reply(await room.slack.dm("ada", "could you look after the parcel for Bonn"));
  await reply(await room.slack.dm("ada", "the first", { thread: other.root }), 2);
  expect(given()).toContain("could you look after the parcel for Bonn");
});

test("C1 threads: in a channel another person's “2” answers nothing, and the same person's does", async () => {
  const asked = await room.slack.mention("lab", "ada", "could you look after the parcel for Turin", { alone: true });
  expect(await reply(asked)).toContain("Which do you mean");
  await reply(await room.slack.mention("lab", "ben", "2", { alone: true }));
  expect(given()).not.toContain("Turin");
  await reply(await room.slack.mention("garden", "ada", "2", { alone: true }));
  expect(given()).not.toContain("Turin");
  await reply(await room.slack.mention("lab", "ada", "2", { alone: true }));
  expect(given()).toContain("Turin");
});

test("C1 threads: a bare “yes” beside its card is told which one waits, and decides nothing", async () => {
  const asked = await room.slack.dm("ada", "@clerk send dora: the plan");
  expect(await reply(asked)).toContain("Bring it to dora");
  const told = await reply(await room.slack.dm("ada", "yes"));
  expect(told).toMatch(
    /^That word decides nothing by itself\. “Bring it to dora” waits in another thread: `\/nova approve (\d+)` has it done/,
  );
  await reply(await room.slack.dm("ada", `/deny ${/approve (\d+)/.exec(told)?.[1]}`));
  expect(await reply(await room.slack.dm("ada", "yes"))).not.toContain("decides nothing");
});
