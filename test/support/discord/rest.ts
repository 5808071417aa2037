/** The REST side over plain HTTP: finds the route, checks the token and the body, does the faults that were asked for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { fail, isRecord, jsonList, type Answer, type Asked } from "./answer.ts";
import { createFaults, type Call, type Fault, type Faults } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import { APP_ROUTES } from "./routes-app.ts";
import { INTERACTION_ROUTES } from "./routes-interactions.ts";
import { MESSAGE_ROUTES } from "./routes-messages.ts";
import { specCheck } from "./specs.ts";
import { messagesOf, type Json, type World } from "./world.ts";

const PREFIX = "/api/v10";
const MAX_BODY = 25 * 1024 * 1024;

export type Rest = {
  readonly server: Server;
  readonly faults: Faults;
  readonly calls: readonly Call[];
  readonly violations: readonly string[];
};

/** Routes with fewer open places first, as `@original` goes before any message. */
const ROUTES = [...APP_ROUTES, ...INTERACTION_ROUTES, ...MESSAGE_ROUTES].map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

export function createRest(world: World, gatewayOf: () => Gateway): Rest {
  const faults = createFaults();
  const calls: Call[] = [];
  const violations: string[] = [];
  const check = specCheck();
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      violations.push(`the peer broke: ${String(error)}`);
      response.destroy();
    });
  });
  return { server, faults, calls, violations };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://peer");
    const bytes = await read(request);
    if (url.pathname.startsWith("/attachments/")) return serveFile(url, request, response);
    const path = decodeURIComponent(url.pathname.slice(PREFIX.length));
    const method = request.method ?? "GET";
    const matched = url.pathname.startsWith(`${PREFIX}/`) ? match(method, path) : undefined;
    const body = await bodyOf(request, bytes);
    const call: Call = {
      method,
      route: matched?.route.path ?? path,
      path,
      body,
      authorization: request.headers.authorization ?? null,
      at: world.clock.now(),
      status: 0,
    };
    calls.push(call);
    if (!matched) {
      violations.push(`${method} ${path}: the peer has no such route`);
      return reply(response, call, fail(404, 0, "404: Not Found"));
    }
    const { route, params } = matched;
    if (body !== undefined) violations.push(...check(method, route.path, body));
    if (!route.open && call.authorization !== `Bot ${world.token}`)
      return reply(response, call, { status: 401, body: { message: "401: Unauthorized", code: 0 } });

    const fault = faults.take(`${method} ${route.path}`);
    if (fault !== undefined && fault !== "pass" && fault !== "drop") return act(fault, response, call);
    const asked: Asked = { world, gateway: gatewayOf(), params, query: url.searchParams, ...asJson(body) };
    const answer = route.answer(asked);
    if (fault === "drop") {
      call.status = answer.status;
      response.destroy();
      return undefined;
    }
    return reply(response, call, answer);
  }

  function serveFile(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const [, , channel = "", file = ""] = url.pathname.split("/");
    const found = messagesOf(world, channel)
      .filter(({ deleted }) => !deleted)
      .flatMap(({ attachments }) => attachments)
      .find(({ id }) => id === file);
    const isAlive = Number.parseInt(url.searchParams.get("ex") ?? "0", 16) * 1000 > world.clock.now().getTime();
    const status = found && isAlive ? 200 : 404;
    calls.push({
      method: "GET",
      route: "/attachments",
      path: url.pathname,
      body: undefined,
      authorization: request.headers.authorization ?? null,
      at: world.clock.now(),
      status,
    });
    const fault = faults.take("GET /attachments");
    if (fault === "hang") return;
    if (fault === "break" || fault === "drop") return void response.destroy();
    response.writeHead(status, { "content-type": found?.content_type ?? "application/octet-stream" });
    response.end(status === 200 ? found?.bytes : undefined);
  }
}

function match(method: string, path: string) {
  for (const { route, pattern } of ROUTES) {
    const found = route.method === method ? pattern.exec(path) : null;
    if (found) return { route, params: { ...found.groups } };
  }
  return undefined;
}

function act(fault: Exclude<Fault, "pass" | "drop">, response: ServerResponse, call: Call): void {
  if (fault === "hang") return;
  if (fault === "break") return void response.destroy();
  if ("status" in fault)
    return reply(response, call, fail(fault.status, fault.code ?? 0, fault.message ?? `${fault.status}: made up`));
  const { retryAfter, global = false } = fault;
  call.status = 429;
  response.writeHead(429, {
    "content-type": "application/json",
    "retry-after": String(Math.ceil(retryAfter)),
    "x-ratelimit-scope": global ? "global" : "user",
    "x-ratelimit-reset-after": String(retryAfter),
    ...(global ? { "x-ratelimit-global": "true" } : {}),
  });
  response.end(JSON.stringify({ message: "You are being rate limited.", retry_after: retryAfter, global }));
}

function reply(response: ServerResponse, call: Call, { status, body }: Answer): void {
  call.status = status;
  const limits = {
    "x-ratelimit-limit": "1000",
    "x-ratelimit-remaining": "999",
    "x-ratelimit-reset-after": "1.0",
    "x-ratelimit-bucket": Buffer.from(call.route).toString("base64url"),
  };
  // An empty answer that calls itself JSON makes clients fall over.
  if (body === undefined) return void response.writeHead(status, limits).end();
  response.writeHead(status, { ...limits, "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY) throw new Error("the body is too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function bodyOf(request: IncomingMessage, bytes: Buffer): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/")) return JSON.parse(bytes.toString("utf8"));
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  const part = form.get("payload_json");
  const text = typeof part === "string" ? part : await (part ?? new Blob(["{}"])).text();
  return JSON.parse(text);
}

const asJson = (body: unknown): { readonly body: Json; readonly list: readonly Json[] } => ({
  body: isRecord(body) ? body : {},
  list: jsonList(body),
});
