/** What people are told by the Slack adapter itself: help, hints, and that something was not kept. Both doors. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { HOME, NovaError, personId, type Receipt } from "#core";
import { openSlackDoor, type SlackDoor } from "./slack-door.ts";

const AWAY = new NovaError("unavailable", "The database is away.");
const ADA = { id: personId("1"), tenant: HOME, name: "Ada", role: "owner" } as const;

describe.each(["socket", "http"] as const)("by %s", (mode) => {
  let door: SlackDoor;
  beforeAll(async () => {
    door = await openSlackDoor(mode);
    await door.listen();
  });
  afterAll(() => door[Symbol.asyncDispose]());
  afterEach(() => {
    door.fail(undefined);
    door.answers(undefined);
  });

  test("a command that is not stored is told so in its own answer, since nobody brings it again", async () => {
    door.fail(AWAY);
    const asked = await door.slack.slash("ada", "remember the milk");
    expect((await asked.acked).status).toBe(200);
    expect(door.slack.ephemerals.at(-1)).toMatchObject({ via: "ack", text: expect.stringMatching(/repeat it/) });
    expect(door.adapter.health().admission.ok).toBe(false);
    expect(door.inbounds).toEqual([]);
  });

  test("a command carries a sealed address that answers it for somewhat less than half an hour", async () => {
    const asked = await door.slack.slash("ada", "remember the milk");
    await asked.acked;
    const { handle } = door.inbounds.at(-1) ?? {};
    const url: string = asked.envelope.payload["response_url"];
    expect(handle?.sealed).not.toContain(url);
    const left = (handle?.expiresAt.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(25 * 60_000);
    expect(left).toBeLessThan(30 * 60_000);
  });

  test("a click that could not be done is told to the clicker, and still acknowledged", async () => {
    door.fail(AWAY);
    const message = {
      channel: door.slack.channels["lab"],
      ts: "1795281614.000100",
      blocks: [{ type: "actions", elements: [{ type: "button", action_id: "nova:0", value: "sources:1" }] }],
    };
    expect((await door.slack.click("ada", message, "sources").acked).status).toBe(200);
    await vi.waitFor(() =>
      expect(door.slack.ephemerals.at(-1)).toMatchObject({
        user: door.slack.users["ada"],
        text: expect.stringMatching(/press it again/),
      }),
    );
  });

  test("a click is told so, too, when Slack does not say who Nova is, or when the button is none of ours", async () => {
    const message = {
      channel: door.slack.channels["lab"],
      ts: "1795281614.000100",
      blocks: [{ type: "actions", elements: [{ type: "button", action_id: "nova:0", value: "sources:1" }] }],
    };
    const { envelope, acked } = door.slack.click("ada", message, "sources");
    await acked;
    const odd = { ...envelope.payload, trigger_id: "1.2.odd", container: { type: "view" } };
    expect((await door.slack.deliver({ ...envelope, payload: odd })).status).toBe(200);
    const text = expect.stringMatching(/what that button is for/);
    await vi.waitFor(() => expect(door.slack.ephemerals).toContainEqual(expect.objectContaining({ text })));

    await using own = await openSlackDoor("http");
    own.slack.next("auth.test", "refuse");
    const stranger = { ...message, channel: own.slack.channels["lab"] };
    expect((await own.slack.click("ada", stranger, "sources").acked).status).toBe(200);
    await vi.waitFor(() =>
      expect(own.slack.ephemerals.at(-1)).toMatchObject({ text: expect.stringMatching(/press it again/) }),
    );
  });

  test("every click is answered in its thread, with the words that the core has for it", async () => {
    const root = await door.slack.post("lab", "ada", "Who knows it?");
    const answer = await door.slack.post("lab", "ben", "I.", { thread: root.ts });
    const message = {
      channel: door.slack.channels["lab"],
      ts: answer.ts,
      thread_ts: root.ts,
      blocks: [{ type: "actions", elements: [{ type: "button", action_id: "nova:0", value: "sources:1" }] }],
    };
    await door.slack.click("ada", message, "sources").acked;
    await vi.waitFor(() =>
      expect(door.slack.ephemerals.at(-1)).toMatchObject({
        text: expect.stringContaining("done"),
        via: "response_url",
        thread: root.ts,
      }),
    );
    // What a command was answered with stands in no thread.
    const { thread_ts: _, ...outside } = message;
    await door.slack.click("ada", { ...outside, ts: "1795281614.000200" }, "sources", { ephemeral: true }).acked;
    expect(door.presses.at(-1)?.address).toMatchObject({
      root: `@${door.slack.users["ada"]}`,
      visibility: "private",
    });
  });

  test.each<[string, Receipt, RegExp]>([
    ["a stranger", { kind: "unknown", hint: "Your code is AAAA." }, /AAAA/],
    ["whoever linked an account", { kind: "linked", person: ADA }, /Ada/],
    ["whoever wrote too much", { kind: "refused", code: "too_large", reason: "It is too long." }, /too long/],
  ])("%s is told privately in a channel what there is to tell", async (_, receipt, words) => {
    const { slack } = door;
    door.answers(receipt);
    const said = await slack.mention("lab", "eve", "hello", { alone: true });
    expect((await said.acked).status).toBe(200);
    const told = { user: slack.users["eve"], text: expect.stringMatching(words) };
    await vi.waitFor(() =>
      expect(slack.ephemerals).toContainEqual(expect.objectContaining({ ...told, via: "method", thread: null })),
    );
    const root = await slack.post("lab", "ada", "Who knows it?");
    await slack.post("lab", "ben", "Not I.", { thread: root.ts });
    const thread = root.ts;
    await (
      await slack.mention("lab", "eve", "and you?", { alone: true, thread })
    ).acked;
    await vi.waitFor(() => expect(slack.ephemerals).toContainEqual(expect.objectContaining({ ...told, thread })));
    expect(await slack.replies("lab")).toEqual([]);
    await (
      await slack.slash("eve", "why")
    ).acked;
    expect(slack.ephemerals.at(-1)).toMatchObject({ ...told, via: "ack" });
  });

  test.each<[string, Receipt]>([
    ["a stranger who was told before", { kind: "unknown", hint: null }],
    ["who is blocked", { kind: "blocked" }],
  ])("%s is met with silence, but for a command, which is never without an answer", async (_, receipt) => {
    const { slack } = door;
    door.answers(receipt);
    const before = slack.calls("chat.postEphemeral").length;
    await (
      await slack.mention("lab", "ben", "hello", { alone: true })
    ).acked;
    await (
      await slack.slash("ben", "why")
    ).acked;
    expect(slack.ephemerals.at(-1)).toMatchObject({ user: slack.users["ben"], via: "ack" });
    expect(slack.calls("chat.postEphemeral")).toHaveLength(before);
  });

  test("names of people are asked for once, and a Slack that does not tell them holds nothing up", async () => {
    const { slack } = door;
    const asked = (): number =>
      slack.calls("users.info").filter(({ args }) => args["user"] === slack.users["ben"]).length;
    await (
      await slack.dm("ben", "hello")
    ).acked;
    await (
      await slack.dm("ben", "hello again")
    ).acked;
    expect(asked()).toBe(1);
    expect(door.inbounds.at(-1)).toMatchObject({ senderName: expect.stringMatching(/ben/i) });

    door.pass(7 * 60 * 60_000);
    slack.next("users.info", "hang");
    const said = await slack.dm("ben", "are you there?");
    const { status, ms } = await said.acked;
    expect(status).toBe(200);
    expect(ms).toBeLessThan(3_000);
    door.pass(-7 * 60 * 60_000);
  });

  test("an edit that is not stored is asked for again, and then kept", async () => {
    const said = await door.slack.dm("ada", "one");
    await said.acked;
    door.fail(AWAY);
    const edit = door.slack.edit(said, "two");
    await vi.waitFor(() => expect(door.adapter.health().admission.ok).toBe(false));
    door.fail(undefined);
    expect((await door.slack.redeliver(edit, { attempt: 1, reason: "timeout" })).status).toBe(200);
    expect(door.revisions.at(-1)).toMatchObject({ messageKey: said.ts, text: "two" });
    await door.slack.edit(said, `two for <@${door.slack.users["ben"]}>`).acked;
    expect(door.revisions.at(-1)).toMatchObject({ text: "two for @ben" });
    await door.slack.remove(said).acked;
    expect(door.revisions.at(-1)).toMatchObject({ messageKey: said.ts, text: null });
  });
});
