/** Cards on Discord: their buttons, forms, and what they say once they are decided elsewhere. Beside the peer, without a Nova. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { asForm, APPROVE, DENY, EDIT, FORM, NOT_YOURS, told, WAITING } from "./card-parts.ts";
import { openDesk, type Desk } from "./discord-desk.ts";
import type { Posted } from "../support/discord/world.ts";

const SEVEN_DAYS = 7 * 24 * 60 * 60_000;
const PATCH = "PATCH /channels/{channel_id}/messages/{message_id}";
const HOOK_PATCH = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}";
const CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback";

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(async () => {
  const { violations } = desk.peer;
  await desk.close();
  if (violations.length > 0) throw new Error(violations.join("\n"));
});

type Buttons = readonly { readonly custom_id: string; readonly style: number }[];
const buttonsOf = (message: Posted | undefined): readonly (readonly [string, number])[] =>
  (message?.components ?? []).flatMap((row) =>
    (row["components"] as Buttons).map((one) => [one.custom_id, one.style] as const),
  );
const idOf = (sent: { readonly kind: string; readonly externalId?: string } | undefined): string =>
  sent?.externalId ?? "";

describe("what a card says by now", () => {
  test("its words and buttons are replaced where they stand, days later, too, and mention nobody", async () => {
    for (const address of [desk.channel("lab"), desk.direct()]) {
      const [sent] = await desk.send(desk.part({ address, body: "Send it?", actions: WAITING }));
      const [card] = desk.peer.replies(address.container);
      expect(buttonsOf(card)).toEqual([
        [`nova:${APPROVE}`, 1],
        [`nova:${EDIT}`, 2],
        [`nova:${DENY}`, 4],
      ]);
      desk.pass(SEVEN_DAYS);
      const amending = desk.part({
        address,
        body: "Approved by <@1> @everyone.",
        amends: idOf(sent),
        ordinal: 1,
        of: 1,
      });
      expect(await desk.send(amending)).toEqual([sent]);
      const [now, ...more] = desk.peer.replies(address.container);
      expect(more).toEqual([]);
      expect(now?.content).toContain("Approved by");
      expect(buttonsOf(now)).toEqual([]);
      expect(desk.peer.calls(PATCH).at(-1)?.body).toMatchObject({ allowed_mentions: { parse: [] }, flags: 4 });
    }
  });

  test("the reply of a command is one of them: by its message, and where only its token reaches it, by that", async () => {
    const handle = await desk.deferred({ channel: "lab" }, { hidden: false });
    const open = desk.channel("lab");
    const [sent] = await desk.send(desk.part({ address: open, body: "Send it?", actions: WAITING, handles: [handle] }));
    desk.pass(SEVEN_DAYS);
    await desk.send(desk.part({ address: open, body: "Denied.", amends: idOf(sent), handles: [handle] }));
    expect(desk.peer.replies("lab").map(({ content }) => content.split("\n")[0])).toEqual(["Denied."]);

    const private_ = await desk.deferred({ channel: "lab" });
    const hidden = desk.channel("lab", true);
    const [seen] = await desk.send(
      desk.part({ address: hidden, body: "Send it?", actions: WAITING, handles: [private_] }),
    );
    await desk.send(desk.part({ address: hidden, body: "Denied too.", amends: idOf(seen), handles: [private_] }));
    expect(desk.peer.interaction(private_.interaction).content).toContain("Denied too.");
    expect(desk.peer.calls(HOOK_PATCH)).toHaveLength(1);
    // Nobody can reach it any more: no loss, and nothing new is said.
    desk.pass(SEVEN_DAYS);
    const late = desk.part({ address: hidden, body: "Done.", amends: idOf(seen), handles: [private_] });
    expect(await desk.send(late)).toEqual([{ kind: "sent", externalId: idOf(seen) }]);
    expect(desk.peer.replies("lab")).toHaveLength(1);
    expect(desk.peer.replies(desk.direct().container)).toEqual([]);
  });

  test("what is gone, forbidden or has no id is no loss; what is busy is tried again; done twice it stands there once", async () => {
    const address = desk.channel("lab");
    const [sent] = await desk.send(desk.part({ address, body: "Send it?", actions: WAITING }));
    const part = desk.part({ address, body: "Approved.", amends: idOf(sent) });
    desk.peer.next(PATCH, { retryAfter: 2 });
    expect(await desk.send(part)).toMatchObject([{ kind: "not_sent", retry: true }]);
    desk.pass(3_000);
    desk.peer.next(PATCH, "drop");
    expect(await desk.send(part)).toMatchObject([{ kind: "unknown" }]);
    expect(await desk.adapter.reconcile?.(part, AbortSignal.timeout(5_000))).toBe("absent");
    expect(await desk.send(part)).toEqual([sent]);
    expect(desk.peer.replies("lab").map(({ content }) => content.split("\n")[0])).toEqual(["Approved."]);

    const [card] = desk.peer.replies("lab");
    if (card) desk.peer.remove(card);
    expect(await desk.send(part)).toEqual([sent]);
    desk.peer.next(PATCH, { status: 403, code: 50_001 });
    expect(await desk.send(part)).toEqual([sent]);
    expect(await desk.send(desk.part({ address, amends: "17" }))).toEqual([{ kind: "sent", externalId: "17" }]);
    expect(desk.peer.replies("lab")).toEqual([]);
  });

  test("S21: nothing that Nova writes is unfurled", async () => {
    const body = "See https://evil.example/?q=secret";
    const handle = await desk.deferred({ channel: "lab" }, { hidden: false });
    const [sent] = await desk.send(
      desk.part({ address: desk.channel("lab"), body, handles: [handle] }),
      desk.part({ address: desk.direct(), body }),
    );
    await desk.send(desk.part({ address: desk.channel("lab"), body, amends: idOf(sent) }));
    const written = desk.peer.calls().filter(({ body: told }) => JSON.stringify(told ?? "").includes("evil.example"));
    expect(written).toHaveLength(3);
    for (const { body: told } of written) expect((told as { flags: number }).flags & 4).toBe(4);
  });
});

describe("forms", () => {
  let card: Posted;
  beforeEach(async () => {
    await desk.listen();
    await desk.send(desk.part({ address: desk.channel("lab"), body: "Send it?", actions: WAITING }));
    const [sent] = desk.peer.replies("lab");
    if (!sent) throw new Error("the card is not there");
    card = sent;
  });
  const answered = (interaction: string) =>
    vi.waitUntil(() => desk.peer.interaction(interaction).callback !== null, { timeout: 5_000 });
  const said = async (interaction: string): Promise<string> => {
    await vi.waitFor(() => expect(desk.peer.interaction(interaction).content).not.toBeNull(), 5_000);
    return desk.peer.interaction(interaction).content ?? "";
  };

  test("the first answer to the click is the form, and what is filled in comes back with the place of the card", async () => {
    desk.onPress(async ({ fields }) => (fields ? told("done", "Changed. It waits again.") : asForm()));
    const click = await desk.peer.click("ada", card, `nova:${EDIT}`);
    await answered(click);
    expect(desk.peer.interaction(click).callback).toBe(9);
    expect(desk.peer.world.interactions.get(click)?.callback?.data).toMatchObject({
      title: FORM.title,
      components: [
        {
          type: 18,
          label: "Text",
          component: { custom_id: "text", style: 2, value: "Lunch at noon?", required: true },
        },
        { type: 18, label: "Subject", component: { custom_id: "subject", style: 1, required: false, max_length: 80 } },
      ],
    });

    const filled = await desk.peer.submit("ada", click, { text: "Lunch at one?" });
    expect(await said(filled)).toContain("It waits again.");
    expect(desk.peer.interaction(filled)).toMatchObject({ deferred: true, ephemeral: true });
    const [first, second] = desk.presses;
    expect(second).toEqual({ ...first, fields: { text: "Lunch at one?", subject: "" } });
  });

  test("one who may not decide gets a word for their eyes alone, and no form", async () => {
    desk.onPress(async () => NOT_YOURS);
    const click = await desk.peer.click("eve", card, `nova:${EDIT}`);
    expect(await said(click)).toBe("Only Ada can decide this.");
    expect(desk.peer.interaction(click).ephemeral).toBe(true);
    expect(desk.peer.replies("lab")).toHaveLength(1);
    expect(buttonsOf(desk.peer.replies("lab")[0])).toHaveLength(3);
  });

  test("a Nova that takes longer than Discord waits says click again, and so does one that cannot look it up", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    desk.onPress(async () => {
      await promise;
      return asForm();
    });
    const slow = await desk.peer.click("ada", card, `nova:${EDIT}`);
    expect(await said(slow)).toContain("click again");
    resolve();
    desk.onPress(() => Promise.reject(new Error("the database is away")));
    expect(await said(await desk.peer.click("ada", card, `nova:${EDIT}`))).toContain("click again");
    const [first, ...rest] = FORM.fields;
    if (!first) throw new Error("the form has no field");
    desk.onPress(async () => asForm({ ...FORM, fields: [{ ...first, value: "x".repeat(4_001) }, ...rest] }));
    expect(await said(await desk.peer.click("ada", card, `nova:${EDIT}`))).toContain("nova approvals edit 7");
    expect(desk.peer.calls(CALLBACK).map(({ body }) => (body as { type: number }).type)).toEqual([5, 5, 5]);
  });

  test("S17: a program presses nothing, and the same click twice is pressed once", async () => {
    desk.onPress(async () => told("done", "Approved."));
    const user = desk.peer.user("robot");
    desk.peer.world.users.set("robot", { ...user, bot: true });
    await desk.peer.click("robot", card, `nova:${APPROVE}`);
    const click = await desk.peer.click("ada", card, `nova:${APPROVE}`);
    expect(await said(click)).toBe("Approved.");
    await desk.peer.again(click);
    expect(await said(await desk.peer.click("ada", card, `nova:${DENY}`))).toBe("Approved.");
    expect(desk.presses.map(({ action, sender }) => [action, sender.id])).toEqual([
      [APPROVE, desk.peer.user("ada").id],
      [DENY, desk.peer.user("ada").id],
    ]);
  });
});
