/** Signed posts over real HTTP onto a real database: what is taken, once, and what is refused, with which words. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../../src/postgres/engine/database.ts";
import { testDatabase } from "../support/database.ts";
import { githubSigned, idOf, openWebhookRoom, signed, type WebhookRoom } from "./webhook-room.ts";

const MB = 1024 * 1024;
const PIECE = Buffer.alloc(MB, "x");

let database: Database;
let room: WebhookRoom;
let serial = 0;
/** A fresh endpoint for each test. */
let name: string;
let secret: string;
let scope: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await openWebhookRoom(database);
  serial += 1;
  name = `endpoint-${serial}`;
  const made = await room.add(name);
  ({ secret } = made);
  ({ scope } = made.endpoint);
});
afterEach(() => room.close());

const hello = JSON.stringify({ text: "hello" });
const post = (body = hello, more: Parameters<typeof signed>[2] = {}) =>
  room.post(name, signed(secret, body, more), body);
const refusal = (code: string, words: RegExp) => ({
  error: { code, message: expect.stringMatching(words), advice: expect.any(String) },
});

test("S26 twin: a signed post is stored, then acknowledged with the message's id", async () => {
  const answer = await post(JSON.stringify({ text: "The build is red." }));
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({ id: expect.stringMatching(/^\d+$/) });
  expect(await room.rowOf(idOf(answer))).toMatchObject({
    text: "The build is red.",
    origin: "outside",
    container: "main",
  });
  expect((await room.said(name)).map(({ text }) => text)).toEqual(["The build is red."]);
});

test("S26: ten parallel copies of one post are one message, and all are told its id", async () => {
  const before = await room.count();
  const headers = signed(secret, hello);
  const answers = await Promise.all(Array.from({ length: 10 }, () => room.post(name, headers, hello)));
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
  expect(new Set(answers.map(idOf)).size).toBe(1);
  expect(await room.count()).toBe(before + 1);
});

test("ten parallel posts of one id that name different conversations are one message too", async () => {
  const before = await room.count();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      post(JSON.stringify({ text: "hello", conversation: `room ${n}` }), { id: "twin" }),
    ),
  );
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
  expect(new Set(answers.map(idOf)).size).toBe(1);
  expect(await room.count()).toBe(before + 1);
});

test("S26: the exact replay inside of the window is stored once and told the same id, and so is the sender's later try", async () => {
  const headers = signed(secret, hello, { id: "again" });
  const first = await room.post(name, headers, hello);
  const replay = await room.post(name, headers, hello);
  const retry = await post(hello, { id: "again", at: new Date(Date.now() + 60_000) });
  expect([first.status, replay.status, retry.status]).toEqual([202, 200, 200]);
  expect([idOf(replay), idOf(retry)]).toEqual([idOf(first), idOf(first)]);
});

test("the same id at another endpoint is another message", async () => {
  const other = await room.add(`${name}-b`);
  const here = await post(hello, { id: "shared" });
  const there = await room.post(`${name}-b`, signed(other.secret, hello, { id: "shared" }), hello);
  expect([here.status, there.status]).toEqual([202, 202]);
  expect(idOf(there)).not.toBe(idOf(here));
});

test("the endpoint says whose words they are, for which agent and in which project", async () => {
  const { secret: key } = await room.add(`${name}-own`, {
    origin: "person",
    agent: "chat" as never,
    project: "Hearth",
  });
  const body = JSON.stringify({ text: "mine", conversation: "night shift" });
  const answer = await room.post(`${name}-own`, signed(key, body), body);
  expect(await room.rowOf(idOf(answer))).toMatchObject({
    origin: null,
    addressed_to: "chat",
    project: "Hearth",
    container: "night shift",
  });
});

