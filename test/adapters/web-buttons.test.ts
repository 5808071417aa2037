/** Buttons under replies as a person uses them: the page in a real browser, on a whole Nova. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { hasBrowser, openBrowser } from "../support/browser.ts";
import { scripted, says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

describe.skipIf(!hasBrowser)("the chat page", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let lab: TestNova;
  let url: string;
  let line = says("The answer.");
  const mishaps: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    lab = await startNova({ models: scripted(() => line).models, adapters: ["web"], service: true });
    const started = await lab.nova.start({ controlToken: "buttons" });
    url = started.url;
    context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
    const first = await context.newPage();
    await first.goto(started.loginUrl);
    await first.close();
  });
  afterAll(async () => {
    await browser.close();
    await lab.nova.stop();
  });
  beforeEach(async () => {
    page = await open();
  });
  afterEach(async () => {
    await page.close();
    const [mishap] = mishaps.splice(0);
    if (mishap) throw new Error(`The page complained: ${mishap}`);
  });

  async function open(): Promise<Page> {
    const opened = await context.newPage();
    opened.on("pageerror", (error) => mishaps.push(error.message));
    opened.on("console", (told) => told.text().includes("Content Security Policy") && mishaps.push(told.text()));
    await opened.goto(url);
    await opened.waitForSelector("#account:not([hidden])");
    return opened;
  }

  /** Sends it and waits for the reply, which comes last. */
  async function ask(text: string): Promise<void> {
    const before = await page.locator(".reply").count();
    await page.fill("#words", text);
    await page.press("#words", "Enter");
    await vi.waitFor(async () => expect(await page.locator(".reply").count()).toBe(before + 1), 15_000);
    await page.waitForSelector("#working", { state: "hidden" });
  }
  const last = (on = page) => on.locator(".reply").last();
  const bubbles = (on = page) => on.locator(".bubble").allInnerTexts();

  // First: later on, “it” would go on from what was said before.
  test("Nova's own question is answered by a click", async () => {
    line = says("Boiled down.");
    await ask("boil this down and polish it");
    const options = last().getByRole("group").getByRole("button");
    expect(await options.allInnerTexts()).toHaveLength(2);
    await options.first().click();
    await page.waitForSelector("text=Boiled down.");
    expect((await bubbles()).at(-1)).toMatch(/^@\w+ boil this down and polish it$/);
  });

  test("sources are shown under the reply and closed again, with the keyboard alone", async () => {
    const kept = (await lab.verb("memory", { do: "add", text: "the lease <b>ends</b> in June" })) as { id: string };
    line = says(`It ends in June [m${kept.id}].`);
    await ask("@librarian when does the lease end?");
    const button = last().getByRole("button", { name: "Show sources" });
    await button.focus();
    await page.keyboard.press("Enter");
    const card = last().getByRole("region", { name: "Show sources" });
    await card.waitFor();
    expect(await card.innerText()).toContain(`[m${kept.id}] note`);
    expect(await card.innerText()).toContain("the lease <b>ends</b> in June");
    expect(await card.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await button.getAttribute("aria-expanded")).toBe("true");

    await page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
    expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await button.getAttribute("aria-expanded")).toBe("false");

    await lab.verb("memory", { do: "forget", item: kept.id });
    await page.keyboard.press("Enter");
    await card.waitFor();
    expect(await card.innerText()).toContain("forgotten");
    await card.getByRole("button", { name: "Close" }).click();
    await card.waitFor({ state: "detached" });
  });

  test("another agent is asked by two clicks, in every tab, once, and after a reload the buttons are still there", async () => {
    line = says("The editor's answer.");
    await ask("@editor compare the two plans");
    const second = await open();
    line = says("The analyst's answer.");
    const before = await bubbles();
    for (const tab of [page, second]) {
      await last(tab).getByRole("button", { name: "Wrong agent" }).click();
      await last(tab).locator(".card").getByRole("button", { name: "Analyst" }).waitFor();
    }
    const asked = [page, second].map((tab) => last(tab).locator(".card"));
    await Promise.all(asked.map((card) => card.getByRole("button", { name: "Analyst" }).click()));
    for (const tab of [page, second]) {
      await vi.waitFor(async () => expect(await bubbles(tab)).toEqual([...before, "@analyst compare the two plans"]));
      await tab.waitForSelector("text=The analyst's answer.");
    }
    await vi.waitFor(async () => {
      const told = await Promise.all([page, second].map((tab) => tab.locator(".card .prose").innerText()));
      expect(told.toSorted()).toEqual(["Asking the Analyst …", "That was asked already."]);
    });
    await second.close();

    await page.reload();
    const old = page.locator(".reply", { hasText: "The editor's answer." });
    await old.getByRole("button", { name: "Wrong agent" }).click();
    await old.locator(".card.stale").waitFor();
    expect(await old.locator(".card").innerText()).toContain("That was asked already.");
    expect(await last().getByRole("button", { name: "Wrong agent" }).count()).toBe(1);
  });

  test("a click that does not get through says so, and the next one does", async () => {
    await ask("@editor compare the two plans");
    await page.route("**/chat/press", (route) => route.abort());
    await last().getByRole("button", { name: "Wrong agent" }).click();
    await last().locator(".card.failed").waitFor();
    expect(await last().locator(".card").innerText()).toContain("out of reach");
    await page.unroute("**/chat/press");
    await last().getByRole("button", { name: "Wrong agent" }).click();
    await last().locator(".card.done").waitFor();
    await last().getByRole("button", { name: "Wrong agent" }).click();
    await last().locator(".card").waitFor({ state: "detached" });
  });

  test("on a phone cards and buttons stay within the page and are large enough to hit", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    await ask("@editor compare the two plans");
    await last().getByRole("button", { name: "Wrong agent" }).click();
    await last().locator(".card").waitFor();
    expect(await page.locator("#scroll").evaluate((part) => part.scrollWidth - part.clientWidth)).toBe(0);
    for (const control of await last().locator(".actions button").all()) {
      const box = await control.boundingBox();
      expect(Math.min(box?.height ?? 0, box?.width ?? 0)).toBeGreaterThanOrEqual(24);
    }
  });
});
