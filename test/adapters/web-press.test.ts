/** Clicks through the page's front door: the same checks as for messages, and an answer that is safe to show. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person, Pressed } from "#core";
import { EventReader } from "./event-reader.ts";
import { openWebRoom, type WebRoom } from "./web-room.ts";

const ACTION = "wrong-agent:12";
const DONE: Pressed = { kind: "done", card: { text: "**Done**", actions: [{ id: "use:12:editor", label: "Editor" }] } };

let room: WebRoom;
let anna: Person;
let cookie: string;

beforeEach(async () => {
  room = await openWebRoom();
  anna = room.addPerson("Anna");
  cookie = await room.signIn(anna);
  room.onPress(async () => DONE);
});
afterEach(() => room.close());

const press = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${room.url}/chat/press`, {
    method: "POST",
    headers: { origin: room.url, cookie, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const click = (action: unknown = ACTION) => ({ action });

test("a click is put in the name of whoever is signed in, and answered as safe HTML with its buttons", async () => {
  const answer = await press(click());
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toEqual({
    kind: "done",
    html: "<p><strong>Done</strong></p>",
    actions: [{ id: "use:12:editor", label: "Editor" }],
  });
  expect(room.presses).toEqual([
    {
      address: expect.objectContaining({ platform: "web", container: anna.id, visibility: "private" }),
      sender: { platform: "web", scope: "local", id: anna.id },
      action: ACTION,
    },
  ]);
});

test.each(["stale", "refused"] as const)("one that is %s is told in words, whatever they hold", async (kind) => {
  room.onPress(async () => ({ kind, card: { text: "<img src=x onerror=alert(1)> it is over", actions: [] } }));
  const answer = (await (await press(click())).json()) as { kind: string; html: string };
  expect(answer.kind).toBe(kind);
  expect(answer.html).toContain("it is over");
  expect(answer.html).not.toContain("<img");
});

test.each([
  ["no session", {}, { cookie: "" }, 401],
  ["another origin", {}, { origin: "http://evil.example" }, 403],
  ["another site by the browser's word", {}, { "sec-fetch-site": "cross-site" }, 403],
  ["another content type", {}, { "content-type": "text/plain" }, 415],
  ["a page of somebody else", {}, { "nova-person": "7" }, 409],
  ["no action", { action: undefined }, {}, 400],
  ["an action that is no text", { action: 7 }, {}, 400],
  ["an endless action", { action: "a".repeat(91) }, {}, 400],
])("with %s nothing is pressed", async (_, change, headers, status) => {
  const answer = await press({ ...click(), ...change }, headers);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
  expect(room.presses).toEqual([]);
});

test("what is no JSON, and what is far too long, is refused", async () => {
  expect((await press("{")).status).toBe(400);
  expect((await press(click("a".repeat(700_000)))).status).toBe(413);
  expect(room.presses).toEqual([]);
});

test("a session whose account lost its link gets it back", async () => {
  room.links.clear();
  expect((await press(click())).status).toBe(200);
  expect(room.links.size).toBe(1);
});

test("buttons come with a reply that is pushed and with one that is read, and with nothing else", async () => {
  const actions = [{ id: ACTION, label: "Wrong agent" }];
  room.settle(anna, "read", { agent: "editor", actions });
  const tab = new EventReader(`${room.url}/chat/events`, { cookie });
  try {
    await vi.waitFor(() => expect(tab.of("ready")).toHaveLength(1));
    await room.deliver(anna, room.settle(anna, "pushed", { agent: "editor", actions }));
    await room.deliver(anna, room.settle(anna, "plain"));
    await vi.waitFor(() => expect(tab.of("message")).toHaveLength(3));
    expect(tab.of("message")).toMatchObject([{ actions }, { actions }, { actions: [] }]);
  } finally {
    tab.close();
  }
});
