/** How Slack's words are read: mrkdwn, mentions, commands and changes. Pure but for the door of the definition. */
import { describe, expect, test } from "vitest";
import { HOME, personId } from "#core";
import slack from "../../adapters/slack/index.ts";
import { parseRevision } from "../../adapters/slack/inbound/revision.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const ABOUT = { team: "T1", bot: { user: "U0NOVA", id: "B0NOVA" }, names: { U1: "Ada" }, handle: null };
const MESSAGE = { type: "message", user: "U1", text: "hello", ts: "1795281614.000100", channel: "D1", team: "T1" };
const PERSON = { id: personId("1"), tenant: HOME, name: "Ada", role: "owner" } as const;

const envelope = (event: unknown) => ({ ...ABOUT, body: { type: "event_callback", event_id: "Ev1", event } });
const read = (body: unknown) => slack.parse(body, { person: PERSON, now: NOW });
const said = (change: object = {}) => read(envelope({ ...MESSAGE, ...change }));
const commanded = (text: string) =>
  read({ ...ABOUT, body: { command: "/nova", text, channel_id: "C1", user_id: "U1", trigger_id: "1.2.3" } });

describe("words", () => {
  test.each([
    ["*bold* and _slanted_ and ~struck~", "**bold** and _slanted_ and ~~struck~~"],
    ["2 * 3 * 4 and a*b*c", "2 * 3 * 4 and a*b*c"],
    ["<https://example.org/a_b*c*|the *page*>", "[the *page*](https://example.org/a_b*c*)"],
    ["<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"],
    ["<https://example.org/a_(b)|brackets>", "[brackets](https://example.org/a_%28b%29)"],
    ["<mailto:ada@example.org|ada@example.org>", "ada@example.org"],
    ["if a &lt; b &amp;&amp; c &gt; d", "if a < b && c > d"],
    ["&amp;lt;", "&lt;"],
    ["`a *b* &lt;c&gt;` *d*", "`a *b* <c>` **d**"],
    ["```\nlet *x* = &lt;T&gt;;\n<https://example.org>\n```", "```\nlet *x* = <T>;\nhttps://example.org\n```"],
    ["ask <@U1> and <@U2> in <#C1|lab>, <!here>", "ask @Ada and @U2 in #lab, @here"],
    ["<!subteam^S1|@gardeners> by <!date^1392734382^{date}|Feb 18>", "@\u2060gardeners by Feb 18"],
    ["<@U0NOVA> <!subteam^S1|stop>", "@\u2060stop"],
    ["<@U0NOVA> what is it?", "what is it?"],
    ["<@U0NOVA>: <@U0NOVA|nova>, what is it?", "what is it?"],
    ["what is it, <@U0NOVA>?", "what is it?"],
    ["what is it <@U0NOVA> <@U0NOVA>", "what is it"],
    ["is <@U0NOVA> `here`?", "is @Nova `here`?"],
    ["<@U0NOVA> `a` b `c` <@U0NOVA>", "`a` b `c`"],
    ["• one\n• two", "• one\n• two"],
  ])("of %j are read as %j", (mrkdwn, markdown) => {
    expect(said({ text: mrkdwn })).toMatchObject({ text: markdown });
  });

  test("a person who calls themselves as an agent is called does not choose it by being mentioned", () => {
    const mentioned = { ...envelope({ ...MESSAGE, text: "<@U0NOVA> <@U1> waters" }), names: { U1: "librarian" } };
    expect(read(mentioned)).toMatchObject({ text: "@\u2060librarian waters" });
  });

  test.each([
    "<",
    "<@",
    "<@U0NOVA",
    "`<@U0NOVA>",
    "*".repeat(5_000),
    "<".repeat(5_000),
    "&amp".repeat(1_000),
    `${" ".repeat(90_000)}y`,
    "<@U0NOVA> ".repeat(4_000),
  ])("that are damaged are read as something, and quickly (case %#)", (mrkdwn) => {
    expect(said({ text: `x ${mrkdwn}` })).toHaveProperty("text");
  });
});

