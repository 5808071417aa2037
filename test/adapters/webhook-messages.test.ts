/** How a program learns what became of its post: at once, or as soon as the reply is there, and nobody else does. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { agentId } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { testDatabase } from "../support/database.ts";
import { idOf, openWebhookRoom, signed, type WebhookRoom } from "./webhook-room.ts";

let database: Database;
let room: WebhookRoom;
let serial = 0;
let name: string;
let secret: string;
let token: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await openWebhookRoom(database);
  serial += 1;
  name = `asker-${serial}`;
  const issued = await room.add(name);
  secret = issued.secret;
  token = issued.token ?? "";
});
afterEach(() => room.close());

async function sent(text = "hello", conversation = "main"): Promise<string> {
  const body = JSON.stringify({ text, conversation });
  return idOf(await room.post(name, signed(secret, body), body));
}

test("S14 twin: a message is followed from waiting to sent", async () => {
  const id = await sent();
  const waiting = await room.state(id, token);
  expect(waiting.status).toBe(200);
  expect(waiting.body).toEqual({
    id,
    state: "waiting",
    turn: null,
    outcome: "working",
    proposals: [],
    leftOut: [],
    reply: null,
    delivery: null,
  });

  await room.take(id);
  expect((await room.state(id, token)).body).toMatchObject({
    id,
    state: "running",
    turn: expect.any(String),
    reply: null,
  });

  const note = { kind: "answer", model: "scripted" } as const;
  await room.settle(id, "**Done.**", { reply: { agent: agentId("chat"), text: "**Done.**", note } });
  const done = await room.state(id, token);
  expect(done.body).toEqual({
    id,
    state: "done",
    turn: expect.any(String),
    outcome: "answered",
    proposals: [],
    leftOut: [],
    reply: {
      text: "**Done.**",
      agent: "chat",
      kind: "answer",
      model: "scripted",
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
    delivery: "ready",
  });
  await room.deliver(id);
  expect((await room.state(id, token)).body).toMatchObject({ state: "done", delivery: "sent" });
});

test("a turn that failed or was stopped says so, with its words", async () => {
  for (const [state, kind] of [
    ["failed", "fail"],
    ["cancelled", "stopped"],
  ] as const) {
    const id = await sent("hello", state);
    await room.settle(id, "Sorry.", { state, reply: { agent: null, text: "Sorry.", note: { kind, model: null } } });
    expect((await room.state(id, token)).body).toMatchObject({
      state,
      outcome: "failed",
      error: {
        code: kind === "stopped" ? "stopped" : "failed",
        message: "Sorry.",
        advice: expect.stringContaining("nova trace"),
      },
      reply: { text: "Sorry.", agent: null, kind, model: null },
    });
  }
});

test("without a token, or with a wrong one, nothing is told", async () => {
  const id = await sent();
  for (const wrong of [undefined, "", "x", `${token}x`, secret]) {
    const answer = await room.state(id, wrong);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(answer.body).toEqual({
      error: { code: "forbidden", message: expect.any(String), advice: expect.any(String) },
    });
  }
  const basic = await fetch(`${room.url}/api/messages/${id}`, { headers: { authorization: `Basic ${token}` } });
  expect(basic.status).toBe(401);
});

test("S14: a token is for its endpoint's messages: another's answers exactly as one that is not there", async () => {
  const id = await sent();
  const other = await room.add(`${name}-b`);
  const foreign = await room.state(id, other.token ?? "");
  const missing = await room.state("999999999", other.token ?? "");
  expect([foreign.status, missing.status]).toEqual([404, 404]);
  expect(foreign.body).toEqual(missing.body);
  for (const odd of ["0", "x", "-1", "1e3", "99999999999999999999", "%00", "%27"]) {
    expect((await room.state(odd, token)).status).toBe(404);
  }
});

test.each([
  ["the same person", async () => ({})],
  ["another person", async () => ({ person: await room.people.add(room.owner.tenant, `Bob ${serial}`, "member") })],
  ["another project", async () => ({ project: "Harbour" })],
])("an endpoint of a removed one's name, for %s, shows nothing of the old posts", async (_, more) => {
  const id = await sent();
  await room.settle(id, "Between us.");
  await room.endpoints.remove(name);
  const { token: fresh } = await room.add(name, await more());
  expect((await room.state(id, token)).status).toBe(401);
  expect((await room.state(id, fresh ?? "")).status).toBe(404);
});

test("a reply's own id is no message of the endpoint's", async () => {
  const id = await sent();
  await room.settle(id, "Hello.");
  const reply = (await room.said(name)).find(({ author }) => author.kind === "agent");
  expect((await room.state(reply?.id ?? "", token)).status).toBe(404);
});

test("failures are held up after twenty, a good token never is", async () => {
  const id = await sent();
  for (let n = 0; n < 20; n += 1) expect((await room.state(id, "guess")).status).toBe(401);
  const held = await room.state(id, "guess");
  expect(held.status).toBe(429);
  expect(Number(held.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await room.state(id, token)).status).toBe(200);
});

test("whoever waits is answered as soon as the reply is there", async () => {
  const id = await sent();
  const began = performance.now();
  const waiting = room.state(id, token, "?wait=20");
  await vi.waitFor(() => expect(room.listeners()).toBe(1));
  await room.settle(id, "There you are.");
  expect((await waiting).body).toMatchObject({ state: "done", reply: { text: "There you are." } });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(room.listeners()).toBe(0);
});

test("a reply that another process made is found without any news of it", async () => {
  const id = await sent();
  const waiting = room.state(id, token, "?wait=20");
  await vi.waitFor(() => expect(room.listeners()).toBe(1));
  await (await openedElsewhere()).settle(id, "From elsewhere.");
  expect((await waiting).body).toMatchObject({ reply: { text: "From elsewhere." } });
});

test("whoever waits in vain is told after that time how it stands", async () => {
  const id = await sent();
  const began = performance.now();
  const answer = await room.state(id, token, "?wait=0.4");
  expect(performance.now() - began).toBeGreaterThan(350);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ state: "waiting", reply: null });
});

test("nobody waits for what is not there", async () => {
  const began = performance.now();
  expect((await room.state("999999999", token, "?wait=30")).status).toBe(404);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test.each(["31", "-1", "soon", "", "1e1", "0x1"])("a wait of %j is refused with words", async (wait) => {
  const answer = await room.state(await sent(), token, `?wait=${wait}`);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ error: { message: expect.stringContaining("0 to 30") } });
});

test("the wait ends when the program goes away", async () => {
  const leaving = new AbortController();
  const waiting = room.state(await sent(), token, "?wait=30", leaving.signal);
  await vi.waitFor(() => expect(room.listeners()).toBe(1));
  leaving.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  await vi.waitFor(() => expect(room.listeners()).toBe(0));
});

test("whoever waits when the channel closes is told how it stands", async () => {
  const waiting = room.state(await sent(), token, "?wait=30");
  await vi.waitFor(() => expect(room.listeners()).toBe(1));
  await room.adapter.stop?.();
  expect((await waiting).body).toMatchObject({ state: "waiting" });
  expect(room.listeners()).toBe(0);
});

/** Another process on the same database: its news reach nobody here. */
async function openedElsewhere(): Promise<WebhookRoom> {
  const elsewhere = await openWebhookRoom(database);
  await elsewhere.close();
  return elsewhere;
}
