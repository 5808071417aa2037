/** Sending to Slack: one write a part, in its thread or before one person's eyes, and the truth about what became of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { turnId, type Address } from "#core";
import { createSlackApi } from "../../adapters/slack/api.ts";
import type { Json } from "../support/slack/workspace.ts";
import { openSlackWriter, wordsOf, type SlackWriter } from "./slack-writer.ts";

let writer: SlackWriter;
beforeAll(async () => void (writer = await openSlackWriter()));
afterAll(() => writer[Symbol.asyncDispose]());

const repliesAt = async (address: Address) =>
  (await writer.slack.replies(address.container)).filter((message) => message["thread_ts"] === address.root);
const writes = (from: number): readonly string[] =>
  writer.slack
    .calls()
    .slice(from)
    .map(({ method }) => method)
    .filter((method) => method !== "conversations.replies");
const calls = (): number => writer.slack.calls().length;

describe("a part", () => {
  test("is one message in its thread, with who answered and the buttons under it", async () => {
    const at = await writer.root("direct");
    const actions = Array.from({ length: 30 }, (_, i) => ({ id: `use:${i}:librarian`, label: "x".repeat(90) }));
    const before = calls();
    expect(await writer.process.send(writer.part(at, "Hello *Ada*", { actions }))).toMatchObject({ kind: "sent" });
    expect(writes(before)).toEqual(["chat.postMessage"]);
    const [message] = await repliesAt(at);
    expect(message?.["text"]).toBe("Hello Ada");
    const [words, byline, buttons] = (message?.["blocks"] ?? []) as readonly Json[];
    expect(words).toMatchObject({ type: "section", text: { type: "mrkdwn", text: "Hello *Ada*" } });
    expect(byline).toMatchObject({ type: "context", elements: [{ text: "Librarian · offline" }] });
    expect(buttons?.["elements"]).toHaveLength(25);
    expect(buttons?.["elements"][0]).toMatchObject({ value: "use:0:librarian", text: { text: "x".repeat(75) } });
    expect(new Set(buttons?.["elements"].map((button: { action_id: string }) => button.action_id)).size).toBe(25);
    const call = writer.slack.calls("chat.postMessage").at(-1);
    expect(call?.args).toMatchObject({ thread_ts: at.root, unfurl_links: "false", unfurl_media: "false" });
  });

  test("has its byline and its buttons on the last one only", async () => {
    const at = await writer.root("lab");
    await writer.process.send(writer.part(at, "one", { ordinal: 0, of: 2 }));
    await writer.process.send(writer.part(at, "two", { ordinal: 1, of: 2 }));
    const blocks = (await repliesAt(at)).map((message) =>
      (message["blocks"] as readonly Json[]).map((block) => block["type"]),
    );
    expect(blocks).toEqual([["section"], ["section", "context"]]);
  });

  test("C1 sizes: the longest part passes in full, with byline and buttons, posted or written over", async () => {
    const at = await writer.root("lab");
    const actions = Array.from({ length: 25 }, (_, i) => ({
      id: `sources:${"9".repeat(80)}${i}`,
      label: "y".repeat(40),
    }));
    const longest = writer.part(at, "&amp;".repeat(600), { actions });
    expect(await writer.process.send(longest)).toMatchObject({ kind: "sent" });
    const [message] = await repliesAt(at);
    const draft = JSON.stringify({ ts: [message?.["ts"]] });
    const again = writer.part(at, "z".repeat(3_000), { actions, draft, turn: turnId("900") });
    expect(await writer.process.send(again)).toEqual({ kind: "sent", externalId: message?.["ts"] });
    expect(wordsOf((await repliesAt(at))[0] ?? {})).toBe("z".repeat(3_000));
    expect(String(writer.slack.calls("chat.update").at(-1)?.args["text"]).length).toBeLessThanOrEqual(4_000);
  });

  test("whose blocks Slack does not like goes out as words", async () => {
    const at = await writer.root("lab");
    writer.slack.next("chat.postMessage", { error: "invalid_blocks" });
    expect(await writer.process.send(writer.part(at, "plain words"))).toMatchObject({ kind: "sent" });
    expect((await repliesAt(at)).map((message) => message["text"])).toEqual(["plain words"]);
  });
});

describe("what became of it", () => {
  test.each([
    ["channel_not_found", { error: "channel_not_found" }, { kind: "not_sent", retry: false }],
    ["is_archived", { error: "is_archived" }, { kind: "not_sent", retry: false }],
    ["not_in_channel", { error: "not_in_channel" }, { kind: "not_sent", retry: false }],
    ["msg_too_long", { error: "msg_too_long" }, { kind: "not_sent", retry: false }],
    [
      "ratelimited",
      { status: 429, headers: { "retry-after": "7" } },
      { kind: "not_sent", retry: true, afterMs: 7_000 },
    ],
    ["ratelimited", { status: 429 }, { kind: "not_sent", retry: true, afterMs: 30_000 }],
    ["http_503", { status: 503 }, { kind: "unknown" }],
    ["no_answer_of_slack", "html" as const, { kind: "unknown" }],
    ["fatal_error", { error: "fatal_error" }, { kind: "unknown" }],
  ])("C1 web client: %s is told as it is, after one request", async (code, fault, result) => {
    const at = await writer.root("lab");
    const before = calls();
    writer.slack.next("chat.postMessage", fault);
    expect(await writer.process.send(writer.part(at, "x"))).toEqual({ ...result, code });
    expect(writes(before)).toEqual(["chat.postMessage"]);
  });

  test("C1 web client: an answer that never comes ends in time, and is in doubt", async () => {
    await using slow = await openSlackWriter({ timeoutMs: 300 });
    const at = await slow.root("lab");
    slow.slack.next("chat.postMessage", "hang");
    expect(await slow.process.send(slow.part(at, "x"))).toMatchObject({ kind: "unknown" });
    expect(slow.slack.calls("chat.postMessage")).toHaveLength(1);
  });

  test("C1 web client: where nobody listens nothing was sent", async () => {
    const api = createSlackApi({ token: "xoxb-1", url: "http://127.0.0.1:2/api/", clock: writer.host.clock });
    const answer = await api.call((client) => client.chat.postMessage({ channel: "C1", text: "x" }));
    expect(answer).toMatchObject({ kind: "not_sent", retry: true });
  });

  test("a token that Slack refuses is seen in the health, and the part waits for a better one", async () => {
    const at = await writer.root("lab");
    writer.slack.next("chat.postMessage", { error: "invalid_auth" });
    expect(await writer.process.send(writer.part(at, "x"))).toMatchObject({ kind: "not_sent", retry: true });
    expect(writer.api.auth()).toEqual({ ok: false, detail: expect.stringMatching(/invalid_auth.*SLACK_BOT_TOKEN/) });
    await writer.process.send(writer.part(at, "y"));
    expect(writer.api.auth().ok).toBe(true);
  });

  test("a token is good when Slack said so lately, and no refusal of one call makes it bad", async () => {
    const { slack } = writer;
    const { clock } = writer.host;
    const api = createSlackApi({ token: slack.tokens.bot, url: slack.url, clock, timeoutMs: 1_000 });
    for (const fact of [api.auth(), api.reach()]) expect(fact).toMatchObject({ ok: false });
    expect(await api.check()).toMatchObject({ kind: "done" });
    for (const fact of [api.auth(), api.reach()]) expect(fact).toMatchObject({ ok: true });
    slack.next("chat.startStream", { error: "not_allowed_token_type" });
    await api.call((client) => client.chat.startStream({ channel: "D1", thread_ts: "1.2" }));
    expect(api.auth().ok).toBe(true);
    writer.pass(11 * 60_000);
    slack.next("auth.test", "refuse");
    await api.check();
    for (const fact of [api.auth(), api.reach()])
      expect(fact).toMatchObject({ ok: false, detail: expect.stringMatching(/11 minutes ago/) });
    slack.next("auth.test", { error: "not_allowed_token_type" });
    await api.check();
    expect(api.auth()).toMatchObject({ ok: false, detail: expect.stringMatching(/not_allowed_token_type/) });
    expect(api.reach().ok).toBe(true);
    writer.pass(-11 * 60_000);
  });

  test("a wait ends when it is called off", async () => {
    const at = await writer.root("lab");
    const part = writer.part(at, "x");
    writer.slack.next("chat.postMessage", "hang");
    const leave = new AbortController();
    const api = createSlackApi({
      token: writer.slack.tokens.bot,
      url: writer.slack.url,
      clock: writer.host.clock,
      timeoutMs: 1_000,
    });
    const sending = api.call(
      (client) => client.chat.postMessage({ channel: at.container, text: part.body }),
      leave.signal,
    );
    leave.abort(new Error("going"));
    await expect(sending).rejects.toThrow("going");
  });
});

describe("a part whose send nobody saw end", () => {
  test("E7: Slack took the post and the line broke: one post, found by its id, and it counts as sent", async () => {
    const at = await writer.root("lab");
    writer.slack.next("chat.postMessage", "drop");
    expect(await writer.process.deliver(writer.part(at, "only once"))).toMatchObject({ kind: "unknown", fate: "sent" });
    expect((await repliesAt(at)).map(wordsOf)).toEqual(["only once"]);
  });

  test("E7: without the scope to look nobody can tell, and it is not sent again", async () => {
    const at = await writer.root("lab");
    writer.slack.next("chat.postMessage", "drop");
    writer.slack.next("conversations.replies", { error: "missing_scope" });
    expect(await writer.process.deliver(writer.part(at, "only once"))).toMatchObject({ fate: "cannot_tell" });
    expect(await repliesAt(at)).toHaveLength(1);
  });

  test("E7: one that is not there after two looks is absent, and may go out again", async () => {
    const at = await writer.root("lab");
    writer.slack.next("chat.postMessage", "refuse");
    const part = writer.part(at, "x");
    const before = calls();
    expect(await writer.process.deliver(part)).toMatchObject({ kind: "unknown", fate: "absent" });
    const looks = writer.slack
      .calls()
      .slice(before)
      .filter(({ method }) => method === "conversations.replies");
    expect(looks).toHaveLength(2);
    expect(await writer.process.send(part)).toMatchObject({ kind: "sent" });
    expect(await repliesAt(at)).toHaveLength(1);
  });

  test("is found by the next process, which tells it from other parts of the same words", async () => {
    const at = await writer.root("direct");
    const [first, second] = [writer.part(at, "the same"), writer.part(at, "the same")];
    await writer.process.send(first);
    const next = writer.openProcess();
    expect(await next.reconcile(first)).toBe("sent");
    expect(await next.reconcile(second)).toBe("absent");
    expect(await next.reconcile({ ...first, at: new Date(first.at.getTime() + 1) })).toBe("absent");
  });

  test("is not posted again by the next process when the draft's message was gone", async () => {
    const at = await writer.root("direct");
    const draft = JSON.stringify({ ts: ["1795281614.000100"] });
    const part = writer.part(at, "only once", { draft, turn: turnId("78") });
    expect(await writer.process.send(part)).toMatchObject({ kind: "sent" });
    expect(await writer.openProcess().reconcile(part)).toBe("sent");
  });

  test("that writes over the draft is written again: it shows once", async () => {
    const at = await writer.root("direct");
    const { value } = await done(
      writer.api.call((c) => c.chat.postMessage({ channel: at.container, thread_ts: at.root ?? "", text: "dra" })),
    );
    const part = writer.part(at, "done", { draft: JSON.stringify({ ts: [value.ts] }), turn: turnId("77") });
    writer.slack.next("chat.update", "refuse", "drop");
    expect(await writer.process.deliver(part)).toMatchObject({ kind: "unknown", fate: "absent" });
    expect(await writer.process.deliver(part)).toMatchObject({ kind: "unknown", fate: "sent" });
    expect(await writer.process.deliver(part)).toMatchObject({ kind: "sent" });
    expect((await repliesAt(at)).map(wordsOf)).toEqual(["done"]);
  });
});

describe("the messages of a draft", () => {
  const drafted = async (at: Address, texts: readonly string[]): Promise<readonly string[]> => {
    const ts: string[] = [];
    for (const text of texts) {
      const { value } = await done(
        writer.api.call((c) => c.chat.postMessage({ channel: at.container, thread_ts: at.root ?? "", text })),
      );
      ts.push(value.ts ?? "");
    }
    return ts;
  };

  test("become the parts, one by one; what is left over goes away, and what is missing is posted", async () => {
    const at = await writer.root("direct");
    const ts = await drafted(at, ["a", "b", "c"]);
    const draft = JSON.stringify({ ts });
    for (const ordinal of [0, 1])
      await writer.process.send(writer.part(at, `part ${ordinal}`, { ordinal, of: 2, draft, turn: turnId("10") }));
    expect((await repliesAt(at)).map(wordsOf)).toEqual(["part 0", "part 1"]);
    const other = await writer.root("direct");
    const short = JSON.stringify({ ts: await drafted(other, ["a"]) });
    for (const ordinal of [0, 1])
      await writer.process.send(
        writer.part(other, `part ${ordinal}`, { ordinal, of: 2, draft: short, turn: turnId("11") }),
      );
    expect((await repliesAt(other)).map(wordsOf)).toEqual(["part 0", "part 1"]);
  });

  test("that somebody deleted are no obstacle, and the parts keep their order", async () => {
    const at = await writer.root("direct");
    const ts = await drafted(at, ["a", "b"]);
    await writer.api.call((c) => c.chat.delete({ channel: at.container, ts: ts[0] ?? "" }));
    const draft = JSON.stringify({ ts });
    for (const ordinal of [0, 1])
      await writer.process.send(writer.part(at, `part ${ordinal}`, { ordinal, of: 2, draft, turn: turnId("12") }));
    expect((await repliesAt(at)).map(wordsOf)).toEqual(["part 0", "part 1"]);
  });

  test("that an earlier process left streaming are closed first", async () => {
    const at = await writer.root("direct");
    const started = await done(
      writer.api.call((c) =>
        c.chat.startStream({ channel: at.container, thread_ts: at.root ?? "", markdown_text: "half" }),
      ),
    );
    const draft = JSON.stringify({ ts: [started.value.ts], streaming: true });
    expect(await writer.process.send(writer.part(at, "whole", { draft, turn: turnId("13") }))).toMatchObject({
      kind: "sent",
    });
    expect((await repliesAt(at)).map(wordsOf)).toEqual(["whole"]);
  });
});

describe("C1 response_url: an answer to a command", () => {
  const command = async (): Promise<{ at: Address; url: string }> => {
    const { channel, envelope, root } = await writer.slack.slash("ada", "what is on?");
    const at = {
      platform: "slack",
      scope: writer.slack.team,
      container: channel,
      root,
      visibility: "private",
    } as const;
    return { at, url: String(envelope.payload["response_url"]) };
  };

  test("is seen by the one who asked alone", async () => {
    const { at, url } = await command();
    const part = writer.part(at, "for you", { handles: [writer.handle(url)] });
    expect(await writer.process.send(part)).toMatchObject({ kind: "sent" });
    expect(writer.slack.ephemerals.at(-1)).toMatchObject({ user: writer.slack.users["ada"], via: "response_url" });
    expect(writer.slack.responses.at(-1)).toMatchObject({ response_type: "ephemeral", replace_original: false });
  });

  test("C1 response_url: goes on in the person's direct conversation after five uses", async () => {
    const { at, url } = await command();
    const handles = [writer.handle(url)];
    const direct = await writer.slack.direct("ada");
    const before = (await writer.slack.replies(direct)).length;
    for (let ordinal = 0; ordinal < 7; ordinal += 1)
      expect(await writer.process.send(writer.part(at, `part ${ordinal}`, { ordinal, of: 7, handles }))).toMatchObject({
        kind: "sent",
      });
    expect((await writer.slack.replies(direct)).slice(before).map(wordsOf)).toEqual(["part 5", "part 6"]);
    expect(writer.slack.responses.filter(({ text }) => /^part [0-4]$/.test(String(text)))).toHaveLength(5);
  });

  test("C1 response_url: goes there as well when the address is too old, unknown or sealed by another token", async () => {
    const direct = await writer.slack.direct("ada");
    const { at, url } = await command();
    const old = writer.handle(url);
    const unknown = writer.handle(`${writer.slack.origin}/response/none`);
    writer.pass(30 * 60_000);
    for (const handle of [old, unknown, "rubbish"])
      expect(await writer.process.send(writer.part(at, "late", { handles: [handle] }))).toMatchObject({ kind: "sent" });
    expect((await writer.slack.replies(direct)).map(wordsOf).filter((words) => words === "late")).toHaveLength(3);
  });

  test("whose line broke is in doubt and not said again", async () => {
    const { at, url } = await command();
    writer.slack.next("response_url", "drop");
    const part = writer.part(at, "x", { handles: [writer.handle(url)] });
    expect(await writer.process.deliver(part)).toMatchObject({ kind: "unknown", fate: "cannot_tell" });
  });
});

describe("what is said beside the replies", () => {
  test("is for one person's eyes in a channel, and a message in a direct conversation", async () => {
    const [lab, direct] = [await writer.root("lab"), await writer.root("direct")];
    const user = writer.slack.users["ada"] ?? "";
    await writer.slack.post("lab", "ben", "I wonder, too.", { thread: lab.root ?? "" });
    await writer.voice.tell(
      { channel: lab.container, user, thread: lab.root, responseUrl: null },
      "I do **not** know you.",
    );
    expect(writer.slack.ephemerals.at(-1)).toMatchObject({ user, thread: lab.root, via: "method" });
    await writer.voice.tell({ channel: direct.container, user, thread: direct.root, responseUrl: null }, "Hello.");
    expect((await repliesAt(direct)).map(wordsOf)).toEqual(["Hello."]);
  });

  test("answers a click privately, however much there is to say, with the buttons at the end", async () => {
    const at = await writer.root("lab");
    const { envelope } = await writer.slack.slash("ada", "x");
    const user = writer.slack.users["ada"] ?? "";
    const text = Array.from({ length: 400 }, (_, i) => `Source ${i}: ${"words ".repeat(10)}`).join("\n\n");
    const card = { text, actions: [{ id: "use:1:x", label: "Ask X" }] };
    const before = writer.slack.responses.length;
    const to = { channel: at.container, user, thread: at.root, responseUrl: String(envelope.payload["response_url"]) };
    await writer.voice.answerPress(to, { kind: "done", card });
    const said = writer.slack.responses.slice(before);
    expect(said.length).toBeGreaterThan(1);
    for (const { blocks } of said) expect(JSON.stringify(blocks).length).toBeLessThan(13_200);
    expect(
      said
        .map((one) => wordsOf(one))
        .join("\n")
        .match(/Source \d+:/g),
    ).toHaveLength(400);
    expect(said.map(({ blocks }) => (blocks as { type: string }[]).some(({ type }) => type === "actions"))).toEqual(
      said.map((_, index) => index === said.length - 1),
    );
  });

  test("C1 status: suggests at most four prompts", async () => {
    const at = await writer.root("direct");
    await writer.voice.suggest(at.container, null);
    expect(writer.slack.prompts.at(-1)?.prompts.length).toBeLessThanOrEqual(4);
  });
});

async function done<T>(call: Promise<{ kind: "done"; value: T } | { kind: string }>): Promise<{ value: T }> {
  const answer = await call;
  if (!("value" in answer)) throw new Error("the call failed");
  return answer;
}
