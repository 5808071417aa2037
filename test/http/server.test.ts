/** The public server: what it serves, what it refuses, and how it stops. */
import { connect } from "node:net";
import { request as httpRequest } from "node:http";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { NovaError, PEER_HEADER, type AdapterRoute, type Log } from "#core";
import { adapterChecks } from "../../src/http/health.ts";
import { createHostCheck } from "../../src/http/hosts.ts";
import { createHttpServer, type HttpServer, type HttpServerOptions } from "../../src/http/server.ts";
import { silentLog } from "../support/log.ts";

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

async function serve(options: Partial<HttpServerOptions> = {}): Promise<string> {
  const server = createHttpServer({
    host: "127.0.0.1",
    port: 0,
    routes: [echo],
    health: [],
    log: silentLog,
    ...options,
  });
  open.push(server);
  return (await server.start()).url;
}

const route = (more: Partial<AdapterRoute>): AdapterRoute => ({
  surface: "public",
  method: "POST",
  path: "/echo/:name",
  maxBytes: 1_000,
  handle: async (request, params) => Response.json({ ...params, text: await request.text() }),
  ...more,
});
const echo = route({});

/** A request with a chosen Host header, which fetch does not allow. */
function get(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  httpRequest(url, { headers }, (answer) => {
    let body = "";
    answer.on("data", (chunk) => (body += String(chunk)));
    answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
  })
    .on("error", reject)
    .end();
  return promise;
}

/** Bytes as they are, and all that comes back until the server closes. */
function raw(url: string, bytes: string): Promise<string> {
  const { port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes));
  let answer = "";
  socket.on("data", (chunk) => (answer += String(chunk)));
  socket.on("error", () => resolve(answer));
  socket.on("close", () => resolve(answer));
  return promise;
}

test("a channel's route is served with its path parameters", async () => {
  const url = await serve();
  const answer = await fetch(`${url}/echo/anna`, { method: "POST", body: "hello" });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ name: "anna", text: "hello" });
});

test("a control route is not to be found on the open port", async () => {
  const url = await serve({ routes: [route({ surface: "control" })] });
  expect((await fetch(`${url}/echo/anna`, { method: "POST" })).status).toBe(404);
});

test("a body over the route's limit is refused before the channel sees it", async () => {
  const handle = vi.fn<AdapterRoute["handle"]>(async () => new Response());
  const url = await serve({ routes: [route({ handle })] });
  const answer = await fetch(`${url}/echo/anna`, { method: "POST", body: "x".repeat(1_001) });
  expect(answer.status).toBe(413);
  expect(await answer.text()).toContain("1,000 bytes");
  expect(handle).not.toHaveBeenCalled();
  expect((await fetch(`${url}/echo/anna`, { method: "POST", body: "x".repeat(1_000) })).status).toBe(200);
});

test("a body sent in chunks is counted too", async () => {
  const handle = vi.fn<AdapterRoute["handle"]>(async () => new Response());
  const url = await serve({ routes: [route({ handle })] });
  const body = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 30; i += 1) controller.enqueue(new TextEncoder().encode("x".repeat(100)));
      controller.close();
    },
  });
  const answer = await fetch(`${url}/echo/anna`, { method: "POST", body, duplex: "half" } as RequestInit);
  expect(answer.status).toBe(413);
  expect(handle).not.toHaveBeenCalled();
});

test("a POST that announces no body reaches its route without one", async () => {
  const url = await serve();
  const answer = await raw(url, "POST /echo/anna HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  expect(answer).toContain("200 OK");
});

test("a body that never ends is cut off with 408", async () => {
  const url = await serve({ requestTimeoutMs: 150 });
  const answer = await raw(url, "POST /echo/anna HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test("an unknown address is 404 and an unknown method 405 with what is allowed", async () => {
  const url = await serve();
  const missing = await fetch(`${url}/nothing`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: { code: "not_found" } });

  const wrong = await fetch(`${url}/echo/anna`, { method: "DELETE" });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get("allow")).toBe("POST");
  expect((await fetch(`${url}/healthz`, { method: "POST" })).headers.get("allow")).toBe("GET, HEAD");
});

test("a person who is lost gets a page, and what they typed is not run", async () => {
  const url = await serve();
  const page = await fetch(`${url}/<script>alert(1)</script>`, { headers: { accept: "text/html" } });
  expect(page.status).toBe(404);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).not.toContain("<script>");
});

test("every answer carries the security headers, refusals too", async () => {
  const url = await serve();
  for (const answer of [await fetch(`${url}/echo/a`, { method: "POST" }), await fetch(`${url}/nothing`)]) {
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
  }
});

test.each([
  ["localhost", 200],
  ["LOCALHOST:1234", 200],
  ["127.0.0.1", 200],
  ["[::1]:80", 200],
  ["nova.example", 200],
  ["nova.example.", 200],
  ["evil.example", 421],
  ["nova.example.evil.example", 421],
  ["localhost.evil.example", 421],
  ["192.168.1.5", 421],
  ["a b", 421],
  ["nova.example@evil.example", 421],
])("on loopback with a public name, Host %j is answered %i", async (host, status) => {
  const url = await serve({ publicUrl: "https://nova.example/" });
  const answer = await get(`${url}/healthz`, { host });
  // Some malformed names are refused even before the check.
  expect(status === 421 ? [400, 421] : [200]).toContain(answer.status);
});

