/** The web chat through its front door: signing in, sending, and seeing the same conversation in every tab. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { agentId, conversationId, messageId, NovaError, turnId, type Person } from "#core";
import { EventReader } from "./event-reader.ts";
import { openWebRoom, type WebRoom } from "./web-room.ts";

let room: WebRoom;
let anna: Person;
const readers: EventReader[] = [];

beforeEach(async () => {
  room = await openWebRoom();
  anna = room.addPerson("Anna");
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await room.close();
});

type Sent = { cookie?: string; body?: string | Uint8Array; headers?: Record<string, string> };

function post(path: string, { cookie = "", body = "", headers = {} }: Sent = {}): Promise<Response> {
  return fetch(`${room.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: room.url, cookie, "content-type": "application/json", ...headers },
    body,
  });
}

const say = (cookie: string, text: string, id: string = crypto.randomUUID()): Promise<Response> =>
  post("/chat/messages", { cookie, body: JSON.stringify({ id, text }) });

async function watch(cookie: string, headers: Record<string, string> = {}, query = ""): Promise<EventReader> {
  const reader = new EventReader(`${room.url}/chat/events${query}`, { cookie, ...headers });
  readers.push(reader);
  expect(await reader.status).toBe(200);
  await vi.waitFor(() => expect(reader.of("ready")).toHaveLength(1));
  return reader;
}

/* Signing in. */

test("without a session the page says how to get in", async () => {
  const page = await (await fetch(room.url)).text();
  expect(page).toContain("npm run nova -- link");
  expect(page).toContain('action="/login"');
  expect(page).not.toContain("/chat/page.js");
});

test("a one-time link opens a session in a cookie that scripts and other sites never see", async () => {
  const answer = await fetch(`${room.url}/login?code=${room.code(anna)}`, { redirect: "manual" });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe("/");
  const cookie = answer.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^nova_session=[^;]+; /);
  expect(cookie).toContain("HttpOnly");
  expect(cookie).toContain("SameSite=Strict");
  expect(cookie).toContain("Path=/");
  expect(cookie).toContain("Max-Age=2592000");
  expect(cookie).not.toContain("Secure");

  const page = await (await fetch(room.url, { headers: { cookie: cookie.split(";")[0] ?? "" } })).text();
  expect(page).toContain("/chat/page.js");
  expect(room.links.get(JSON.stringify({ platform: "web", scope: "local", id: anna.id }))).toBe(anna.id);
});

test("behind https the cookie is secure", async () => {
  const secure = await openWebRoom({ publicUrl: "https://nova.example" });
  const person = secure.addPerson("Berta");
  const answer = await fetch(`${secure.url}/login?code=${secure.code(person)}`, { redirect: "manual" });
  expect(answer.headers.get("set-cookie")).toContain("Secure");
  await secure.close();
});

test("a used code is refused in plain words, but whoever is in already stays in", async () => {
  const code = room.code(anna);
  const first = await fetch(`${room.url}/login?code=${code}`, { redirect: "manual" });
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";

  const stranger = await fetch(`${room.url}/login?code=${code}`, { redirect: "manual" });
  expect(stranger.status).toBe(401);
  expect(stranger.headers.get("set-cookie")).toBeNull();
  expect(await stranger.text()).toContain("was used before");

  const again = await fetch(`${room.url}/login?code=${code}`, { redirect: "manual", headers: { cookie } });
  expect(again.status).toBe(303);
});

test("a code can be typed into the form", async () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const wrong = await post("/login", { body: "code=NOPE-NOPE", headers: form });
  expect(wrong.status).toBe(401);
  const right = await post("/login", { body: `code=+${room.code(anna)}+`, headers: form });
  expect(right.status).toBe(303);
  expect(right.headers.get("set-cookie")).toContain("nova_session=");
});

test("a link followed from another site spends nothing until the person confirms", async () => {
  const code = room.code(anna);
  const headers = { "sec-fetch-site": "cross-site" };
  const page = await fetch(`${room.url}/login?code=${code}`, { headers, redirect: "manual" });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain(`value="${code}"`);
  expect((await fetch(`${room.url}/login?code=${code}`, { redirect: "manual" })).status).toBe(303);
});