describe("who is heard", () => {
  const inChannel = (text: string, type = "message") => said({ channel: "C1", channel_type: "channel", text, type });

  test("in a channel only whoever mentions Nova", () => {
    expect(inChannel("hello all")).toHaveProperty("ignored");
    expect(inChannel("<@U0NOVA> hello")).toMatchObject({ text: "hello", address: { visibility: "shared" } });
  });

  test.each([
    "write to <mailto:U0NOVA@example.org|U0NOVA@example.org>",
    "type `<@U0NOVA> hello`",
    "```\n<@U0NOVA> hello\n```",
    "&lt;@U0NOVA&gt; hello",
    "<@U0NOVAX> hello",
  ])("C1 mentions: %j mentions nobody", (text) => {
    expect(inChannel(text)).toHaveProperty("ignored");
  });

  test("C1 mentions: code in an app_mention is none either", () => {
    expect(inChannel("type `<@U0NOVA> hello`", "app_mention")).toHaveProperty("ignored");
    expect(inChannel("<@U0NOVA> hello", "app_mention")).toHaveProperty("text");
  });

  test.each([
    { bot_id: "B1" },
    { user: "U0NOVA" },
    { user: "USLACKBOT" },
    { user: null },
    { subtype: "bot_message" },
    { subtype: "channel_topic" },
  ])("programs and notices are ignored: %j", (change) => {
    expect(said(change)).toHaveProperty("ignored");
  });

  test("a mention and nothing else asks for help", () => {
    expect(inChannel("<@U0NOVA> ")).toMatchObject({ text: "/help" });
    expect(said({ text: " " })).toHaveProperty("ignored");
  });

  test("E12: an app_mention that an edit brought about is ignored", () => {
    const edited = { user: "U1", ts: "1795281700.000000" };
    expect(inChannel("<@U0NOVA> hello", "app_mention")).not.toHaveProperty("ignored");
    expect(said({ channel: "C1", type: "app_mention", text: "<@U0NOVA> hello", edited })).toHaveProperty("ignored");
  });
});

describe("where it is", () => {
  test("C1 agent view: each post is the root of its thread, and a reply stays in it", () => {
    expect(said()).toMatchObject({ address: { container: "D1", root: MESSAGE.ts, visibility: "private" } });
    expect(said({ thread_ts: "1795281600.000100" })).toMatchObject({ address: { root: "1795281600.000100" } });
  });

  test("E6: both events of a mention have one message key at one address; the same time in another channel is another", () => {
    const post = { channel: "C1", text: "<@U0NOVA> hello" };
    const one = said({ ...post, type: "app_mention" });
    const other = said({ ...post, channel_type: "channel" });
    expect(other).toEqual(one);
    expect(said({ ...post, channel: "C2" })).not.toMatchObject({ address: { container: "C1" } });
  });

  test("a sender of another team keeps that team", () => {
    expect(said({ user_team: "T2" })).toMatchObject({ sender: { scope: "T2" }, address: { scope: "T1" } });
  });

  test("C1 files: come as Slack's own ids, without an address or a token", () => {
    const file = { id: "F1", name: "plan.csv", mimetype: "text/csv", size: 7, url_private: "https://evil.example/x" };
    const inbound = said({ text: "", subtype: "file_share", files: [file, { id: "F2", mode: "tombstone" }] });
    expect(inbound).toMatchObject({
      text: "",
      files: [{ ref: "F1", name: "plan.csv", mime: "text/csv", size: 7 }],
    });
    expect(JSON.stringify(inbound)).not.toContain("evil");
  });
});

