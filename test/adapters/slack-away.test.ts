/** What is written to Nova in Slack while it is away, over both doors of a whole Nova that is stopped and started again. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createCatchUp } from "../../adapters/slack/away/catch-up.ts";
import { HOME, serviceOf } from "#core";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { says, scripted } from "../support/model.ts";
import { startSlackPeer, type Delivery, type SlackPeer } from "../support/slack/peer.ts";
import { openSlackRoom, type SlackRoom } from "./slack-room.ts";
import type { Database } from "../../src/postgres/engine/database.ts";

const PATIENCE = { timeout: 20_000, interval: 20 };

describe.each(["socket", "http"] as const)("Slack by %s", (mode) => {
  const { models } = scripted(says("Here you are."));
  let slack: SlackPeer;
  let database: Database;
  let room: SlackRoom;
  const open = async (): Promise<SlackRoom> =>
    openSlackRoom(mode, { models, slack, database: { ...database, close: async () => undefined } });
  /** Without the peer, which stays. */
  const stop = () => room.test[Symbol.asyncDispose]();
  beforeAll(async () => {
    [slack, database] = await Promise.all([startSlackPeer(), testDatabase()]);
    room = await open();
  });
  afterAll(async () => {
    await room[Symbol.asyncDispose]();
    await database.close();
  });

  /** Words that came in, as they were stored. */
  const heard = async (): Promise<readonly string[]> => {
    const { rows } = await database.within(serviceOf(HOME), (tx) =>
      tx.query<{ text: string }>("select text from message where direction = 'in' order by id"),
    );
    return rows.map(({ text }) => text);
  };
  const told = (...words: readonly string[]): Promise<void> =>
    vi.waitFor(async () => expect(await heard()).toEqual(words), PATIENCE);
  const repliesIn = async ({ channel, root }: Delivery): Promise<number> =>
    (await slack.replies(channel)).filter((reply) => reply["thread_ts"] === root).length;
  const answered = (said: Delivery, times: number): Promise<void> =>
    vi.waitFor(async () => expect(await repliesIn(said)).toBe(times), PATIENCE);
  const looked = (from: number) =>
    slack
      .calls("conversations.history")
      .slice(from)
      .map(({ args }) => args["channel"]);
  /** Resolves when whoever was started now has looked through the last thread. */
  const caughtUp = (threads: number): Promise<void> =>
    vi.waitFor(() => expect(slack.calls("conversations.replies").length).toBeGreaterThanOrEqual(threads), PATIENCE);

  const lost = { lost: true };

  test("E15: what known people write to Nova directly while it is away is answered once, in order, when it is back", async () => {
    const first = await slack.dm("ada", "first");
    await answered(first, 1);
    await (
      await slack.dm("eve", "may I?")
    ).acked;
    await stop();

    const second = await slack.dm("ada", "second", lost);
    const third = await slack.dm("ada", "third", lost);
    const below = await slack.dm("ada", "fourth, below the first", { ...lost, thread: first.root });
    const under = await slack.dm("ada", "fifth, below the third", { ...lost, thread: third.root });
    await slack.dm("eve", "may I now?", lost);
    slack.next("conversations.history", { status: 429, headers: { "retry-after": "1" } });
    slack.next("conversations.replies", { status: 429, headers: { "retry-after": "1" } });
    const before = slack.calls("conversations.history").length;
    room = await open();

    await told("first", "second", "third", under.envelope.payload["event"].text, "fourth, below the first");
    await Promise.all([answered(second, 1), answered(third, 2), answered(below, 2)]);
    // Asked again where Slack wanted patience; a stranger's conversation is not looked into.
    expect(looked(before)).toEqual([first.channel, first.channel]);

    for (const each of [second, third, below, under, first]) expect((await slack.redeliver(each)).status).toBe(200);
    await room.test.nova.settled(AbortSignal.timeout(20_000));
    expect(await heard()).toHaveLength(5);
    expect(await repliesIn(first)).toBe(2);
  });

  test("E15: what was answered or refused is left alone at the next start", async () => {
    const refused = await slack.dm("ada", "/link NOSUCHCODE");
    await answered(refused, 1);
    const words = await heard();
    await stop();
    const threads = slack.calls("conversations.replies").length;
    room = await open();
    await caughtUp(threads + 3);
    await room.test.nova.settled(AbortSignal.timeout(20_000));
    expect(await heard()).toEqual(words);
    expect(await repliesIn(refused)).toBe(1);
  });

  test("what nobody reads cannot be read, and costs the others nothing", async () => {
    await stop();
    const said = await slack.dm("ada", "sixth", lost);
    slack.next("conversations.replies", { error: "thread_not_found" });
    room = await open();
    await answered(said, 1);
    expect((await heard()).at(-1)).toBe("sixth");
  });
});

describe("when Slack's history is looked through", () => {
  const setUp = () => {
    const clock = { time: new Date("2026-03-02T10:00:00Z"), now: () => clock.time };
    const read: Date[] = [];
    const results = [true];
    const history = { read: async (to: Date) => (read.push(to), results.shift() ?? true) };
    const catchUp = createCatchUp({ history, clock, log: silentLog });
    const later = (minutes: number): Date => (clock.time = new Date(clock.time.getTime() + minutes * 60_000));
    return { catchUp, later, read, results, start: clock.time };
  };

  test("E15: at the start, and behind a break that is longer than Slack tries by itself", async () => {
    const { catchUp, later, read, start } = setUp();
    later(1);
    catchUp.opening()();
    later(3);
    catchUp.opening()();
    later(3);
    catchUp.alive();
    const back = later(5);
    // Tries that fail are no sign of life.
    catchUp.opening();
    catchUp.opening()();
    await vi.waitFor(() => expect(read).toEqual([start, back]));
    await catchUp.stop();
  });

  test("what could not be read is read with the next connection, from where it began", async () => {
    const { catchUp, later, read, results, start } = setUp();
    results.splice(0, 1, false);
    catchUp.opening()();
    await vi.waitFor(() => expect(read).toEqual([start]));
    later(1);
    catchUp.opening()();
    await vi.waitFor(() => expect(read).toEqual([start, start]));
    later(1);
    catchUp.opening()();
    await catchUp.stop();
    expect(read).toHaveLength(2);
  });
});
