/** The page as a person uses it, in a real browser. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { agentId, messageId, turnId, type Person } from "#core";
import { hasBrowser, openBrowser } from "../support/browser.ts";
import { openWebRoom, type WebRoom } from "./web-room.ts";

describe.skipIf(!hasBrowser)("the chat page", () => {
  let browser: Browser;
  let context: BrowserContext;
  let room: WebRoom;
  let anna: Person;
  let page: Page;
  const mishaps: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    room = await openWebRoom();
    anna = room.addPerson("Anna");
    context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
    page = await context.newPage();
    page.on("pageerror", (error) => mishaps.push(error.message));
    page.on("console", (line) => line.text().includes("Content Security Policy") && mishaps.push(line.text()));
    await page.goto(`${room.url}/login?code=${room.code(anna)}`);
    await page.waitForSelector("#account:not([hidden])");
  });
  afterEach(async () => {
    await context.close();
    await room.close();
    const [mishap] = mishaps.splice(0);
    if (mishap) throw new Error(`The page complained: ${mishap}`);
  });

  const send = async (text: string): Promise<void> => {
    await page.fill("#words", text);
    await page.press("#words", "Enter");
  };
  const stored = (count: number): Promise<void> => vi.waitFor(() => expect(room.accepted).toHaveLength(count), 5_000);
  const shown = (on: Page, count: number): Promise<void> =>
    vi.waitFor(async () => expect(await texts(on)).toHaveLength(count), 5_000);
  const texts = (on: Page): Promise<string[]> => on.locator(".bubble, .reply .prose").allInnerTexts();

  test("a typed code signs in, a wrong one is explained", async () => {
    await page.click("#account summary");
    await page.click("text=Sign out");
    await page.fill("#code", "NOPE-NOPE");
    await page.press("#code", "Enter");
    expect(await page.innerText("#problem")).toContain("wrong");
    await page.fill("#code", room.code(anna));
    await page.press("#code", "Enter");
    await page.waitForSelector("#empty:not([hidden])");
    expect(new URL(page.url()).pathname).toBe("/");
  });

  test("a message goes out, the reply streams in, and a reload and a second tab show the same", async () => {
    await send("When is the freeze?");
    await stored(1);
    const turn = turnId("500");
    room.progress(anna, { kind: "taken", turn, messages: [messageId("1")] });
    room.progress(anna, { kind: "routed", turn, agent: agentId("librarian"), reason: "" });
    room.progress(anna, { kind: "status", turn, line: "Searching memory" });
    await page.waitForSelector("text=Librarian — searching memory");
    room.progress(anna, { kind: "draft", turn, text: "It starts on **Mon" });
    await page.waitForSelector("#draft >> text=It starts on");
    room.progress(anna, { kind: "draft", turn, text: "It starts on **Monday**." });
    await page.waitForSelector("#draft strong >> text=Monday");
    room.progress(anna, { kind: "ended", turn });
    await room.deliver(
      anna,
      room.settle(anna, "It starts on **Monday**.", { agent: "librarian", model: "offline", turn }),
    );

    await page.waitForSelector(".reply");
    await page.waitForSelector("#working", { state: "hidden" });
    expect(await page.innerText(".reply .label")).toMatch(/Librarian[\s\S]*offline model[\s\S]*why\?/);
    const conversation = ["When is the freeze?", "It starts on Monday."];
    expect(await texts(page)).toEqual(conversation);

    await page.reload();
    await shown(page, 2);
    expect(await texts(page)).toEqual(conversation);
    const second = await context.newPage();
    await second.goto(room.url);
    await shown(second, 2);
    expect(await texts(second)).toEqual(conversation);

    await send("Thanks");
    await shown(second, 3);
    await room.deliver(anna, room.settle(anna, "Gladly."));
    for (const tab of [page, second]) {
      await shown(tab, 4);
      expect(await texts(tab)).toEqual([...conversation, "Thanks", "Gladly."]);
    }
  });

  test("Enter sends, Shift+Enter starts a line, an empty field sends nothing", async () => {
    await page.press("#words", "Enter");
    await page.fill("#words", "one");
    await page.press("#words", "Shift+Enter");
    await page.keyboard.type("two");
    await page.press("#words", "Enter");
    await stored(1);
    expect(room.accepted[0]?.text).toBe("one\ntwo");
    expect(await page.inputValue("#words")).toBe("");
  });

  test("Escape and the button stop a running turn", async () => {
    room.progress(anna, { kind: "taken", turn: turnId("501"), messages: [messageId("1")] });
    await page.waitForSelector("#stop:not([hidden])");
    await page.keyboard.press("Escape");
    await stored(1);
    expect(room.accepted[0]?.text).toBe("/stop");
    await page.waitForSelector("text=Stopping…");
  });

  test("why? asks for the newest reply only", async () => {
    await room.deliver(anna, room.settle(anna, "first", { agent: "analyst" }));
    await room.deliver(anna, room.settle(anna, "second", { agent: "analyst" }));
    await shown(page, 2);
    expect(await page.locator(".why:visible").count()).toBe(1);
    await page.click(".reply:last-child .why");
    await stored(1);
    expect(room.accepted[0]?.text).toBe("/why");
    expect(await page.locator(".why:visible").count()).toBe(0);
  });

  test("a text that did not get through stays, survives a reload, and goes out once", async () => {
    await page.route("**/chat/messages", (route) => route.abort());
    await send("do not lose me");
    await page.waitForSelector(".waiting >> text=Try again");
    await page.fill("#words", "half a thought");
    await page.reload();
    await page.waitForSelector(".waiting >> text=do not lose me");
    expect(await page.inputValue("#words")).toBe("half a thought");
    expect(room.accepted).toHaveLength(0);

    await page.unroute("**/chat/messages");
    await page.click("text=Try again");
    await stored(1);
    await page.waitForSelector(".waiting", { state: "detached" });
    await page.reload();
    await shown(page, 1);
    expect(room.accepted.map(({ text }) => text)).toEqual(["do not lose me"]);
  });

  test("an answer that was lost on the way back does not make two messages", async () => {
    await page.route("**/chat/messages", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await send("once only");
    await page.waitForSelector(".waiting");
    expect(room.accepted).toHaveLength(1);
    await page.unroute("**/chat/messages");
    await page.reload();
    await vi.waitFor(async () => expect(await page.locator(".sending, .waiting").count()).toBe(0), 5_000);
    expect(await texts(page)).toEqual(["once only"]);
    expect(room.accepted).toHaveLength(1);
  });

  test("a refused text comes back for editing", async () => {
    room.onAccept(async () => ({ kind: "refused", code: "too_large", reason: "The limit is 7 characters." }));
    await send("rather long");
    await page.waitForSelector(".failed >> text=The limit is 7 characters.");
    await page.click(".failed >> text=Edit");
    expect(await page.inputValue("#words")).toBe("rather long");
    expect(await texts(page)).toEqual([]);
  });

  test("hostile Markdown neither runs nor fetches", async () => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const hostile = [
      "<script>document.title = 'owned'</script>",
      "<img src='https://evil.example/a.png' onerror=\"document.title = 'owned'\">",
      "![x](https://evil.example/b.png)",
      "[click](javascript:document.title='owned')",
    ];
    await room.deliver(anna, room.settle(anna, hostile.join("\n\n")));
    await shown(page, 1);
    await page.click("text=click");
    expect(await page.title()).toBe("Nova");
    expect(requests.filter((url) => !url.startsWith(room.url))).toEqual([]);
    expect((await texts(page))[0]).toContain("<script>");
  });

  test("nobody is torn away from what they are reading", async () => {
    for (let i = 0; i < 30; i += 1) await room.deliver(anna, room.settle(anna, `Reply ${i}\n\nwith two lines`));
    await shown(page, 30);
    const top = (): Promise<number> => page.locator("#scroll").evaluate((element) => element.scrollTop);
    await vi.waitFor(async () => expect(await top()).toBeGreaterThan(500));
    await page.mouse.move(500, 300);
    await page.mouse.wheel(0, -1_200);
    const below = (): Promise<number> =>
      page.locator("#scroll").evaluate((part) => part.scrollHeight - part.scrollTop - part.clientHeight);
    await vi.waitFor(async () => expect(await below()).toBeGreaterThan(1_000));
    const reading = await top();
    await room.deliver(anna, room.settle(anna, "newest"));
    await page.waitForSelector("#latest:not([hidden])");
    expect(await top()).toBe(reading);
    await page.click("#latest");
    await vi.waitFor(async () => expect(await top()).toBeGreaterThan(reading));
  });

  test("when Nova restarts the page says so at once, and goes on with it", async () => {
    await room.deliver(anna, room.settle(anna, "before"));
    await shown(page, 1);
    await room.leave();
    await page.waitForSelector("#banner >> text=Nova is restarting");
    room.settle(anna, "during");
    await room.comeBack();
    await shown(page, 2);
    await page.waitForSelector("#banner", { state: "hidden" });
    expect(await texts(page)).toEqual(["before", "during"]);
  });

  test("when the line breaks the page says so, and catches up on its own", async () => {
    await room.deliver(anna, room.settle(anna, "before"));
    await shown(page, 1);
    await room.goDown();
    await page.waitForSelector("#banner >> text=Connection lost");
    room.settle(anna, "during");
    await room.comeBack();
    await shown(page, 2);
    await page.waitForSelector("#banner", { state: "hidden" });
    expect(await texts(page)).toEqual(["before", "during"]);
  });

  test("when the session ends, what was written is kept for after signing in", async () => {
    await page.fill("#words", "unsent words");
    room.endSessions();
    await page.press("#words", "Enter");
    await page.waitForSelector("#banner >> text=You are signed out");
    await page.click("#reconnect");
    await page.fill("#code", room.code(anna));
    await page.press("#code", "Enter");
    await stored(1);
    expect(room.accepted[0]?.text).toBe("unsent words");
  });

  test("another person who signs in on the same tab gets none of it", async () => {
    await page.route("**/chat/messages", (route) => route.abort());
    await send("for my eyes only");
    await page.waitForSelector(".waiting");
    await page.unroute("**/chat/messages");
    await context.clearCookies();
    await page.goto(`${room.url}/login?code=${room.code(room.addPerson("Bert"))}`);
    await page.waitForSelector("#empty:not([hidden])");
    expect(await texts(page)).toEqual([]);
    expect(room.accepted).toHaveLength(0);
  });

  test.each(["sends", "reconnects"])("a tab of before starts anew when it %s as someone else", async (what) => {
    await room.deliver(anna, room.settle(anna, "for Anna alone"));
    await shown(page, 1);
    const bert = room.addPerson("Bert");
    room.settle(bert, "hello Bert");
    const second = await context.newPage();
    await second.goto(`${room.url}/login?code=${room.code(bert)}`);
    await shown(second, 1);
    if (what === "sends") await send("meant as Anna");
    else {
      await room.goDown();
      await room.comeBack();
    }
    await vi.waitFor(async () => expect(await texts(page)).toEqual(["hello Bert"]), 10_000);
    expect(await page.textContent("#person")).toBe("Bert");
    expect(room.accepted).toHaveLength(0);
    await send("as Bert");
    await stored(1);
    expect(room.accepted[0]?.sender.id).toBe(bert.id);
  });

  test("on a phone nothing overflows, and every control has a name", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    const wide = `| ${"column | ".repeat(12)}\n|${"-|".repeat(12)}\n| ${"value | ".repeat(12)}\n\n\`${"x".repeat(200)}\``;
    await room.deliver(anna, room.settle(anna, wide, { agent: "analyst" }));
    await send("y".repeat(300));
    await shown(page, 2);
    for (const part of ["html", "#scroll"]) {
      expect(await page.locator(part).evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    }
    for (const control of await page.locator("button, summary, textarea, input").all()) {
      const name = await control.evaluate((element) => element.getAttribute("aria-label") ?? element.textContent ?? "");
      const labelled = await control.evaluate((element) => "labels" in element && Boolean(element.labels));
      expect(name.trim() !== "" || labelled).toBe(true);
    }
  });
});
