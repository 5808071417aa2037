/** Cards on the page: what they say by now, in every tab, and forms under them. Over the wire, and once in a real browser. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Person } from "#core";
import { hasBrowser, openBrowser } from "../support/browser.ts";
import { asForm, APPROVE, EDIT, FORM, told, WAITING } from "./card-parts.ts";
import { EventReader } from "./event-reader.ts";
import { openWebRoom, type WebRoom } from "./web-room.ts";

let room: WebRoom;
let anna: Person;
let cookie: string;
beforeEach(async () => {
  room = await openWebRoom();
  anna = room.addPerson("Anna");
  cookie = await room.signIn(anna);
});
afterEach(() => room.close());

describe("what a card says by now", () => {
  const open = async (after = ""): Promise<EventReader> => {
    const tab = new EventReader(`${room.url}/chat/events${after && `?after=${after}`}`, { cookie });
    await vi.waitFor(() => expect(tab.of("ready")).toHaveLength(1));
    return tab;
  };

  test("is shown in every open tab, also when another process decided it, and in one that was away meanwhile", async () => {
    const before = room.settle(anna, "Long ago.");
    const card = room.settle(anna, "Send it?", { agent: "editor", actions: WAITING });
    const tabs = [await open(), await open()];
    await room.amend(anna, card, { text: "**Approved** by Ben." });
    for (const tab of tabs) {
      await vi.waitFor(() => expect(tab.of("amended")).toHaveLength(1));
      expect(tab.of("amended")[0]).toMatchObject({
        id: card.id,
        html: "<p><strong>Approved</strong> by Ben.</p>",
        actions: [],
      });
      // The cursor stays where it is: what comes next is not skipped.
      expect(tab.ids.at(-1)).toBe(card.id);
    }
    for (const tab of tabs) tab.close();

    await room.amend(anna, card, { text: "Done." }, true);
    const back = await open(before.id);
    expect(back.of("message")).toMatchObject([{ id: card.id, html: "<p>Done.</p>" }]);
    back.close();
    const [first] = [await open(card.id)];
    await vi.waitFor(() =>
      expect(first?.of("amended")).toContainEqual(expect.objectContaining({ html: "<p>Done.</p>" })),
    );
    await room.amend(anna, card, { text: "Not done after all." }, true);
    await vi.waitFor(() => expect(first?.of("amended").at(-1)).toMatchObject({ html: "<p>Not done after all.</p>" }));
    const count = first?.of("amended").length;
    await room.amend(anna, card, { text: "Not done after all." }, true);
    await room.deliver(anna, room.settle(anna, "Something else."));
    await vi.waitFor(() => expect(first?.of("message")).toHaveLength(1));
    expect(first?.of("amended")).toHaveLength(count ?? 0);
    first?.close();
  });

  test("what is filled into a form goes with the click, and what is too much of it is refused", async () => {
    room.onPress(async ({ fields }) =>
      fields ? { ...told("stale", "No."), errors: { text: "Too long." } } : asForm(),
    );
    const press = (body: unknown) =>
      fetch(`${room.url}/chat/press`, {
        method: "POST",
        headers: { origin: room.url, cookie, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect(await (await press({ action: EDIT })).json()).toMatchObject({ kind: "done", form: FORM });
    const filled = await press({ action: EDIT, fields: { text: "x".repeat(4_000) } });
    expect(await filled.json()).toMatchObject({ kind: "stale", errors: { text: "Too long." } });
    expect(room.presses.at(-1)).toMatchObject({ action: EDIT, fields: { text: "x".repeat(4_000) } });
    const six = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}`, ""]));
    for (const fields of [six, { text: 7 }, { text: "x".repeat(20_001) }, []])
      expect((await press({ action: EDIT, fields })).status).toBe(400);
    expect(room.presses).toHaveLength(2);
  });
});

test.skipIf(!hasBrowser)(
  "a person changes a card by its form with the keyboard alone, and sees it decided in two tabs",
  async () => {
    const browser = await openBrowser();
    try {
      const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
      const mishaps: string[] = [];
      const openTab = async () => {
        const page = await context.newPage();
        page.on("pageerror", (error) => mishaps.push(error.message));
        page.on("console", (line) => line.text().includes("Content Security Policy") && mishaps.push(line.text()));
        await page.goto(`${room.url}/login?code=${room.code(anna)}`);
        await page.waitForSelector(".reply");
        return page;
      };
      const text =
        "**Send a message to Ben**\n\n- To: `Ben, in private`\n- Words: `Lunch at noon?`\n\n**Waits for a decision** until 22 Nov 2026, 18:00.";
      const card = room.settle(anna, text, { agent: "concierge", actions: WAITING });
      const [page, other] = [await openTab(), await openTab()];
      await page.bringToFront();
      room.onPress(async ({ fields }) => {
        if (fields === undefined) return asForm();
        if (fields["subject"] === "")
          return { ...told("stale", "Nothing was changed."), errors: { subject: "It needs a subject." } };
        return told("done", "Changed. It still waits for a decision.");
      });

      await page.getByRole("button", { name: "Change" }).focus();
      await page.keyboard.press("Enter");
      const field = page.getByLabel("Text");
      await field.waitFor();
      expect(await field.inputValue()).toBe("Lunch at noon?");
      expect(await field.evaluate((element) => element.matches(":focus"))).toBe(true);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type("Lunch at one?");
      await page.keyboard.press("Escape");
      expect(await field.inputValue()).toBe("Lunch at one?");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const subject = page.getByLabel("Subject");
      await vi.waitFor(async () => expect(await subject.getAttribute("aria-invalid")).toBe("true"));
      expect(await subject.evaluate((element) => element.matches(":focus"))).toBe(true);
      expect(await page.locator(".fields").innerText()).toContain("It needs a subject.");
      await page.keyboard.type("Lunch");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".card .prose >> text=It still waits");
      expect(room.presses.at(-1)).toMatchObject({ action: EDIT, fields: { text: "Lunch at one?", subject: "Lunch" } });

      room.onPress(async () => told("done", "Approved. It is being done."));
      await page.getByRole("button", { name: "Approve" }).click();
      await page.waitForSelector(".card .prose >> text=It is being done");
      expect(room.presses.at(-1)?.action).toBe(APPROVE);
      await room.amend(anna, card, {
        text: "**Send a message to Ben**\n\n**Approved** by Anna on web. **Done** at 14:03.",
      });
      for (const tab of [page, other]) {
        await tab.waitForSelector(".reply > .prose >> text=Done at 14:03");
        expect(await tab.getByRole("button", { name: "Approve" }).count()).toBe(0);
      }
      // What the click was answered with is not taken away from whoever reads it.
      expect(await page.locator(".card").innerText()).toContain("It is being done.");
      await other.reload();
      await other.waitForSelector(".reply > .prose >> text=Done at 14:03");
      expect(mishaps).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
