/** Replies of a whole Nova to Slack, through its outbox: long ones, broken lines, files, and the draft that becomes them. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { says, scripted } from "../support/model.ts";
import type { Json } from "../support/slack/workspace.ts";
import { openSlackRoom, type SlackRoom } from "./slack-room.ts";
import { wordsOf } from "./slack-writer.ts";

/** Without a figure: those without a source would be named under it. */
const lettered = (i: number): string => String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26));
const LONG = Array.from(
  { length: 110 },
  (_, i) => `Line ${lettered(i)}: ${"words of a long reply, ".repeat(3)}end ${lettered(i)}.`,
).join("\n\n");
const SUNLIGHT = "Sunlight is **scattered** by the air. <!channel>";
const { promise: seen, resolve: isSeen } = Promise.withResolvers<void>();
const model = scripted((messages) => {
  const asked = messages.at(-1)?.text ?? "";
  if (asked.includes("colours")) return { pieces: [says(SUNLIGHT)], until: seen };
  return says(asked.includes("in full") ? LONG : SUNLIGHT);
});
let room: SlackRoom;
beforeAll(async () => {
  room = await openSlackRoom("socket", { models: model.models });
});
afterAll(() => room[Symbol.asyncDispose]());

/** Says it, and waits until all that comes of it is sent. */
async function ask(text: string, options: Parameters<SlackRoom["slack"]["dm"]>[2] = {}) {
  const said = await room.slack.dm("ada", text, options);
  await said.acked;
  await room.test.nova.settled(AbortSignal.timeout(20_000));
  return said;
}
const repliesIn = async ({ channel, root }: { channel: string; root: string }): Promise<readonly Json[]> =>
  (await room.slack.replies(channel)).filter((reply) => reply["thread_ts"] === root);

test("the draft grows in the message that becomes the reply, with who answered under it", async () => {
  const asked = ask("Why is the sky blue, of all colours?");
  await vi.waitFor(() => expect(room.slack.streams.at(-1)?.text).toContain("scattered"), { timeout: 10_000 });
  isSeen();
  const said = await asked;
  const replies = await repliesIn(said);
  expect(replies).toHaveLength(1);
  expect(wordsOf(replies[0] ?? {})).toBe("Sunlight is *scattered* by the air. &lt;!channel&gt;");
  expect(JSON.stringify(replies[0]?.["blocks"])).toMatch(/"type":"context".* · scripted/);
  expect(room.slack.streams.map(({ ts }) => ts)).toEqual([replies[0]?.["ts"]]);
});

test("E8: a long reply with a 429 in its middle arrives whole, in order, and once", async () => {
  room.slack.next("chat.postMessage", { status: 429, headers: { "retry-after": "1" } });
  const said = await ask("Tell me about the sky, in full please");
  await vi.waitFor(async () => expect((await repliesIn(said)).length).toBeGreaterThan(3), { timeout: 15_000 });
  const replies = await repliesIn(said);
  expect(replies.map(wordsOf).join("\n\n")).toBe(LONG);
  for (const reply of replies) expect(wordsOf(reply).length).toBeLessThanOrEqual(3_000);
});

test("E7: Slack took the post and the line broke: one post, which is found, and nobody is bothered", async () => {
  room.slack.next("chat.postMessage", "drop");
  const said = await ask("/budget");
  expect(await repliesIn(said)).toHaveLength(1);
});

test("E7: where Nova may not read the conversation the person is told once, and nothing is sent twice", async () => {
  room.slack.next("chat.postMessage", "drop");
  room.slack.next("conversations.replies", { error: "missing_scope" });
  const said = await ask("/budget");
  await vi.waitFor(async () => expect((await repliesIn(said)).length).toBeGreaterThan(1));
  const [reply, notice, ...others] = (await repliesIn(said)).map(wordsOf);
  expect(reply).not.toContain("may not have reached you");
  expect(notice).toContain("may not have reached you");
  expect(others).toEqual([]);
});

test("C1 files: a file is read when its turn begins, with a token that is shown to Slack alone", async () => {
  const { foreign, asked } = room.slack.files;
  const files = [
    { name: "notes.txt", bytes: "The boiler was serviced in May." },
    { name: "bait.txt", bytes: "x", redirectTo: `${foreign}/bait.txt` },
  ];
  await ask("When was the boiler serviced, going by this?", { files });
  expect(model.seen()).toContain("The boiler was serviced in May.");
  expect(asked).toEqual([]);
});
