/** Cards on Slack: their buttons, forms, and what they say once they are decided elsewhere. Beside the peer, without a Nova. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { asForm, APPROVE, DENY, EDIT, FORM, NOT_YOURS, told, WAITING } from "./card-parts.ts";
import { openSlackDoor, type SlackDoor } from "./slack-door.ts";
import { openSlackWriter, wordsOf, type SlackWriter } from "./slack-writer.ts";
import type { Json } from "../support/slack/workspace.ts";

const elements = (message: Json | undefined): readonly Json[] =>
  ((message?.["blocks"] ?? []) as readonly Json[]).flatMap((block) =>
    block["type"] === "actions" ? (block["elements"] as readonly Json[]) : [],
  );

describe("what a card says by now", () => {
  let writer: SlackWriter;
  beforeEach(async () => void (writer = await openSlackWriter()));
  afterEach(() => writer[Symbol.asyncDispose]());

  test("its words and buttons are replaced where they stand, in a thread and in a direct conversation", async () => {
    for (const place of ["lab", "direct"]) {
      const address = await writer.root(place);
      const sent = await writer.process.send(writer.part(address, "Send it?", { actions: WAITING }));
      expect(sent.kind).toBe("sent");
      const ts = sent.kind === "sent" ? sent.externalId : "";
      const before = await writer.slack.message(address.container, address.root ?? "");
      expect(before).toBeDefined();
      const cardIn = async () =>
        (await writer.slack.replies(address.container)).filter((message) => message["ts"] === ts);
      expect(elements((await cardIn())[0]).map(({ value, style }) => [value, style])).toEqual([
        [APPROVE, "primary"],
        [EDIT, undefined],
        [DENY, "danger"],
      ]);

      const amending = writer.part(address, "Approved by Ben.", { amends: ts, ordinal: 1, of: 1 });
      expect(await writer.process.send(amending)).toEqual({ kind: "sent", externalId: ts });
      const [now, ...more] = await cardIn();
      expect(more).toEqual([]);
      expect(wordsOf(now ?? {})).toBe("Approved by Ben.");
      expect(elements(now)).toEqual([]);
    }
  });

  test("what a command was answered with in the direct conversation is reached there", async () => {
    const address = {
      ...(await writer.root("lab")),
      root: `@${writer.slack.users["ada"]}`,
      visibility: "private" as const,
    };
    const sent = await writer.process.send(writer.part(address, "Send it?", { actions: WAITING }));
    const ts = sent.kind === "sent" ? sent.externalId : "";
    await writer.process.send(writer.part(address, "Denied.", { amends: ts }));
    const direct = await writer.slack.direct("ada");
    expect((await writer.slack.replies(direct)).map((message) => wordsOf(message))).toEqual(["Denied."]);
  });

  test("what only a response URL showed, what is gone and what may not be edited any more is no loss", async () => {
    const address = await writer.root("lab");
    const part = (amends: string) => writer.part(address, "Approved.", { amends });
    expect(await writer.process.send(part("response:3"))).toEqual({ kind: "sent", externalId: "response:3" });
    expect(await writer.process.send(part("1700000000.000100"))).toEqual({
      kind: "sent",
      externalId: "1700000000.000100",
    });
    for (const error of ["edit_window_closed", "cant_update_message", "channel_not_found", "is_archived"]) {
      writer.slack.next("chat.update", { error });
      expect(await writer.process.send(part("1700000000.000100"))).toMatchObject({ kind: "sent" });
    }
  });

  test("a Slack that is away or busy is tried again, and a line that breaks loses nothing: done twice it stands there once", async () => {
    const address = await writer.root("lab");
    const sent = await writer.process.send(writer.part(address, "Send it?", { actions: WAITING }));
    const amends = sent.kind === "sent" ? sent.externalId : "";
    const part = writer.part(address, "Approved.", { amends });
    writer.slack.next("chat.update", { status: 429, headers: { "retry-after": "3" } });
    expect(await writer.process.send(part)).toMatchObject({ kind: "not_sent", retry: true, afterMs: 3_000 });
    writer.slack.next("chat.update", "drop");
    const broken = await writer.process.send(part);
    expect(broken.kind).toBe("unknown");
    expect(await writer.process.reconcile(part)).toBe("absent");
    expect(await writer.process.send(part)).toEqual({ kind: "sent", externalId: amends });
    expect((await writer.slack.replies("lab")).map((message) => wordsOf(message))).toEqual(["Approved."]);
  });

  test("of blocks that Slack does not take the buttons stay", async () => {
    const address = await writer.root("lab");
    const sent = await writer.process.send(writer.part(address, "Send it?", { actions: WAITING }));
    const amends = sent.kind === "sent" ? sent.externalId : "";
    writer.slack.next("chat.update", { error: "invalid_blocks" });
    await writer.process.send(writer.part(address, "Send this?", { amends, actions: WAITING }));
    const [card] = await writer.slack.replies("lab");
    expect(card?.["text"]).toBe("Send this?");
    expect(elements(card)).toHaveLength(3);
  });

  test("S21: nothing that Nova writes is unfurled, and an answer to a click is for one person alone", async () => {
    const address = await writer.root("lab");
    const link = "See https://evil.example/?q=secret";
    await writer.process.send(writer.part(address, link));
    const hearer = {
      channel: address.container,
      user: writer.slack.users["ada"] ?? "",
      thread: address.root,
      responseUrl: null,
    };
    await writer.voice.tell(hearer, link);
    await writer.voice.tell({ ...hearer, channel: await writer.slack.direct("ada"), thread: null }, link);
    const posts = writer.slack.calls("chat.postMessage");
    expect(posts).toHaveLength(2);
    for (const { args } of posts)
      expect([String(args["unfurl_links"]), String(args["unfurl_media"])]).toEqual(["false", "false"]);
    expect(writer.slack.calls("chat.postEphemeral")).toHaveLength(1);
  });
});

describe.each(["socket", "http"] as const)("forms by %s", (mode) => {
  let door: SlackDoor;
  let card: Json;
  beforeEach(async () => {
    door = await openSlackDoor(mode);
    await door.listen();
    const { channel, ts } = await door.slack.dm("ada", "tell ben");
    // Slack shows one person's words only in a thread that has answers.
    await door.slack.dm("ada", "and soon", { thread: ts });
    await vi.waitUntil(() => door.inbounds.length === 2);
    const action = { type: "button", action_id: "nova:1", value: EDIT, text: { type: "plain_text", text: "Change" } };
    card = { channel, ts, thread_ts: ts, blocks: [{ type: "actions", elements: [action] }] };
  });
  afterEach(() => door[Symbol.asyncDispose]());

  const opened = async (): Promise<Json> => {
    await vi.waitFor(() => expect(door.slack.modals).toHaveLength(1));
    return door.slack.modals[0]?.view ?? {};
  };

  test("a click opens it with what stands there, and what is filled in comes back to the place of the card", async () => {
    door.onPress(async ({ fields }) => (fields ? told("done", "Changed. It waits again.") : asForm()));
    expect((await door.slack.click("ada", card, EDIT).acked).ms).toBeLessThan(3_000);
    const view = await opened();
    expect(door.slack.modals[0]?.user).toBe(door.slack.users["ada"]);
    expect(view["title"].text).toBe(FORM.title);
    expect(
      (view["blocks"] as Json[]).map(({ label, optional, element }) => [label.text, optional, element.initial_value]),
    ).toEqual([
      ["Text", false, "Lunch at noon?"],
      ["Subject", true, undefined],
    ]);
    // Whoever looks at what goes with a form finds no address that answers.
    expect(view["private_metadata"]).not.toContain("/response/");

    const { acked } = door.slack.submit("ada", view, { text: "Lunch at one?" });
    expect((await acked).body).toEqual({});
    const [click, filled] = door.presses;
    expect(filled).toEqual({ ...click, action: EDIT, fields: { text: "Lunch at one?", subject: "" } });
    await vi.waitFor(() => expect(JSON.stringify(door.slack.ephemerals.at(-1))).toContain("It waits again."));
  });

  test("what is wrong stands beside its field, what is refused beside the first, and the form stays with what was typed", async () => {
    door.onPress(async () => asForm());
    await door.slack.click("ada", card, EDIT).acked;
    const view = await opened();
    door.onPress(async () => ({ ...told("refused", "That is too much."), errors: { subject: "It is too long." } }));
    const wrong = { response_action: "errors", errors: { subject: "It is too long." } };
    expect((await door.slack.submit("ada", view).acked).body).toEqual(wrong);
    door.onPress(async () => told("refused", "Only **Ada** can decide this."));
    const refused = { response_action: "errors", errors: { text: "Only Ada can decide this." } };
    expect((await door.slack.submit("eve", view).acked).body).toEqual(refused);
    expect(door.presses.at(-1)?.sender.id).toBe(door.slack.users["eve"]);
    door.onPress(() => Promise.reject(new Error("the database is away")));
    const failed = (await door.slack.submit("ada", view).acked).body;
    expect(failed["errors"].text).toContain("again in a moment");
    door.onPress(async () => told("stale", "Ben approved this at 14:03 on Discord."));
    expect((await door.slack.submit("ada", view).acked).body).toEqual({});
    await vi.waitFor(() => expect(JSON.stringify(door.slack.ephemerals.at(-1))).toContain("Ben approved this"));
  });

  test("one that opens too late is told of plainly, and one that Slack cannot show whole is a card instead", async () => {
    door.slack.next("views.open", { error: "expired_trigger_id" });
    door.onPress(async () => asForm());
    await door.slack.click("ada", card, EDIT).acked;
    await vi.waitFor(() => expect(JSON.stringify(door.slack.ephemerals)).toContain("press the button again"));
    const [first, ...rest] = FORM.fields;
    if (!first) throw new Error("the form has no field");
    door.onPress(async () => asForm({ ...FORM, fields: [{ ...first, value: "x".repeat(3_001) }, ...rest] }));
    await door.slack.click("ada", card, EDIT).acked;
    await vi.waitFor(() => expect(JSON.stringify(door.slack.ephemerals)).toContain("nova approvals edit 7"));
    expect(door.slack.modals).toEqual([]);
  });

  test("a click by somebody who may not decide is answered to them alone, and the card stays", async () => {
    door.onPress(async () => NOT_YOURS);
    await door.slack.click("eve", card, EDIT).acked;
    await vi.waitFor(() => expect(JSON.stringify(door.slack.ephemerals)).toContain("Only Ada can decide this."));
    expect(door.slack.ephemerals.at(-1)?.user).toBe(door.slack.users["eve"]);
    expect(door.slack.calls("chat.update")).toEqual([]);
  });
});
