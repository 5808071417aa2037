/** What people in Slack see of a turn while it works: a status line, a growing reply, and each word of it once. */
import { describe, expect, test, vi } from "vitest";
import { agentId, EVERYWHERE_SCOPE, messageId, turnId, type Address, type ExternalId, type TurnId } from "#core";
import type { Fault } from "../support/slack/journal.ts";
import { openSlackWriter, wordsOf, type SlackWriter } from "./slack-writer.ts";

const TURN = turnId("1");
const draft = (writer: SlackWriter, at: Address, text: string, turn: TurnId = TURN): void =>
  writer.publish(at, { kind: "draft", turn, text });
const take = (writer: SlackWriter, at: Address, turn: TurnId = TURN): void =>
  writer.publish(at, { kind: "taken", turn, messages: [messageId("5")] });
const shown = async (writer: SlackWriter, at: Address): Promise<string> =>
  (await replies(writer, at)).map(wordsOf).join("");
const replies = async (writer: SlackWriter, at: Address) =>
  (await writer.slack.replies(at.container)).filter((message) => message["thread_ts"] === at.root);
const shows = (writer: SlackWriter, at: Address, text: string): Promise<void> =>
  vi.waitFor(async () => expect(await shown(writer, at)).toBe(text), { timeout: 5_000 });
const methods = (writer: SlackWriter): readonly string[] =>
  writer.slack
    .calls()
    .map(({ method }) => method)
    .filter((method) => method.startsWith("chat."));

/** That ada wrote message 5 there; her account. */
async function heard(writer: SlackWriter, at: Address): Promise<ExternalId> {
  const sender = { platform: "slack", scope: writer.slack.team, id: writer.slack.users["ada"] ?? "" };
  const { conversation, person } = writer.part(at, "");
  const message = messageId("5");
  const accept = writer.askers.watch(async () => ({
    kind: "accepted",
    message,
    conversation,
    person,
    duplicate: false,
  }));
  await accept({ deliveryKey: "1", messageKey: "1", address: at, sender, text: "x", sentAt: new Date() });
  return sender;
}