describe("/nova", () => {
  test.each([
    ["why", "/why"],
    ["Stop", "/stop"],
    ["budget", "/budget"],
    ["help", "/help"],
    ["why is the sky blue?", "why is the sky blue?"],
    ["stop the music", "stop the music"],
    ["remember that tea is green", "/remember that tea is green"],
    ["agent", "/agent"],
    ["agent auto", "/agent auto"],
    ["agent Smith is who?", "agent Smith is who?"],
    ["link", "/link"],
    ["LINK abcd-efgh", "/link abcd-efgh"],
    ["link building for beginners", "link building for beginners"],
    ["forget m12", "/forget m12"],
    ["forget what I said", "forget what I said"],
    ["unlink slack:T1/U2", "/unlink slack:T1/U2"],
    ["unlink the two topics", "unlink the two topics"],
    ["recall  tea", "/recall  tea"],
    ["what is on &amp; off?", "what is on & off?"],
    ["/why", "/why"],
    ["pair K7QX2M as Ada", "/pair K7QX2M as Ada"],
    ["pair K7QX2M to Ada", "/pair K7QX2M to Ada"],
    ["pair K7QX2 as Ada", "/pair K7QX2 as Ada"],
    ["pair K7QX2M Ada", "/pair K7QX2M Ada"],
    ["pair wine with fish", "pair wine with fish"],
    ["block slack:T1/U2", "/block slack:T1/U2"],
    ["block out tomorrow morning", "block out tomorrow morning"],
  ])("%j says %j", (words, text) => {
    expect(commanded(words)).toMatchObject({
      text,
      deliveryKey: "1.2.3",
      address: { container: "C1", root: "@U1", visibility: "private" },
    });
  });
});

describe("changes", () => {
  const EDITED = { ...MESSAGE, text: "hello there", edited: { user: "U1", ts: "1795281700.000000" } };
  const changed = (message: unknown, previous: unknown = MESSAGE) => ({
    type: "message",
    subtype: "message_changed",
    channel: "D1",
    ts: "1795281700.000200",
    message,
    previous_message: previous,
  });
  const revised = (event: unknown) => parseRevision({ ...envelope(event), handle: null }, NOW);

  test("E12: a person's edit is a revision of that message, at its address and by its sender", () => {
    expect(revised(changed(EDITED))).toEqual({
      deliveryKey: "Ev1",
      messageKey: MESSAGE.ts,
      address: { platform: "slack", scope: "T1", container: "D1", root: MESSAGE.ts, visibility: "private" },
      sender: { platform: "slack", scope: "T1", id: "U1" },
      text: "hello there",
      at: new Date(1_795_281_700_000),
    });
  });

  test.each([
    ["our own edit", changed({ ...EDITED, user: "U0NOVA", bot_id: "B0NOVA" })],
    ["our own stream", changed({ ...EDITED, user: "U0NOVA", edited: undefined }, { ...MESSAGE, user: "U0NOVA" })],
    ["a preview of a link", changed({ ...MESSAGE, attachments: [{ title: "A page" }] })],
    ["a count of answers", changed({ ...MESSAGE, reply_count: 1 })],
    ["the same words", changed({ ...EDITED, text: "hello" })],
    ["a program's edit", changed({ ...EDITED, bot_id: "B9" })],
    ["nothing that is understood", changed(null)],
  ])("E12: %s changes nothing", (_, event) => {
    expect(revised(event)).toHaveProperty("ignored");
  });

  test("a deletion takes the message back, also one that has answers below it", () => {
    const deleted = {
      type: "message",
      subtype: "message_deleted",
      channel: "D1",
      ts: "1795281800.000200",
      deleted_ts: MESSAGE.ts,
      previous_message: MESSAGE,
    };
    const emptied = changed({ ...MESSAGE, user: "USLACKBOT", subtype: "tombstone", text: "This message was deleted." });
    for (const event of [deleted, emptied])
      expect(revised(event)).toMatchObject({ messageKey: MESSAGE.ts, text: null, sender: { id: "U1" } });
    expect(revised({ ...deleted, previous_message: { ...MESSAGE, bot_id: "B0NOVA" } })).toHaveProperty("ignored");
  });
});