test("a code is shown back only escaped", async () => {
  const page = await fetch(`${room.url}/login?code=${encodeURIComponent('"><script>alert(1)</script>')}`, {
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(await page.text()).not.toContain("<script>");
});

test("guessing is throttled, with the time to wait, and ends with the minute", async () => {
  for (let i = 0; i < 10; i += 1) expect((await fetch(`${room.url}/login?code=WRONG-${i}`)).status).toBe(401);
  const code = room.code(anna);
  const answer = await fetch(`${room.url}/login?code=${code}`);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBe(60);
  expect(await answer.text()).toContain("Too many tries");
  room.pass(61_000);
  expect((await fetch(`${room.url}/login?code=${code}`, { redirect: "manual" })).status).toBe(303);
});

test("signing out ends the session and the open tabs of it", async () => {
  const cookie = await room.signIn(anna);
  const tab = await watch(cookie);
  const answer = await post("/logout", { cookie });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
  await vi.waitFor(() => expect(tab.ended).toBe(true));
  expect(tab.of("signed-out")).toHaveLength(1);
  expect((await say(cookie, "hello")).status).toBe(401);
});

test("a session ends after thirty days", async () => {
  const cookie = await room.signIn(anna);
  room.pass(30 * 24 * 3_600_000 - 1_000);
  expect((await fetch(`${room.url}/chat/session`, { headers: { cookie } })).status).toBe(200);
  room.pass(2_000);
  expect((await fetch(`${room.url}/chat/session`, { headers: { cookie } })).status).toBe(401);
});

/* Sending. */

test("a message is acknowledged with its id once it is stored", async () => {
  const cookie = await room.signIn(anna);
  const answer = await say(cookie, "hello");
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };
  expect(id).toMatch(/^\d+$/);
  expect(room.accepted).toHaveLength(1);
  expect(room.accepted[0]).toMatchObject({
    text: "hello",
    address: { platform: "web", scope: "local", container: anna.id, root: null, visibility: "private" },
    sender: { platform: "web", scope: "local", id: anna.id },
  });
});

test("sent twice it is one message: 200 with the same id", async () => {
  const cookie = await room.signIn(anna);
  const id = crypto.randomUUID();
  const first = (await (await say(cookie, "hello", id)).json()) as { id: string };
  const second = await say(cookie, "hello", id.toUpperCase());
  expect(second.status).toBe(200);
  expect(await second.json()).toEqual({ id: first.id });
  expect(room.accepted).toHaveLength(1);
});

test("two people may happen on the same id", async () => {
  const [hers, his] = [await room.signIn(anna), await room.signIn(room.addPerson("Bert"))];
  const id = crypto.randomUUID();
  expect((await say(hers, "from Anna", id)).status).toBe(202);
  expect((await say(his, "from Bert", id)).status).toBe(202);
  expect(room.accepted.map(({ text }) => text)).toEqual(["from Anna", "from Bert"]);
});

test.each([
  ["an empty text", JSON.stringify({ id: crypto.randomUUID(), text: "" }), 400, "empty"],
  ["a blank text", JSON.stringify({ id: crypto.randomUUID(), text: " \n " }), 400, "empty"],
  ["no JSON", "{", 400, "not valid JSON"],
  ["nothing", "", 400, "not valid JSON"],
  ["a list", "[]", 400, ""],
  ["null", "null", 400, ""],
  ["a number as text", JSON.stringify({ id: crypto.randomUUID(), text: 7 }), 400, "`text` must be a string"],
  ["no id", JSON.stringify({ text: "hello" }), 400, "`id` must be a UUID"],
  ["a text that is not UTF-8", Uint8Array.from([0x22, 0xff, 0xfe, 0x22]), 400, "UTF-8"],
  ["1 MB of text", JSON.stringify({ id: crypto.randomUUID(), text: "x".repeat(1_000_000) }), 413, "640,000 bytes"],
])("%s is refused with words", async (_name, body, status, words) => {
  const cookie = await room.signIn(anna);
  const answer = await post("/chat/messages", { cookie, body });
  expect(answer.status).toBe(status);
  expect(((await answer.json()) as { error: { message: string } }).error.message).toContain(words);
  expect(room.accepted).toHaveLength(0);
});

test.each([
  ["an emoji", "👋🏽"],
  ["punctuation", ":*&|!".repeat(2_000)],
  ["a lone surrogate", "half \ud83d"],
  ["the longest message in a long script", "字".repeat(100_000)],
])("%s goes through", async (_name, text) => {
  expect((await say(await room.signIn(anna), text)).status).toBe(202);
});

test("a pairing code typed here never gives this session's account away", async () => {
  const cookie = await room.signIn(anna);
  for (const typed of ["/link ABCD-EFGH", "link ABCD-EFGH", "\0/link ABCD-EFGH", "link ABCD\0-EFGH"]) {
    expect((await say(cookie, typed)).status).toBe(400);
  }
  expect(room.accepted).toHaveLength(0);
  expect((await say(cookie, "link building strategies")).status).toBe(202);
});

test("without a session nothing is stored: 401", async () => {
  for (const cookie of ["", "nova_session=forged", "nova_session="]) {
    expect((await say(cookie, "hello")).status).toBe(401);
    expect((await fetch(`${room.url}/chat/events`, { headers: { cookie } })).status).toBe(401);
  }
  expect(room.accepted).toHaveLength(0);
});

test.each([
  ["another origin", { origin: "http://evil.example" }],
  ["an opaque origin", { origin: "null" }],
  ["the same host on another port", { origin: "http://127.0.0.1:1" }],
  ["another site by the browser's word", { "sec-fetch-site": "cross-site" }],
  ["a sibling site by the browser's word", { "sec-fetch-site": "same-site" }],
])("a POST from %s is refused: 403", async (_name, headers) => {
  const cookie = await room.signIn(anna);
  const body = JSON.stringify({ id: crypto.randomUUID(), text: "hello" });
  for (const path of ["/chat/messages", "/chat/stop", "/logout", "/login"]) {
    expect((await post(path, { cookie, body, headers })).status).toBe(403);
  }
  expect(room.accepted).toHaveLength(0);
  expect((await fetch(`${room.url}/chat/session`, { headers: { cookie } })).status).toBe(200);
});

test("a POST that does not say where it comes from is refused", async () => {
  const cookie = await room.signIn(anna);
  const answer = await fetch(`${room.url}/chat/messages`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: "{}",
  });
  expect(answer.status).toBe(403);
});