describe("a growing reply", () => {
  test("is streamed, only what is new each time, and ends as the reply in the same message", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    take(writer, at);
    draft(writer, at, "One");
    await shows(writer, at, "One");
    draft(writer, at, "One two");
    await shows(writer, at, "One two");
    expect(writer.slack.calls("chat.appendStream").map(({ args }) => args["markdown_text"])).toEqual([" two"]);
    expect(JSON.parse(writer.drafts.get(TURN) ?? "{}")).toMatchObject({ ts: [expect.any(String)] });
    writer.publish(at, { kind: "ended", turn: TURN });
    expect(await writer.process.send(writer.part(at, "One two *three*"))).toMatchObject({ kind: "sent" });
    expect((await replies(writer, at)).map(wordsOf)).toEqual(["One two *three*"]);
    expect(methods(writer)).toEqual(["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"]);
  });

  test("C1 streaming: is streamed in a channel to the one who asked, and written over where nobody knows who that is", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("lab");
    const sender = await heard(writer, at);
    take(writer, at);
    draft(writer, at, "Hello");
    await shows(writer, at, "Hello");
    const args = writer.slack.calls("chat.startStream").at(0)?.args;
    expect(args).toMatchObject({ recipient_user_id: sender.id, recipient_team_id: sender.scope, thread_ts: at.root });

    const other = await writer.root("garden");
    const turn = turnId("2");
    writer.publish(other, { kind: "taken", turn, messages: [messageId("6")] });
    draft(writer, other, "Hello **you**", turn);
    await shows(writer, other, "Hello *you*");
    draft(writer, other, "Hello **you** there", turn);
    await shows(writer, other, "Hello *you* there");
    expect(await writer.process.send(writer.part(other, "Hello.", { turn }))).toMatchObject({ kind: "sent" });
    expect((await replies(writer, other)).map(wordsOf)).toEqual(["Hello."]);
  });

  test.each<Fault>([{ error: "unknown_method" }, { error: "not_allowed_token_type" }, { status: 404 }])(
    "C1 streaming: is written over, not more than fifty times a minute, where Slack streams nothing (%j)",
    async (fault) => {
      await using writer = await openSlackWriter();
      writer.slack.next("chat.startStream", fault);
      const at = await writer.root("direct");
      const long = "word ".repeat(1_500);
      for (let n = 100; n <= long.length; n += 60) {
        draft(writer, at, long.slice(0, n));
        await new Promise((done) => setImmediate(done));
      }
      await vi.waitFor(async () => expect(await shown(writer, at)).toMatch(/^…\n/));
      for (const { args } of writer.slack.calls("chat.update"))
        expect(String(args["text"]).length).toBeLessThanOrEqual(4_000);
      expect(writer.slack.calls("chat.startStream")).toHaveLength(1);
      const next = await writer.root("direct");
      draft(writer, next, "again", turnId("2"));
      await shows(writer, next, "again");
      expect(writer.slack.calls("chat.startStream")).toHaveLength(1);
    },
  );

  test("E10: goes on in a new stream before Slack ends the first: all of it, in order, nothing twice", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "first ");
    await shows(writer, at, "first ");
    writer.pass(235_000);
    draft(writer, at, "first second ");
    await shows(writer, at, "first second ");
    writer.pass(10_000);
    draft(writer, at, "first second third");
    await shows(writer, at, "first second third");
    expect(writer.slack.streams.map(({ text }) => text)).toEqual(["first second ", "third"]);
    expect(writer.slack.streams.map(({ state }) => state)).toEqual(["stopped", "open"]);
    const parts = ["first second", "third and last"];
    for (const [ordinal, body] of parts.entries()) await writer.process.send(writer.part(at, body, { ordinal, of: 2 }));
    expect((await replies(writer, at)).map(wordsOf)).toEqual(parts);
  });

  test("E10: at 4:59 an append is taken, at 5:01 Slack has ended the stream: the tail is not lost", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "head ");
    await shows(writer, at, "head ");
    // Slack's own clock is not ours: the stream that we take for young is over.
    writer.slack.next("chat.appendStream", { error: "message_not_in_streaming_state" });
    draft(writer, at, "head tail");
    await shows(writer, at, "head tail");
    writer.pass(301_000);
    draft(writer, at, "head tail and end");
    await shows(writer, at, "head tail and end");
    await writer.process.send(writer.part(at, "head tail and end."));
    expect((await replies(writer, at)).map(wordsOf)).toEqual(["head tail and end."]);
  });

  test("E10: code that is cut by a new stream is closed and opened again", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "Look:\n```ts\nconst a = 1;\n");
    await vi.waitFor(() => expect(writer.slack.streams).toHaveLength(1));
    writer.pass(241_000);
    draft(writer, at, "Look:\n```ts\nconst a = 1;\nconst b = 2;\n```\n");
    await vi.waitFor(() => expect(writer.slack.streams).toHaveLength(2));
    expect(writer.slack.streams.map(({ text }) => text)).toEqual([
      "Look:\n```ts\nconst a = 1;\n\n```",
      "```ts\nconst b = 2;\n```\n",
    ]);
  });

  test("E10: the reader's own stop ends the turn", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "so far");
    await shows(writer, at, "so far");
    writer.slack.stopStream(at.container);
    draft(writer, at, "so far and on");
    await vi.waitFor(() => expect(writer.stopped).toEqual([TURN]));
    draft(writer, at, "so far and on and on");
    expect(await writer.process.send(writer.part(at, "Stopped."))).toMatchObject({ kind: "sent" });
    expect((await replies(writer, at)).map(wordsOf)).toEqual(["Stopped."]);
  });

  test("that begins anew is written over in the same message", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "A first try");
    await shows(writer, at, "A first try");
    draft(writer, at, "Another try");
    await shows(writer, at, "Another try");
    expect(writer.slack.calls("chat.startStream")).toHaveLength(1);
    expect(await replies(writer, at)).toHaveLength(1);
  });

  test("whose append nobody saw end is not appended again", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "one ");
    await shows(writer, at, "one ");
    writer.slack.next("chat.appendStream", "drop");
    draft(writer, at, "one two");
    await shows(writer, at, "one two");
    expect(await replies(writer, at)).toHaveLength(1);
  });

  test("whose beginning nobody saw end is found, and goes on there", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    writer.slack.next("chat.startStream", "drop");
    draft(writer, at, "one two");
    draft(writer, at, "one two three");
    await shows(writer, at, "one two three");
    writer.slack.next("chat.startStream", { error: "missing_scope" });
    writer.slack.next("chat.postMessage", "drop");
    const lab = await writer.root("lab");
    draft(writer, lab, "posted", turnId("2"));
    draft(writer, lab, "posted once", turnId("2"));
    await shows(writer, lab, "posted once");
    await writer.process.send(writer.part(lab, "posted once.", { turn: turnId("2") }));
    expect((await replies(writer, lab)).map(wordsOf)).toEqual(["posted once."]);
    expect(await replies(writer, at)).toHaveLength(1);
  });

  test("calls nobody and shows no half of a character", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "Hi <!channel> <@U1> \ud83d");
    await shows(writer, at, "Hi <\u200B!channel> <\u200B@U1> ");
    draft(writer, at, "Hi <!channel> <@U1> \ud83d\ude00");
    await shows(writer, at, "Hi <\u200B!channel> <\u200B@U1> \ud83d\ude00");
    expect(writer.slack.streams).toHaveLength(1);
  });

  test("is left to the process that took the turn over", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    take(writer, at);
    draft(writer, at, "one");
    await shows(writer, at, "one");
    writer.host.progress.publish(at, { kind: "taken", turn: TURN, messages: [] }, false);
    await vi.waitFor(() => expect(writer.slack.streams.at(-1)?.state).toBe("stopped"));
    expect(writer.slack.calls("chat.stopStream")).toHaveLength(1);
  });

  test("goes on in its message after a restart", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "before the");
    await shows(writer, at, "before the");
    await writer.process.showing.stop();
    const next = writer.openProcess();
    take(writer, at);
    draft(writer, at, "before the restart");
    await shows(writer, at, "before the restart");
    expect(await next.send(writer.part(at, "After it.", { draft: writer.drafts.get(TURN) ?? null }))).toMatchObject({
      kind: "sent",
    });
    expect((await replies(writer, at)).map(wordsOf)).toEqual(["After it."]);
  });

  test.each(["direct", "lab"])(
    "killed before its message was noted, it goes on there all the same (%s)",
    async (channel) => {
      await using writer = await openSlackWriter();
      const at = await writer.root(channel);
      await heard(writer, at);
      const notes: string[] = [];
      const { note } = writer.host.drafts;
      writer.host.drafts.note = (turn, text) => {
        notes.push(text);
        return note(turn, text);
      };
      take(writer, at);
      draft(writer, at, "before the");
      await shows(writer, at, "before the");
      await writer.process.showing.stop();
      // What the killed one got to write.
      writer.drafts.set(TURN, notes[0] ?? "");
      const next = writer.openProcess();
      take(writer, at);
      draft(writer, at, "after the kill");
      await shows(writer, at, "after the kill");
      expect(await next.send(writer.part(at, "After it."))).toMatchObject({ kind: "sent" });
      expect((await replies(writer, at)).map(wordsOf)).toEqual(["After it."]);
    },
  );

  test("begun when another process was delivering already, it goes away when the reply stands", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    const other = writer.openProcess();
    await other.showing.stop();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    writer.slack.next("chat.startStream", { until: gate });
    draft(writer, at, "half of");
    await vi.waitFor(() => expect(writer.slack.calls("chat.startStream")).toHaveLength(1));
    writer.host.drafts.note = async () => false;
    const noted = writer.drafts.get(TURN) ?? null;
    expect(await other.send(writer.part(at, "The whole.", { draft: noted }))).toMatchObject({ kind: "sent" });
    open();
    await vi.waitFor(() => expect(writer.slack.streams.at(-1)?.state).toBe("stopped"));
    await vi.waitFor(async () => expect((await replies(writer, at)).map(wordsOf)).toEqual(["The whole."]));
    draft(writer, at, "half of it");
    expect(await writer.process.showing.finish(TURN)).not.toBeNull();
    expect(writer.slack.calls("chat.startStream")).toHaveLength(1);
  });

  test("begun and not noted any more, it becomes the reply that another process delivers", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    const other = writer.openProcess();
    await other.showing.stop();
    const noted: string[] = [];
    writer.host.drafts.note = async (_, text) => noted.push(text) === 1;
    draft(writer, at, "half of");
    await vi.waitFor(() => expect(noted).toHaveLength(2));
    await writer.voice.tell(
      { channel: at.container, user: writer.slack.users["ada"] ?? "", thread: at.root, responseUrl: null },
      "A word beside it.",
    );
    const looks = () => writer.slack.calls("conversations.replies");
    // As long as the reply may still come to stand in it.
    await vi.waitFor(() => expect(looks()).toHaveLength(4));
    const part = writer.part(at, "The whole.", { draft: noted[0] ?? null });
    writer.slack.next("conversations.replies", { status: 429, headers: { "retry-after": "3" } });
    expect(await other.send(part)).toMatchObject({ kind: "not_sent", retry: true, afterMs: 3_000 });
    expect(await other.send(part)).toMatchObject({ kind: "sent" });
    expect((await replies(writer, at)).map(wordsOf)).toEqual(["The whole.", "A word beside it."]);
    await writer.process.showing.finish(TURN);
    expect(await replies(writer, at)).toHaveLength(2);
  });

  test("that another process closed to deliver it begins no new message", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    draft(writer, at, "half");
    await shows(writer, at, "half");
    const other = writer.openProcess();
    await other.showing.stop();
    const noted = writer.drafts.get(TURN) ?? null;
    writer.host.drafts.note = async () => false;
    expect(await other.send(writer.part(at, "The whole.", { draft: noted }))).toMatchObject({ kind: "sent" });
    draft(writer, at, "half of it");
    await vi.waitFor(() => expect(writer.slack.calls("chat.appendStream").length).toBeGreaterThan(0));
    await writer.process.showing.finish(TURN);
    expect(writer.slack.calls("chat.startStream")).toHaveLength(1);
    expect((await replies(writer, at)).map(wordsOf)).toEqual(["The whole."]);
  });

  test.each(["chat.startStream", "chat.postMessage"])("that is over writes nothing more (%s)", async (method) => {
    await using writer = await openSlackWriter();
    if (method !== "chat.startStream") writer.slack.next("chat.startStream", { error: "unknown_method" });
    const at = await writer.root("direct");
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let notes = 0;
    writer.host.drafts.note = async () => {
      notes += 1;
      if (notes === (method === "chat.startStream" ? 1 : 2)) await gate;
      return true;
    };
    draft(writer, at, "half");
    await vi.waitFor(() => expect(notes).toBe(method === "chat.startStream" ? 1 : 2));
    const finished = writer.process.showing.finish(TURN);
    open();
    expect(await finished).toBeNull();
    expect(writer.slack.calls(method)).toEqual([]);
    expect(await replies(writer, at)).toEqual([]);
  });

  test("C1 rates: many at once stay within Slack's tiers, and each shows its newest text in the end", async () => {
    await using writer = await openSlackWriter();
    const places = await Promise.all(Array.from({ length: 6 }, () => writer.root("direct")));
    const began = writer.host.clock.now().getTime();
    for (let n = 1; n <= 30; n += 1) {
      for (const [index, at] of places.entries()) draft(writer, at, "word ".repeat(n), turnId(String(index)));
      await new Promise((done) => setTimeout(done, 2));
    }
    for (const at of places) await shows(writer, at, "word ".repeat(30));
    const minutes = Math.ceil((writer.host.clock.now().getTime() - began) / 60_000);
    expect(writer.slack.calls("chat.appendStream").length).toBeLessThanOrEqual(100 * minutes);
    expect(writer.slack.calls("chat.startStream").length).toBeLessThanOrEqual(20 * minutes);
  });

  test("waits as long as Slack asks for", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    writer.slack.next("chat.startStream", { status: 429, headers: { "retry-after": "9" } });
    const before = writer.host.clock.now().getTime();
    draft(writer, at, "late");
    await shows(writer, at, "late");
    expect(writer.host.clock.now().getTime() - before).toBeGreaterThanOrEqual(9_000);
  });
});