test("listening on every address, a bare address is one of ours and a foreign name is not", () => {
  const isOurs = createHostCheck("0.0.0.0", undefined);
  expect(isOurs("192.168.1.5:3000")).toBe(true);
  expect(isOurs("[fe80::1]:3000")).toBe(true);
  expect(isOurs("localhost")).toBe(true);
  expect(isOurs("rebound.example")).toBe(false);
  expect(isOurs(null)).toBe(false);
});

test("alive is answered although nothing is ready, and ready names what is not", async () => {
  const url = await serve({
    health: [
      { name: "database", check: () => ({ ok: true, detail: "reachable" }) },
      { name: "migrations", check: () => ({ ok: false, detail: "2 to do" }) },
      {
        name: "broken",
        check: () => {
          throw new Error("secret host name");
        },
      },
      ...adapterChecks("web", {
        health: () => ({
          transport: { ok: true, detail: "" },
          admission: { ok: false, detail: "not stored" },
          auth: { ok: true, detail: "" },
        }),
      }),
    ],
  });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const answer = await fetch(`${url}/readyz`);
  expect(answer.status).toBe(503);
  const body = await answer.text();
  expect(JSON.parse(body)).toMatchObject({
    ready: false,
    notReady: ["migrations", "broken", "web.admission"],
    checks: { migrations: { ok: false, detail: "2 to do" } },
  });
  expect(body).not.toContain("secret");
});

test("ready is 200 when all checks are, and a check that hangs is not ready", async () => {
  expect((await fetch(`${await serve()}/readyz`)).status).toBe(200);
  const url = await serve({ health: [{ name: "database", check: () => new Promise(() => {}) }] });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
});

test("a failure inside is a 500 without its words, and the log has it with the request's id", async () => {
  const error = vi.fn<Log["error"]>();
  const log: Log = { ...silentLog, error };
  const handle = async (): Promise<Response> => {
    throw new Error("password=hunter2");
  };
  const url = await serve({ log, routes: [route({ handle })] });
  const answer = await fetch(`${url}/echo/secret-name`, { method: "POST", body: "private words" });
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(text).not.toMatch(/hunter2|at .*\.ts/);
  const [event, , fields] = error.mock.calls[0] ?? [];
  expect(event).toBe("http.failed");
  expect(fields).toMatchObject({ route: "/echo/:name", request: answer.headers.get("x-request-id") });
  expect(JSON.stringify(error.mock.calls.map(([name, , more]) => [name, more]))).not.toMatch(/secret-name|private/);
});

test("a known failure keeps its words and gets its status", async () => {
  const handle = async (): Promise<Response> => {
    throw new NovaError("unavailable", "The database is away.", { advice: "Try again." });
  };
  const answer = await fetch(`${await serve({ routes: [route({ handle })] })}/echo/a`, { method: "POST" });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    error: { code: "unavailable", message: "The database is away.", advice: "Try again." },
  });
});

test("the caller's address is the server's word, not the caller's", async () => {
  const handle = async (request: Request): Promise<Response> => new Response(request.headers.get(PEER_HEADER));
  const url = await serve({ routes: [route({ handle })] });
  const answer = await fetch(`${url}/echo/a`, { method: "POST", headers: { [PEER_HEADER]: "6.6.6.6" } });
  expect(await answer.text()).toBe("127.0.0.1");
});

test("a port in use is an error that names the port and the setting", async () => {
  const { port } = new URL(await serve());
  const second = createHttpServer({ host: "127.0.0.1", port: Number(port), routes: [], health: [], log: silentLog });
  const error = await second.start().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(NovaError);
  expect(error).toMatchObject({ code: "port_in_use", message: expect.stringContaining(port) });
  expect((error as NovaError).advice).toContain("NOVA_PORT");
});

/** From now on the server's time goes by only when the test says so. */
function standStill(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

test("stopping closes event streams at once", async () => {
  const cancelled = vi.fn<() => void>();
  const stream = route({
    method: "GET",
    path: "/stream",
    handle: async () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode(": hello\n\n")),
          cancel: cancelled,
        }),
        { headers: { "content-type": "text/event-stream" } },
      ),
  });
  const url = await serve({ routes: [stream] });
  const reader = (await fetch(`${url}/stream`)).body?.getReader();
  await reader?.read();
  // No time goes by in which what is still open would be cut.
  standStill();
  await open.pop()?.stop();
  await expect(reader?.read()).rejects.toThrow(TypeError);
  await vi.waitFor(() => expect(cancelled).toHaveBeenCalled());
  await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
});

test("stopping lets a running request end, and cuts one that does not within a second", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  let running = 0;
  const until = (answer: Promise<Response>) => () => {
    running += 1;
    return answer;
  };
  const slow = route({ path: "/slow", handle: until(promise) });
  const hang = route({ path: "/hang", handle: until(new Promise(() => {})) });
  const url = await serve({ routes: [slow, hang] });
  const [ending, hanging] = ["/slow", "/hang"].map((path) => fetch(url + path, { method: "POST" }).catch(() => "cut"));
  await vi.waitFor(() => expect(running).toBe(2));
  standStill();
  const stopped = open.pop()?.stop();
  resolve(new Response("done"));
  expect(await ending).toMatchObject({ status: 200 });
  vi.advanceTimersByTime(1_000);
  expect(await hanging).toBe("cut");
  await stopped;
});

test("a HEAD request leaves no stream open behind it", async () => {
  const cancel = vi.fn<() => void>();
  const stream = route({
    method: "GET",
    path: "/stream",
    handle: async () => new Response(new ReadableStream({ cancel })),
  });
  const answer = await fetch(`${await serve({ routes: [stream] })}/stream`, { method: "HEAD" });
  expect(answer.status).toBe(200);
  expect(cancel).toHaveBeenCalled();
});