test("another content type is refused: 415", async () => {
  const cookie = await room.signIn(anna);
  const body = JSON.stringify({ id: crypto.randomUUID(), text: "hello" });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
    expect((await post("/chat/messages", { cookie, body, headers: { "content-type": type } })).status).toBe(415);
  }
});

test("stop is a message like any other", async () => {
  const cookie = await room.signIn(anna);
  const answer = await post("/chat/stop", { cookie, body: JSON.stringify({ id: crypto.randomUUID() }) });
  expect(answer.status).toBe(202);
  expect(room.accepted[0]?.text).toBe("/stop");
});

test("what Nova refuses is told with the reason, and what it cannot store with 503", async () => {
  const cookie = await room.signIn(anna);
  room.onAccept(async () => ({ kind: "refused", code: "too_large", reason: "The limit is 7 characters." }));
  const large = await say(cookie, "hello there");
  expect(large.status).toBe(413);
  expect(await large.text()).toContain("The limit is 7 characters.");

  room.onAccept(() => Promise.reject(new NovaError("database", "The database is away.", { advice: "Try again." })));
  const away = await say(cookie, "hello");
  expect(away.status).toBe(503);
  expect(room.adapter.health().admission.ok).toBe(false);

  room.onAccept(async () => undefined);
  expect((await say(cookie, "hello")).status).toBe(202);
  expect(room.adapter.health().admission.ok).toBe(true);
});

