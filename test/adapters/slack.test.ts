/** Slack over both doors of a whole Nova: one post is one turn, acknowledged at once and answered where it was said. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { HOME, serviceOf } from "#core";
import { createCleaning } from "../../src/postgres/cleaning.ts";
import { createGatedModels } from "../support/gated-model.ts";
import type { Json } from "../support/slack/workspace.ts";
import { openSlackRoom, type SlackRoom } from "./slack-room.ts";

describe.each(["socket", "http"] as const)("Slack by %s", (mode) => {
  const gated = createGatedModels();
  let room: SlackRoom;
  beforeAll(async () => {
    room = await openSlackRoom(mode, { models: gated.models });
  });
  afterAll(() => room[Symbol.asyncDispose]());

  const settled = (): Promise<void> => room.test.nova.settled(AbortSignal.timeout(20_000));
  const turns = async (): Promise<number> => {
    const { rows } = await room.test.database.within(serviceOf(HOME), (tx) =>
      tx.query<{ turns: number }>("select count(*)::int as turns from turn"),
    );
    return rows[0]?.turns ?? 0;
  };
  /** How many turns come of it, once all is settled. */
  const turnsOf = async (deed: () => Promise<unknown>): Promise<number> => {
    const before = await turns();
    await deed();
    await settled();
    return (await turns()) - before;
  };
  const repliesIn = async ({ channel, root }: { channel: string; root: string }): Promise<readonly Json[]> =>
    (await room.slack.replies(channel)).filter((reply) => reply["thread_ts"] === root);

  test("C1 ack: a message is acknowledged within 3 s while a slow model still thinks", async () => {
    const said = await room.slack.dm("ada", "Why is the sky blue, in one sentence?");
    const { status, ms } = await said.acked;
    expect(status).toBe(200);
    expect(ms).toBeLessThan(3_000);
    await vi.waitFor(() => expect(gated.waiting()).toBeGreaterThan(0));
    gated.openAll("Because it scatters.");
    await settled();
    expect(JSON.stringify(await repliesIn(said))).toContain("Because it scatters.");
  });

  test("C1 agent view: a message in a thread is answered in that thread", async () => {
    const first = await room.slack.dm("ada", "hello");
    await settled();
    const second = await room.slack.dm("ada", "Why is grass green?", { thread: first.root });
    await second.acked;
    await settled();
    expect(second.root).toBe(first.root);
    expect(await repliesIn(first)).toHaveLength(2);
  });

  test.each([[true], [false]])(
    "E6: app_mention and message of one post are one turn (mention first: %s)",
    async (mentionFirst) => {
      const { slack } = room;
      const said = await slack.mention("lab", "ada", "why is snow white?", { lost: true });
      const both = [said, said.message ?? said];
      expect(
        await turnsOf(async () => {
          for (const each of mentionFirst ? both : both.toReversed())
            expect((await slack.redeliver(each)).status).toBe(200);
        }),
      ).toBe(1);
      expect(await repliesIn(said)).toHaveLength(1);
    },
  );

  test("E6: the same time in two channels is two messages", async () => {
    const { slack } = room;
    const ts = "1795200000.000700";
    expect(
      await turnsOf(async () => {
        for (const channel of ["lab", "garden"])
          await (
            await slack.mention(channel, "ada", "why is coal black?", { ts, alone: true })
          ).acked;
      }),
    ).toBe(2);
  });

  test("E5: a message whose first delivery was lost is taken from its retry, and never again after that", async () => {
    const { slack } = room;
    const lost = await slack.dm("ada", "Why is water wet?", { lost: true });
    expect(
      await turnsOf(async () => {
        for (const attempt of [1, 2, 3])
          expect((await slack.redeliver(lost, { attempt, reason: "timeout" })).status).toBe(200);
        // Another event of the same post is the same message.
        expect((await slack.event(lost.envelope.payload["event"]).acked).status).toBe(200);
      }),
    ).toBe(1);
    // Once it is done, too, however late: the last of Slack's hourly tries comes after a day.
    const { pool } = room.test.database;
    for (const age of ["5 minutes 1 second", "1 hour", "24 hours 1 minute"]) {
      await pool.query("update inbound set stored_at = now() - $1::interval", [age]);
      await createCleaning(room.test.database).clean(new Date());
      expect(await turnsOf(() => slack.redeliver(lost, { attempt: 24, reason: "timeout" }))).toBe(0);
    }
    expect(await repliesIn(lost)).toHaveLength(1);
  });

  test("E12: our own edits, previews and a person's edit begin no turn; the edit is kept as a version", async () => {
    const { slack, test: nova } = room;
    const said = await slack.dm("ada", "Why is blood red?");
    await said.acked;
    await settled();
    const [reply] = await repliesIn(said);
    const ours = { ...reply, bot_id: slack.bot.id, edited: { user: slack.bot.user, ts: "1795200002.000100" } };
    const mine = said.envelope.payload["event"] as Json;
    const changed = (message: Json, previous: Json) =>
      slack.event({
        type: "message",
        subtype: "message_changed",
        hidden: true,
        channel: said.channel,
        channel_type: "im",
        ts: "1795200002.000200",
        message,
        previous_message: previous,
      }).acked;
    expect(
      await turnsOf(async () => {
        await changed({ ...ours, text: "Because it is." }, { ...reply, text: "Because" });
        await changed({ ...mine, attachments: [{ title: "A page" }] }, mine);
        await slack.edit(said, "Why is blood blue?").acked;
      }),
    ).toBe(0);
    expect(await repliesIn(said)).toHaveLength(1);
    const { rows } = await nova.database.within(serviceOf(HOME), (tx) =>
      tx.query<{ text: string }>("select text from message where text like 'Why is blood%'"),
    );
    expect(rows).toEqual([{ text: "Why is blood blue?" }]);
  });

  test("in a channel nobody is answered who does not mention Nova, and programs never are", async () => {
    const { slack } = room;
    expect(
      await turnsOf(async () => {
        await (
          await slack.post("lab", "ada", "hello all, write to nova@example.org")
        ).acked;
        const bot = {
          type: "message",
          channel: await slack.direct("ada"),
          bot_id: "B9",
          text: "hi",
          ts: "1795200003.1",
        };
        await slack.event(bot).acked;
      }),
    ).toBe(0);
  });

  test("/nova is answered for the one who asked, and for nobody else", async () => {
    const { slack } = room;
    const asked = await slack.slash("ada", "why is the sea salty?");
    expect(await asked.acked).toMatchObject({ status: 200 });
    await vi.waitFor(() =>
      expect(slack.ephemerals.at(-1)).toMatchObject({ user: slack.users["ada"], via: "response_url" }),
    );
    await settled();
    expect(await repliesIn(asked)).toEqual([]);
    // The address that answers stands nowhere as it is.
    const { rows } = await room.test.database.within(serviceOf(HOME), (tx) =>
      tx.query<{ whole: string }>("select message::text as whole from message where text = 'why is the sea salty?'"),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.whole).not.toContain("/response/");
  });

  test("/nova without words is the help, at once", async () => {
    expect(await turnsOf(async () => (await room.slack.slash("ada", " ")).acked)).toBe(0);
    expect(room.slack.ephemerals.at(-1)).toMatchObject({ via: "ack", text: expect.stringContaining("/nova remember") });
  });

  test("strangers are told once and privately how to become known, and cost no turn", async () => {
    const { slack } = room;
    expect(
      await turnsOf(async () => {
        await (
          await slack.mention("lab", "eve", "why?", { alone: true })
        ).acked;
        await (
          await slack.mention("lab", "eve", "why not?", { alone: true })
        ).acked;
        await vi.waitFor(() => expect(slack.calls("chat.postEphemeral").length).toBeGreaterThan(0));
        await (
          await slack.slash("eve", "why")
        ).acked;
      }),
    ).toBe(0);
    const told = slack.ephemerals.filter(({ user }) => user === slack.users["eve"]);
    expect(told.map(({ via }) => via)).toEqual(["method", "ack"]);
  });

  test("a click on a button is answered for the clicker alone", async () => {
    const { slack } = room;
    const said = await slack.mention("lab", "ada", "why is iron heavy?", { alone: true });
    await said.acked;
    await settled();
    const [reply] = await repliesIn(said);
    const before = slack.ephemerals.length;
    expect((await slack.click("ada", reply ?? {}, "wrong-agent").acked).status).toBe(200);
    await vi.waitFor(() => expect(slack.ephemerals.length).toBe(before + 1));
    expect(slack.ephemerals.at(-1)).toMatchObject({ user: slack.users["ada"] });
    expect(slack.ephemerals.at(-1)?.text).not.toBe("");
  });

  test("C1 agent view: whoever opens the conversation is shown up to four prompts", async () => {
    const { slack } = room;
    const channel = await slack.direct("ben");
    const user = slack.users["ben"];
    await slack.event({ type: "app_home_opened", user, channel, tab: "home", event_ts: "1795200004.000100" }).acked;
    await slack.event({ type: "app_home_opened", user, channel, tab: "messages", event_ts: "1795200004.000200" }).acked;
    const thread = "1795200005.000100";
    const assistant_thread = { user_id: user, channel_id: channel, thread_ts: thread, context: {} };
    await slack.event({ type: "assistant_thread_started", assistant_thread, event_ts: thread }).acked;
    await vi.waitFor(() => expect(slack.prompts.map((each) => each.thread)).toEqual([null, thread]));
    for (const { prompts } of slack.prompts) {
      expect(prompts.length).toBeGreaterThan(0);
      expect(prompts.length).toBeLessThanOrEqual(4);
    }
  });
});