describe("C1 status", () => {
  test("C1 status: tells what goes on, and is taken away at the end", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    const lines = () => writer.slack.statuses.map(({ status }) => status);
    take(writer, at);
    await vi.waitFor(() => expect(lines()).toEqual(["is thinking…"]));
    writer.publish(at, { kind: "routed", turn: TURN, agent: agentId("librarian"), reason: "" });
    await vi.waitFor(() => expect(lines().at(-1)).toBe("is at work: Librarian…"));
    writer.publish(at, { kind: "status", turn: TURN, line: "Reading ".repeat(40) });
    await vi.waitFor(() => expect(lines().at(-1)).toMatch(/^Reading .*…$/));
    expect(lines().at(-1)?.length).toBeLessThanOrEqual(100);
    writer.publish(at, { kind: "ended", turn: TURN });
    await vi.waitFor(() => expect(lines().at(-1)).toBe(""));
  });

  test("C1 status: what Slack refuses to show harms nobody", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("lab");
    writer.slack.next("assistant.threads.setStatus", { error: "missing_scope" }, "drop", { status: 500 });
    take(writer, at);
    draft(writer, at, "shown");
    await shows(writer, at, "shown");
    expect(await writer.process.send(writer.part(at, "Done."))).toMatchObject({ kind: "sent" });
  });

  test("is not shown for commands, other platforms, and what another process works on", async () => {
    await using writer = await openSlackWriter();
    const at = await writer.root("direct");
    const taken = { kind: "taken", turn: TURN, messages: [] } as const;
    writer.host.progress.publish(at, taken, false);
    writer.publish({ ...at, root: "@U1" }, taken);
    writer.publish({ ...at, platform: "web", scope: EVERYWHERE_SCOPE }, taken);
    expect(await writer.process.showing.finish(TURN)).toBeNull();
    expect(writer.slack.statuses).toEqual([]);
  });
});