test("a message that was not stored counts against readiness for a minute, since nobody may come to try again", async () => {
  const cookie = await room.signIn(anna);
  room.onAccept(() => Promise.reject(new NovaError("database", "The database is away.")));
  expect((await say(cookie, "hello")).status).toBe(503);
  room.pass(59_000);
  expect(room.adapter.health().admission.ok).toBe(false);
  room.pass(2_000);
  expect(room.adapter.health().admission.ok).toBe(true);
});

test("a session whose account lost its link gets it back, and a blocked account is refused", async () => {
  const cookie = await room.signIn(anna);
  room.links.clear();
  expect((await say(cookie, "hello")).status).toBe(202);
  room.onAccept(async () => ({ kind: "blocked" }));
  expect((await say(cookie, "hello")).status).toBe(403);
});

test("neither codes, tokens nor words reach the log", async () => {
  const code = room.code(anna);
  const answer = await fetch(`${room.url}/login?code=${code}`, { redirect: "manual" });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  await say(cookie, "my private words");
  room.onAccept(() => Promise.reject(new Error("away")));
  expect((await say(cookie, "my private words")).status).toBe(500);
  const log = JSON.stringify(room.logged);
  expect(log).toContain("http.failed");
  expect(log).not.toMatch(new RegExp(`${code}|private words|${cookie.split("=")[1]}`));
});

/* Watching. */

test("a new tab gets the conversation so far, then what happens", async () => {
  const cookie = await room.signIn(anna);
  await say(cookie, "hello <b>you</b>");
  room.settle(anna, "**Hi**, Anna.", { agent: "ops-watch", model: "offline" });
  const tab = await watch(cookie);
  expect(tab.of("message")).toEqual([
    expect.objectContaining({ from: "person", text: "hello <b>you</b>", client: null }),
    expect.objectContaining({
      from: "nova",
      name: "Ops Watch",
      agent: "ops-watch",
      model: "offline",
      kind: "answer",
      html: "<p><strong>Hi</strong>, Anna.</p>",
    }),
  ]);
  expect(tab.of("ready")).toEqual([{ person: "Anna", running: null }]);

  await room.deliver(anna, room.settle(anna, "Anything else?"));
  await vi.waitFor(() => expect(tab.of("message")).toHaveLength(3));
  expect(tab.of("message").at(-1)).toMatchObject({ from: "nova", name: "Nova", agent: null });
});

test("two tabs see the same, and the sender's tab recognises its own message", async () => {
  const cookie = await room.signIn(anna);
  const tabs = [await watch(cookie), await watch(cookie)];
  const id = crypto.randomUUID();
  await say(cookie, "hello", id);
  await say(cookie, "hello", id);
  await room.deliver(anna, room.settle(anna, "hi"));
  for (const tab of tabs) {
    await vi.waitFor(() => expect(tab.of("message")).toHaveLength(2));
    expect(tab.of("message")[0]).toMatchObject({ from: "person", text: "hello", client: id });
  }
});

test("nobody sees what is another's", async () => {
  const [hers, his] = [await room.signIn(anna), await room.signIn(room.addPerson("Bert"))];
  const tab = await watch(his);
  await say(hers, "a secret");
  await room.deliver(anna, room.settle(anna, "kept"));
  room.progress(anna, { kind: "status", turn: turnId("1"), line: "Thinking" });
  await say(his, "mine");
  await vi.waitFor(() => expect(tab.of("message")).toHaveLength(1));
  expect(JSON.stringify(tab.events)).not.toMatch(/secret|kept|Thinking/);
});

test("a tab first learns whose conversation it shows, and its POSTs are refused once someone else is in", async () => {
  const cookie = await room.signIn(anna);
  const tab = await watch(cookie);
  expect(tab.events[0]).toMatchObject({ event: "person", data: { id: anna.id, name: "Anna" } });

  const bert = await room.signIn(room.addPerson("Bert"));
  for (const path of ["/chat/messages", "/chat/stop"]) {
    const body = JSON.stringify({ id: crypto.randomUUID(), text: "for Anna's eyes" });
    const mistaken = await post(path, { cookie: bert, body, headers: { "nova-person": anna.id } });
    expect([mistaken.status, await mistaken.text()]).toEqual([409, expect.stringContaining("Bert has signed in")]);
  }
  expect(room.accepted).toHaveLength(0);
  const body = JSON.stringify({ id: crypto.randomUUID(), text: "mine" });
  expect((await post("/chat/messages", { cookie, body, headers: { "nova-person": anna.id } })).status).toBe(202);
});

