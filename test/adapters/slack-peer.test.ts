/** The Slack that tests talk to keeps to the platform's rules: a peer that lets everything pass proves nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";
import type { Json } from "../support/slack/workspace.ts";

let ahead = 0;
let slack: SlackPeer;
let channel: string;
let root: string;
beforeAll(async () => {
  slack = await startSlackPeer({ clock: { now: () => new Date(Date.now() + ahead) } });
  ({ channel, root } = await slack.dm("ada", "hello", { lost: true }));
});
afterAll(() => slack.close());

const call = async (method: string, args: Json = {}, token: string = slack.tokens.bot): Promise<Json> => {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(slack.url + method, { method: "POST", headers, body: JSON.stringify(args) });
  return (await response.json()) as Json;
};

test("tokens open their own doors only, and unknown ones none", async () => {
  expect(await call("auth.test")).toMatchObject({ ok: true, user_id: slack.bot.user, team_id: slack.team });
  expect(await call("auth.test", {}, "xoxb-unknown")).toEqual({ ok: false, error: "invalid_auth" });
  expect(await call("apps.connections.open")).toEqual({ ok: false, error: "not_allowed_token_type" });
  expect(await call("apps.connections.open", {}, slack.tokens.app)).toMatchObject({
    ok: true,
    url: expect.stringMatching(/^ws:/),
  });
  const opened = await fetch(`${slack.url}auth.test`, { method: "POST" });
  expect(await opened.json()).toEqual({ ok: false, error: "not_authed" });
  expect(opened.headers.get("x-oauth-scopes")).toContain("chat:write");
});

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (change: object) => ({
  type: "actions",
  elements: [{ type: "button", action_id: "a", text: { type: "plain_text", text: "A" }, ...change }],
});

test.each<[string, Json, string]>([
  ["Markdown beyond 12,000", { markdown_text: "x".repeat(12_001) }, "msg_too_long"],
  ["Markdown beside text", { markdown_text: "x", text: "y" }, "markdown_text_conflict"],
  ["51 blocks", { blocks: Array.from({ length: 51 }, () => section("x")) }, "invalid_blocks"],
  ["a section beyond 3,000", { blocks: [section("x".repeat(3_001))] }, "invalid_blocks"],
  [
    "blocks beyond some 13,200",
    { blocks: Array.from({ length: 5 }, () => section("x".repeat(2_900))) },
    "msg_blocks_too_long",
  ],
  ["a label beyond 75", { blocks: [button({ text: { type: "plain_text", text: "x".repeat(76) } })] }, "invalid_blocks"],
  ["a value beyond 2,000", { blocks: [button({ value: "x".repeat(2_001) })] }, "invalid_blocks"],
  ["an action id beyond 255", { blocks: [button({ action_id: "x".repeat(256) })] }, "invalid_blocks"],
  ["a block that Slack does not know", { blocks: [{ type: "marquee" }] }, "invalid_blocks"],
  ["nothing", {}, "no_text"],
])("a post of %s is refused", async (_, args, error) => {
  expect(await call("chat.postMessage", { channel, ...args })).toEqual({ ok: false, error });
});

test("a text beyond 40,000 is cut, and beyond 4,000 no message is written over with it", async () => {
  const { ts, message, warning } = await call("chat.postMessage", { channel, text: "x".repeat(40_001) });
  expect([message.text.length, warning]).toEqual([40_000, "message_truncated"]);
  const update = { channel, ts, text: "x".repeat(4_001) };
  expect(await call("chat.update", update)).toEqual({ ok: false, error: "msg_too_long" });
  expect(await call("chat.update", { ...update, text: "short" })).toMatchObject({ ok: true });
});

test("what is noted of a message is told only to whoever asks for all of it", async () => {
  const metadata = { event_type: "part", event_payload: { part: "1" } };
  const { ts } = await call("chat.postMessage", { channel, thread_ts: root, text: "noted", metadata });
  const read = async (more: Json) => {
    const { messages } = await call("conversations.replies", { channel, ts: root, ...more });
    return (messages as Json[]).find((message) => message["ts"] === ts);
  };
  expect(await read({})).not.toHaveProperty("metadata");
  expect(await read({ include_all_metadata: true })).toMatchObject({ metadata });
});

test("a stream needs a thread, takes no update, lives five minutes, and ends for whoever stops it", async () => {
  expect(await call("chat.startStream", { channel })).toEqual({ ok: false, error: "invalid_arguments" });
  const lab = { channel: slack.channels["lab"], thread_ts: root, markdown_text: "x" };
  expect(await call("chat.startStream", lab)).toMatchObject({ ok: false });

  const start = { channel, thread_ts: root, markdown_text: "one" };
  const { ts } = await call("chat.startStream", start);
  expect(await call("chat.update", { channel, ts, text: "x" })).toEqual({
    ok: false,
    error: "streaming_state_conflict",
  });
  ahead = 299_000;
  expect(await call("chat.appendStream", { channel, ts, markdown_text: " two" })).toMatchObject({ ok: true });
  ahead = 301_000;
  const late = { ok: false, error: "message_not_in_streaming_state" };
  expect(await call("chat.appendStream", { channel, ts, markdown_text: " three" })).toEqual(late);
  expect(await call("chat.stopStream", { channel, ts })).toEqual(late);
  expect(await slack.message(channel, ts)).toMatchObject({ text: "one two" });

  const other = await call("chat.startStream", start);
  slack.stopStream(channel);
  const args = { channel, ts: other["ts"], markdown_text: "x" };
  expect(await call("chat.appendStream", args)).toEqual({ ok: false, error: "stopped_by_user" });
});

test("an address that answers a command does so five times, within half an hour", async () => {
  const answer = async (url: string): Promise<number> => {
    const body = JSON.stringify({ response_type: "ephemeral", text: "x" });
    return (await fetch(url, { method: "POST", body })).status;
  };
  const addressOf = async (): Promise<string> => {
    const { envelope } = await slack.slash("ada", "hello");
    return envelope.payload["response_url"];
  };
  const url = await addressOf();
  const statuses = [];
  for (let uses = 0; uses < 6; uses += 1) statuses.push(await answer(url));
  expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  const old = await addressOf();
  ahead += 31 * 60_000;
  expect(await answer(old)).toBe(404);
});

test("files are given to whoever shows the token, and the stranger's host notes who asks", async () => {
  const { url_private: url } = slack.files.add("U1", { name: "plan.csv", mime: "text/csv", bytes: "a,b" });
  const shown = await fetch(url, { headers: { authorization: `Bearer ${slack.tokens.bot}` } });
  expect(await shown.text()).toBe("a,b");
  expect((await fetch(url)).headers.get("content-type")).toBe("text/html");
  await fetch(slack.files.foreign, { headers: { authorization: "Bearer x" } });
  expect(slack.files.asked).toEqual([{ path: "/", authorization: "Bearer x" }]);
});
