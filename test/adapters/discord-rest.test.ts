/** How Discord's limits are kept: by what it announces, what it asks for, and what it would ban for. Over plain HTTP. */
import { once } from "node:events";
import { createServer, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createRefusals } from "../../adapters/discord/refusals.ts";
import { createRest } from "../../adapters/discord/rest.ts";

type Reply = { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: unknown };

/** A Discord that answers with these, the last one for ever. */
async function discord(...replies: readonly Reply[]) {
  let ms = Date.parse("2026-11-21T12:00:00Z");
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    const { status, headers = {}, body = {} } = replies[Math.min(calls, replies.length - 1)]!;
    calls += 1;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const clock = { now: () => new Date(ms) };
  const rest = createRest({ token: "a.test.token", api: `http://127.0.0.1:${port}/api/v10/`, clock });
  return { rest, calls: () => calls, pass: (by: number) => void (ms += by), stop: () => server.close() };
}

const post = { method: "POST", route: "/channels/123456789012345678/messages", body: { content: "x" } } as const;

test("C2 rates: when X-RateLimit says that nothing is left, nothing is sent until it is reset", async () => {
  const left = { "x-ratelimit-limit": "1", "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "0.3" };
  const { rest, calls } = await discord({ status: 200, headers: left }, { status: 200 });
  expect(await rest.call(post)).toMatchObject({ kind: "done" });
  const second = await rest.call(post);
  expect(second).toMatchObject({ kind: "later", afterMs: expect.any(Number) });
  expect(calls()).toBe(1);
  await expect.poll(async () => (await rest.call(post)).kind, { interval: 60 }).toBe("done");
  expect(calls()).toBe(2);
});

test("C2 rates: a bare 429 without its seconds in the header is waited for as its body says", async () => {
  const { rest } = await discord({ status: 429, body: { retry_after: 2.75, message: "slow down" } });
  const answer = await rest.call(post);
  expect(answer.kind).toBe("later");
  expect((answer as { afterMs: number }).afterMs).toBeGreaterThanOrEqual(2_750);
});

test("C2 rates: after many refusals in ten minutes no request is made until they are over", () => {
  let ms = 0;
  const refusals = createRefusals({ now: () => new Date(ms) });
  const note = (status: number, headers = {}) => refusals.note({ status, headers: new Headers(headers) });
  for (let i = 0; i < 999; i += 1) note(403);
  note(404);
  note(429, { "x-ratelimit-scope": "shared" });
  expect(refusals.waitMs()).toBe(0);
  ms = 60_000;
  note(429);
  expect(refusals.waitMs()).toBe(9 * 60_000);
  ms = 600_000;
  expect(refusals.waitMs()).toBe(0);
});

test("C2 rates: what was held back here is no refusal of Discord's, however often", async () => {
  const left = { "x-ratelimit-limit": "1", "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "60" };
  const { rest, calls } = await discord({ status: 200, headers: left }, { status: 200 });
  await rest.call(post);
  for (let i = 0; i < 1_100; i += 1) await rest.call(post);
  expect(calls()).toBe(1);
  expect(await rest.call({ method: "GET", route: "/users/@me" })).toMatchObject({ kind: "done" });
});

test("C2 rates: while Nova holds still, health says so, and first answers to interactions go out all the same", async () => {
  const { rest, calls } = await discord({ status: 403, body: { code: 50_007, message: "no" } });
  await Promise.all(Array.from({ length: 1_000 }, () => rest.call(post)));
  expect(calls()).toBe(1_000);
  expect(await rest.call(post)).toMatchObject({ kind: "later" });
  expect(calls()).toBe(1_000);
  expect(rest.auth()).toEqual({ ok: false, detail: expect.stringContaining("in 10 min") });
  await rest.call({ method: "POST", route: "/interactions/1/token/callback", body: {}, auth: false });
  expect(calls()).toBe(1_001);
});

test("a refused token is tried again after a minute, and health is well again when it is taken", async () => {
  const { rest, calls, pass } = await discord({ status: 401 }, { status: 200 });
  expect(rest.auth()).toEqual({ ok: false, detail: expect.stringContaining("not asked yet") });
  expect(await rest.call(post)).toMatchObject({ kind: "refused", status: 401 });
  expect(await rest.call(post)).toEqual({ kind: "unsent", code: "discord_401" });
  expect(rest.auth().ok).toBe(false);
  expect(calls()).toBe(1);
  pass(61_000);
  expect(await rest.call(post)).toMatchObject({ kind: "done" });
  expect(rest.auth().ok).toBe(true);
  pass(15 * 60_000 + 1);
  expect(rest.auth()).toEqual({ ok: false, detail: expect.stringContaining("long ago") });
});

test("nobody there, a failing server, an answer that never comes: it is told apart whether the words have left", async () => {
  const gone = await discord({ status: 200 });
  gone.stop();
  await expect.poll(async () => (await gone.rest.call(post)).kind).toBe("unsent");
  const failing = await discord({ status: 500 });
  expect(await failing.rest.call(post)).toEqual({ kind: "unknown", code: "discord_500" });
  expect(failing.calls()).toBe(1);
  const aborted = await failing.rest.call(post, AbortSignal.abort());
  expect(aborted.kind).toBe("unknown");
});