test("a message that is pushed before an earlier one was seen does not hide it", async () => {
  const cookie = await room.signIn(anna);
  const tab = await watch(cookie);
  const [first, second] = [room.settle(anna, "first, not delivered yet"), room.settle(anna, "second")];
  await room.deliver(anna, second);
  await vi.waitFor(() => expect(tab.ids).toEqual([first.id, second.id]));
  await room.deliver(anna, first);
  const third = room.settle(anna, "third");
  await room.deliver(anna, third);
  await vi.waitFor(() => expect(tab.ids).toEqual([first.id, second.id, third.id]));
});

test("a message that is pushed and not to be read is shown, and is no cursor", async () => {
  const cookie = await room.signIn(anna);
  const tab = await watch(cookie);
  const elsewhere = { ...room.settle(room.addPerson("Bert"), "early"), conversation: conversationId(anna.id) };
  await room.deliver(anna, elsewhere);
  await vi.waitFor(() => expect(tab.of("message")).toMatchObject([{ id: elsewhere.id }]));
  expect(tab.ids).toEqual([undefined]);
});

test("after a break only what was missed comes again", async () => {
  const cookie = await room.signIn(anna);
  const ids = Array.from({ length: 5 }, (_, i) => room.settle(anna, `reply ${i}`).id);
  expect((await watch(cookie, { "last-event-id": String(ids[2]) })).ids).toEqual(ids.slice(3));
  expect((await watch(cookie, {}, `?after=${ids[3]}`)).ids).toEqual(ids.slice(4));
  expect((await watch(cookie, { "last-event-id": String(ids[4]) })).ids).toEqual([]);
  for (const strange of ["abc", "-1", "1e3", "9".repeat(40), "1; drop table"]) {
    expect((await watch(cookie, { "last-event-id": strange })).ids).toEqual(ids);
  }
});

test("the newest hundred for a new tab, everything for one that was away", async () => {
  const cookie = await room.signIn(anna);
  const ids = Array.from({ length: 250 }, (_, i) => room.settle(anna, `reply ${i}`).id);
  expect((await watch(cookie)).ids).toEqual(ids.slice(-100));
  expect((await watch(cookie, { "last-event-id": String(ids[0]) })).ids).toEqual(ids.slice(1));
});

test("a reply that is read and delivered at the same moment comes once", async () => {
  const cookie = await room.signIn(anna);
  const [before, both] = [room.settle(anna, "before"), room.settle(anna, "both")];
  room.onRead(async () => {
    room.onRead(async () => {});
    await room.deliver(anna, both);
  });
  const tab = await watch(cookie);
  const after = room.settle(anna, "after");
  await room.deliver(anna, after);
  await vi.waitFor(() => expect(tab.ids).toContain(after.id));
  expect(tab.ids).toEqual([before.id, both.id, after.id]);
});

test("a reply that comes after the read and before the replay's end is not lost", async () => {
  const cookie = await room.signIn(anna);
  const late: string[] = [];
  room.onRead(async () => {
    room.onRead(async () => {});
    const reply = room.settle(anna, "late");
    late.push(reply.id);
    await room.deliver(anna, reply);
    await room.deliver(anna, reply);
  });
  const tab = await watch(cookie);
  await vi.waitFor(() => expect(tab.ids).toEqual(late));
});

test("sending one part twice shows it once", async () => {
  const cookie = await room.signIn(anna);
  const tab = await watch(cookie);
  const reply = room.settle(anna, "once");
  expect(await room.deliver(anna, reply)).toMatchObject({ kind: "sent", externalId: `part-${reply.id}` });
  await room.deliver(anna, reply);
  await room.deliver(anna, room.settle(anna, "twice"));
  await vi.waitFor(() => expect(tab.ids).toHaveLength(2));
});