test("a link code is no message of a person's own endpoint, and only words where others write", async () => {
  const body = JSON.stringify({ text: "/link ABCD-EFGH" });
  const { secret: key } = await room.add(`${name}-own`, { origin: "person" });
  const own = await room.post(`${name}-own`, signed(key, body), body);
  expect(own.status).toBe(400);
  expect(own.body).toEqual(refusal("bad_input", /belongs to a person already/));
  const outside = await post(body);
  expect(outside.status).toBe(202);
  expect(await room.rowOf(idOf(outside))).toMatchObject({ text: "/link ABCD-EFGH", origin: "outside" });
});

test("S26: a wrong signature is refused", async () => {
  const answer = await room.post(name, signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", hello), hello);
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual(refusal("forbidden", /No signature/));
});

test.each([
  ["stale", -301, /too old: more than 5 minutes ago/],
  ["future", 302, /too new: more than 5 minutes ahead/],
])("S26: a %s signature is refused for its time, as one that was never good", async (_, seconds, words) => {
  const at = new Date(Date.now() + seconds * 1_000);
  const answer = await post(hello, { at });
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({
    error: {
      code: "forbidden",
      message: expect.stringMatching(words),
      advice: expect.stringMatching(/sender's clock/),
    },
  });
  const wrong = await room.post(name, signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", hello, { at }), hello);
  expect(wrong.body).toEqual(answer.body);
});

test.each([
  ["almost stale", -295],
  ["a little ahead", 295],
])("S26 twin: a signature that is %s is good", async (_, seconds) => {
  expect((await post(hello, { at: new Date(Date.now() + seconds * 1_000) })).status).toBe(202);
});

test("the endpoint's own clock counts as well as the library's", async () => {
  room.pass(200_000);
  expect((await post(hello, { at: new Date(Date.now() - 150_000) })).status).toBe(401);
  expect((await post(hello, { at: new Date(Date.now() - 50_000) })).status).toBe(202);
});

test("S26: a replayed signature does not fit another id, another time or another body", async () => {
  const headers = signed(secret, hello, { id: "first" });
  expect((await room.post(name, headers, hello)).status).toBe(202);
  const before = await room.count();
  const later = String(Number(headers["webhook-timestamp"]) + 1);
  const answers = await Promise.all([
    room.post(name, { ...headers, "webhook-id": "second" }, hello),
    room.post(name, { ...headers, "webhook-timestamp": later }, hello),
    room.post(name, headers, JSON.stringify({ text: "pay Mallory" })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect(await room.count()).toBe(before);
});

test("S26: a body that was serialised again is refused, though it means the same", async () => {
  const body = '{ "text": "hello" }';
  const answer = await room.post(name, signed(secret, body), JSON.stringify(JSON.parse(body)));
  expect(answer.status).toBe(401);
});

test.each(["webhook-id", "webhook-timestamp", "webhook-signature"] as const)(
  "a post without %s is refused",
  async (header) => {
    const { [header]: _, ...rest } = signed(secret, hello);
    const answer = await room.post(name, rest, hello);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(refusal("forbidden", /are needed/));
  },
);

test.each([
  ["an id with a dot", { "webhook-id": "a.b" }],
  ["an id without end", { "webhook-id": "x".repeat(201) }],
  ["a time that is none", { "webhook-timestamp": "yesterday" }],
  ["a time with a tail", { "webhook-timestamp": `${Math.floor(Date.now() / 1_000)}x` }],
  ["an empty signature", { "webhook-signature": "v1," }],
  ["another version's signature", { "webhook-signature": "v1a,AAAA" }],
])("a post with %s is refused", async (_, wrong) => {
  expect((await room.post(name, { ...signed(secret, hello), ...wrong }, hello)).status).toBe(401);
});

test("an id with a dot is refused even when it is signed", async () => {
  expect((await post(hello, { id: "msg.1700000000" })).status).toBe(401);
});

test("two signatures in the header are accepted, in either order", async () => {
  const fresh = (await room.endpoints.rotate(name, new Date(Date.now() + 60_000))).secret;
  const old = signed(secret, hello, { id: "rotated" });
  const both = [old["webhook-signature"], signed(fresh, hello, { id: "rotated" })["webhook-signature"]];
  const one = await room.post(name, { ...old, "webhook-signature": both.join(" ") }, hello);
  const two = await room.post(name, { ...old, "webhook-signature": both.toReversed().join(" ") }, hello);
  const foreign = `v1,${Buffer.alloc(32).toString("base64")} ${both[1]}`;
  const three = await room.post(name, { ...old, "webhook-signature": foreign }, hello);
  expect([one.status, two.status, three.status]).toEqual([202, 200, 200]);
});

test("an old secret is good until its grace ends, and no longer", async () => {
  const fresh = (await room.endpoints.rotate(name, new Date(Date.now() + 60_000))).secret;
  expect((await post()).status).toBe(202);
  room.pass(61_000);
  expect((await post()).status).toBe(401);
  expect((await room.post(name, signed(fresh, hello), hello)).status).toBe(202);
});

test("no secret that is empty opens an endpoint", async () => {
  await database.pool.query("update endpoint_secret set secret = $2 where endpoint = $1", [name, "whsec_"]);
  expect((await post()).status).toBe(401);
  const { secret: key } = await room.add(`${name}-gh`, { preset: "github", secret: "x" });
  await database.pool.query("update endpoint_secret set secret = ' ' where endpoint = $1", [`${name}-gh`]);
  for (const guess of [key, " "]) {
    expect((await room.post(`${name}-gh`, await githubSigned(guess, "ping", hello), hello)).status).toBe(401);
  }
});

test("S23: a body of 12 MB is refused by its announced length", async () => {
  const before = await room.count();
  const body = JSON.stringify({ text: "x".repeat(12 * MB) });
  const answer = await room.post(name, signed(secret, body), body);
  expect(answer.status).toBe(413);
  expect(answer.body).toEqual(refusal("too_large", /limit/));
  expect(await room.count()).toBe(before);
});

test.each([
  ["whose length is announced", { "content-length": String(64 * MB) }],
  ["in chunks, of no announced length", { "transfer-encoding": "chunked" }],
])("S23: a body of 64 MB %s is refused while most of it is still to come", async (_, headers) => {
  const before = await room.count();
  const { status, body, sent } = await pour(headers, 64 * MB);
  expect(status).toBe(413);
  expect(JSON.parse(body)).toEqual(refusal("too_large", /limit/));
  // The limit is 2 MB; the rest is what the two ends of a connection keep on its way.
  expect(sent).toBeLessThan(24 * MB);
  expect(await room.count()).toBe(before);
});

/** Sends a body piece by piece, no faster than it is taken, until there is an answer. */
async function pour(headers: Record<string, string>, size: number) {
  const request = httpRequest(`${room.url}/hooks/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signed(secret, hello), ...headers },
  });
  request.on("error", () => {}); // What is left of the body has nobody to take it.
  let sent = 0;
  let answered = false;
  const pouring = (async () => {
    while (!answered && sent < size && !request.destroyed) {
      sent += MB;
      await new Promise((taken) => request.write(PIECE, taken));
    }
  })();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  answered = true;
  const result = { status: response.statusCode, body: await textOf(response), sent };
  request.destroy();
  await pouring;
  return result;
}

test("S23: a text that is too long for a message is refused with words", async () => {
  const answer = await post(JSON.stringify({ text: "x".repeat(100_001) }));
  expect(answer.status).toBe(413);
  expect(answer.body).toEqual(refusal("too_large", /100,001 characters/));
});

test("what is signed and no JSON is refused with words", async () => {
  for (const body of ["hello", "{", "", '{"text":"a"} {"text":"b"}', "[".repeat(50_000)]) {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(refusal("bad_input", /not valid JSON/));
  }
});

test.each([
  ["an array", [{ text: "hello" }], /JSON object/],
  ["a number", 7, /JSON object/],
  ["null", null, /JSON object/],
  ["an empty object", {}, /empty object/],
  ["an empty text", { text: " \n" }, /empty/],
  ["an empty text inside", { data: { text: "" } }, /empty/],
  ["a text that is none", { text: { en: "hello" } }, /must be a string/],
  ["a conversation that is none", { text: "hello", conversation: 7 }, /`conversation`/],
  ["an endless conversation", { text: "hello", conversation: "x".repeat(201) }, /`conversation`/],
  ["a conversation with a NUL", { text: "hello", conversation: "a\0b" }, /`conversation`/],
])("%s is refused with words", async (_, body, words) => {
  const answer = await post(JSON.stringify(body));
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(refusal("bad_input", words));
});

test.each(["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
  "a post of the type %s is refused with words",
  async (type) => {
    const answer = await room.post(name, { ...signed(secret, hello), "content-type": type }, hello);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(refusal("bad_input", /application\/json/));
  },
);

test.each(["application/json; charset=utf-8", "APPLICATION/JSON", "application/cloudevents+json"])(
  "a post of the type %s is taken",
  async (type) => {
    expect((await room.post(name, { ...signed(secret, hello), "content-type": type }, hello)).status).toBe(202);
  },
);

test("bytes that are no text are refused, whatever they are signed with", async () => {
  const bytes = Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]);
  const answer = await room.post(name, signed(secret, Buffer.from(bytes).toString("utf8")), bytes);
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual(refusal("forbidden", /UTF-8/));
});

test("an unknown endpoint is refused, whatever its name", async () => {
  for (const unknown of ["nobody", "%00", "..%2f..%2fetc", "A", "x".repeat(300), "%F0%9F%91%8B"]) {
    const answer = await room.post(unknown, signed(secret, hello), hello);
    expect(answer.status).toBe(404);
  }
});

test("a removed endpoint is closed at once", async () => {
  expect((await post()).status).toBe(202);
  await room.endpoints.remove(name);
  const answer = await post();
  expect(answer.status).toBe(404);
  expect(answer.body).toEqual((await room.post("nobody", signed(secret, hello), hello)).body);
});

test.each([
  ["for the same person", async () => ({})],
  ["for another person", async () => ({ person: await room.people.add(room.owner.tenant, `Eve ${serial}`, "member") })],
  ["for another project", async () => ({ project: "Harbour" })],
])("a name that is added again %s is another endpoint: the same id is a new message", async (_, more) => {
  const chosen = await more();
  const first = await post(JSON.stringify({ text: "the old words" }), { id: "kept" });
  await room.endpoints.remove(name);
  const again = await room.add(name, chosen);
  expect(again.endpoint.scope).not.toBe(scope);
  const body = JSON.stringify({ text: "the new words" });
  const second = await room.post(name, signed(again.secret, body, { id: "kept" }), body);
  expect(second.status).toBe(202);
  expect(idOf(second)).not.toBe(idOf(first));
  expect(await room.rowOf(idOf(second))).toMatchObject({
    text: "the new words",
    project: "project" in chosen ? "Harbour" : null,
  });
  expect((await room.rowOf(idOf(second))).conversation_id).not.toBe((await room.rowOf(idOf(first))).conversation_id);
  expect((await room.said(name, "main", again.endpoint.person)).map(({ text }) => text)).toEqual(["the new words"]);
  const rows = "select scope from identity where platform = 'webhook' and scope like $1 || '.%'";
  expect((await database.pool.query(rows, [name])).rows).toEqual([{ scope: again.endpoint.scope }]);
});

test("a sender who was blocked is told what everyone is told of a closed endpoint, and nothing is stored", async () => {
  await database.pool.query(
    "update identity set state = 'blocked', person_id = null where platform = 'webhook' and scope = $1",
    [scope],
  );
  const before = await room.count();
  expect((await post()).status).toBe(404);
  expect(await room.count()).toBe(before);
});

test("an endpoint whose link was taken away is linked again by its own signature", async () => {
  await database.pool.query("delete from identity where platform = 'webhook' and scope = $1", [scope]);
  expect((await post()).status).toBe(202);
});

test("only a POST is taken", async () => {
  for (const method of ["GET", "PUT", "DELETE"]) {
    expect((await fetch(`${room.url}/hooks/${name}`, { method })).status).toBe(405);
  }
});

test("S30: a post that cannot be stored is answered 503, and taken when it comes again", async () => {
  const before = await room.count();
  room.refuse(room.away());
  const body = JSON.stringify({ text: "do not lose me" });
  const headers = signed(secret, body);
  const failed = await room.post(name, headers, body);
  expect(failed.status).toBe(503);
  expect(failed.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(failed.body).toEqual(refusal("unavailable", /does not answer/));
  expect(room.adapter.health().admission.ok).toBe(false);
  expect(await room.count()).toBe(before);

  room.refuse(undefined);
  const again = await room.post(name, headers, body);
  expect(again.status).toBe(202);
  expect(room.adapter.health().admission.ok).toBe(true);
  expect(JSON.stringify(room.logged)).toContain("webhook.not_stored");
  expect(JSON.stringify(room.logged)).not.toContain("do not lose me");
});

test("an unexpected failure is answered 500, never as if it had been stored", async () => {
  room.refuse(new TypeError("a bug"));
  const answer = await post();
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer.body)).not.toContain("a bug");
});

test("a good post is noted at its endpoint and in the channel's health", async () => {
  expect((await room.endpoints.named(name))?.lastPostAt).toBeNull();
  await post();
  await room.post(name, {}, hello);
  expect((await room.endpoints.named(name))?.lastPostAt).toBeInstanceOf(Date);
  expect(room.adapter.health()).toEqual({
    transport: { ok: true, detail: expect.any(String) },
    admission: { ok: true, detail: "storing" },
    auth: { ok: true, detail: "1 good post, 1 refused since the start" },
  });
});

test("after twenty failures in a minute an address waits, but a good signature never does", async () => {
  const bad = () => room.post(name, {}, hello);
  for (let n = 0; n < 20; n += 1) expect((await bad()).status).toBe(401);
  const held = await bad();
  expect(held.status).toBe(429);
  expect(Number(held.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await room.post("nobody", {}, hello)).status).toBe(429);
  expect((await post()).status).toBe(202);
  room.pass(61_000);
  expect((await bad()).status).toBe(401);
});

test("an address that used up its failures and signs nothing is refused before the database is asked", async () => {
  const bad = () => room.post(name, {}, hello);
  for (let n = 0; n < 21; n += 1) await bad();
  await database.pool.query("alter table endpoint rename to endpoint_away");
  try {
    expect((await bad()).status).toBe(429);
    // What is signed is looked at all the same, which needs the database.
    expect((await post()).status).toBeGreaterThanOrEqual(500);
  } finally {
    await database.pool.query("alter table endpoint_away rename to endpoint");
  }
  expect((await post()).status).toBe(202);
});

test("a body that trickles in is cut off with 408, stores nothing and holds up nobody", async () => {
  await room.close();
  room = await openWebhookRoom(database, { requestTimeoutMs: 600 });
  const before = await room.count();
  const body = JSON.stringify({ text: "slow" });
  const headers = Object.entries(signed(secret, body)).map(([key, value]) => `${key}: ${value}`);
  const head = [`POST /hooks/${name} HTTP/1.1`, "host: localhost", "content-type: application/json", ...headers];
  const socket = connect(Number(new URL(room.url).port), "127.0.0.1");
  let heard = "";
  let closed = false;
  socket.on("data", (chunk) => (heard += chunk.toString()));
  socket.on("error", () => {});
  socket.on("close", () => (closed = true));
  socket.write(`${head.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n`);
  let at = 0;
  const trickle = setInterval(() => {
    // All but the last byte: it never comes.
    if (at < body.length - 1) socket.write(body[at] ?? "");
    at += 1;
  }, 100);
  try {
    expect((await post()).status).toBe(202);
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 10_000 });
  } finally {
    clearInterval(trickle);
    socket.destroy();
  }
  expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  expect(await room.count()).toBe(before + 1);
});
