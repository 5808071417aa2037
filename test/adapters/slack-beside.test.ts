/** `/nova stop` and `/nova why` in Slack, which keeps commands out of threads, while answers stand in threads: a whole Nova. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { says, scripted } from "../support/model.ts";
import { openSlackRoom, type SlackRoom } from "./slack-room.ts";
import { wordsOf } from "./slack-writer.ts";

const BEGUN = "The sky is blue because";
const model = scripted((messages) =>
  String(messages.at(-1)?.text).includes("for ever")
    ? { pieces: [`{"kind":"answer","text":"${BEGUN}`, " "], end: "silence" }
    : says("Sunlight."),
);
let room: SlackRoom;
beforeAll(async () => {
  room = await openSlackRoom("socket", { models: model.models });
});
afterAll(() => room[Symbol.asyncDispose]());

const SOON = { timeout: 20_000, interval: 20 };
type Spot = { readonly channel: string; readonly root: string };
const repliesIn = async ({ channel, root }: Spot): Promise<readonly string[]> =>
  (await room.slack.replies(channel)).filter((reply) => reply["thread_ts"] === root).map(wordsOf);
const becomes = (spot: Spot, words: RegExp): Promise<void> =>
  vi.waitFor(async () => expect(await repliesIn(spot)).toEqual([expect.stringMatching(words)]), SOON);

/** What the one who gave the command is told, and nobody else. */
async function told(text: string, channel: string): Promise<string> {
  const before = room.slack.ephemerals.length;
  await (
    await room.slack.slash("ada", text, channel)
  ).acked;
  await vi.waitFor(() => expect(room.slack.ephemerals.length).toBeGreaterThan(before), SOON);
  const seen = room.slack.ephemerals[before] ?? {};
  expect(seen).toMatchObject({ user: room.slack.users["ada"], via: "response_url" });
  return wordsOf(seen);
}

test("C1 commands: /nova stop ends the answer that streams in a thread of the channel, and says so to the one who asked", async () => {
  const asked = await room.slack.mention("lab", "ada", "@analyst why is the sky blue, for ever and ever?", {
    alone: true,
  });
  await becomes(asked, /The sky is/);
  expect(room.slack.streams.at(-1)?.state).toBe("open");
  expect(await told("stop", "garden")).toContain("Nothing is running");
  expect(await told("stop", "lab")).toContain("Stopped what I was writing here.");
  await becomes(asked, /^Stopped\. Nothing of the unfinished answer was kept\.$/);
  expect(room.slack.streams.map(({ state }) => state)).toEqual(["stopped"]);
});

test("C1 commands: in direct messages, where each is a conversation of its own, it ends all, and so does “stop” beside them", async () => {
  const first = await room.slack.dm("ada", "@analyst why is grass green, for ever?");
  const second = await room.slack.dm("ada", "@analyst why is snow white, for ever?");
  await Promise.all([becomes(first, /The sky is/), becomes(second, /The sky is/)]);
  expect(await told("stop", "direct")).toContain("Stopped the 2 answers that I was writing here.");
  await Promise.all([becomes(first, /^Stopped\./), becomes(second, /^Stopped\./)]);

  const third = await room.slack.dm("ada", "@analyst why is coal black, for ever?");
  await becomes(third, /The sky is/);
  const stop = await room.slack.dm("ada", " /stop");
  await becomes(stop, /^Stopped what I was writing here\.$/);
  await becomes(third, /^Stopped\. Nothing/);
});

test("C1 commands: /nova why tells of the question in the thread, where there was none behind /nova", async () => {
  const asked = await room.slack.mention("garden", "ada", "@analyst why is the sea salty?", { alone: true });
  await becomes(asked, /^Sunlight\.$/);
  expect(await told("why", "garden")).toMatch(
    /^Your question in the thread, “@analyst why is the sea salty\?”, went to \*Analyst\*/,
  );
});