test("a reply to someone who is not there is sent: it waits in the transcript", async () => {
  const reply = room.settle(anna, "for later");
  expect((await room.deliver(anna, reply)).kind).toBe("sent");
  expect((await watch(await room.signIn(anna))).ids).toEqual([reply.id]);
});

test("progress is shown as it comes, without an id, and its draft is safe", async () => {
  const tab = await watch(await room.signIn(anna));
  const turn = turnId("77");
  room.progress(anna, { kind: "taken", turn, messages: [messageId("1")] });
  room.progress(anna, { kind: "routed", turn, agent: agentId("librarian"), reason: "words" });
  room.progress(anna, { kind: "status", turn, line: "Searching memory" });
  room.progress(anna, { kind: "draft", turn, text: "Half an **answer" });
  room.progress(anna, { kind: "draft", turn, text: "Half an **answer** <img src=x onerror=alert(1)>" });
  await vi.waitFor(() => expect(tab.of<{ html?: string }>("progress").at(-1)?.html).toContain("<strong>"));
  expect(tab.of("progress").at(-1)).toMatchObject({ turn, name: "Librarian", line: "Searching memory" });
  expect(tab.of<{ html?: string }>("progress").at(-1)?.html).not.toContain("<img");
  expect(tab.events.filter(({ event }) => event === "progress").every(({ id }) => id === undefined)).toBe(true);
  room.progress(anna, { kind: "ended", turn });
  await vi.waitFor(() => expect(tab.of("progress").at(-1)).toEqual({ turn, ended: true }));
});

test("a tab that opens in the middle of a turn sees how far it is, and after it nothing", async () => {
  const cookie = await room.signIn(anna);
  const turn = turnId("78");
  room.progress(anna, { kind: "taken", turn, messages: [messageId("1")] });
  room.progress(anna, { kind: "routed", turn, agent: agentId("analyst"), reason: "figures" });
  room.progress(anna, { kind: "draft", turn, text: "So far" });
  expect((await watch(cookie)).of("ready")[0]).toMatchObject({
    running: { turn, name: "Analyst", html: "<p>So far</p>" },
  });
  room.progress(anna, { kind: "ended", turn });
  expect((await watch(cookie)).of("ready")[0]).toMatchObject({ running: null });
});

test("when the transcript cannot be read the line is closed, to be tried again", async () => {
  const cookie = await room.signIn(anna);
  room.onRead(() => Promise.reject(new Error("away")));
  const tab = new EventReader(`${room.url}/chat/events`, { cookie });
  readers.push(tab);
  await vi.waitFor(() => expect(tab.ended).toBe(true));
  expect(tab.of("ready")).toHaveLength(0);
});

test("tabs that are gone are forgotten, and stopping closes the rest", async () => {
  const cookie = await room.signIn(anna);
  const [first, second] = [await watch(cookie), await watch(cookie)];
  expect(room.adapter.health().transport.detail).toBe("2 open tabs");
  first.close();
  await vi.waitFor(() => expect(room.adapter.health().transport.detail).toBe("1 open tabs"));
  await room.adapter.stop?.();
  await vi.waitFor(() => expect(second.ended).toBe(true));
});

test("the page's files are served with their types, checked by tag, and no page runs inline script", async () => {
  const cookie = await room.signIn(anna);
  const page = await (await fetch(room.url, { headers: { cookie } })).text();
  expect(page).not.toMatch(/<script(?![^>]*src=)|\son\w+=|<style|\sstyle=|https?:\/\//);
  for (const [name, type] of [
    ["page.css", "text/css"],
    ["page.js", "text/javascript"],
    ["connection.js", "text/javascript"],
    ["conversation.js", "text/javascript"],
    ["outgoing.js", "text/javascript"],
    ["icon.svg", "image/svg+xml"],
  ] as const) {
    const answer = await fetch(`${room.url}/chat/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain(type);
    const tag = answer.headers.get("etag") ?? "";
    const again = await fetch(`${room.url}/chat/${name}`, { headers: { "if-none-match": tag } });
    expect(again.status).toBe(304);
  }
});
