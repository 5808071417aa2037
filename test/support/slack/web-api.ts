/** The door of the Slack peer for methods: tokens, faults and the journal before any method is done. Used by peer.ts. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault, Journal } from "./journal.ts";
import type { Methods } from "./method.ts";
import { BOT_SCOPES, TOKENS, type Json, type Workspace } from "./workspace.ts";

export type WebApiDeps = {
  readonly workspace: Workspace;
  readonly journal: Journal;
  readonly methods: Methods;
  /** Tokens that are good; the rest is `invalid_auth`. */
  readonly good: { bot: string; app: string; scopes: readonly string[] };
};

export async function answerMethod(
  request: IncomingMessage,
  response: ServerResponse,
  { workspace, journal, methods, good }: WebApiDeps,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://slack");
  const method = url.pathname.slice("/api/".length);
  const args = { ...Object.fromEntries(url.searchParams), ...readArgs(request, await bodyOf(request)) };
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? args["token"] ?? null;
  delete args["token"];
  journal.calls.push({ method, args, token, at: performance.now() });

  const fault = journal.fault(method) ?? journal.fault("*");
  const isLate = typeof fault === "object" && "until" in fault;
  if (isLate) await fault.until;
  if (fault && !isLate && !isAfter(fault)) return fail(request, response, fault);
  const answer = await perform();
  if (fault && !isLate) return fail(request, response, fault);
  json(response, answer, { "x-oauth-scopes": good.scopes.join(",") });

  async function perform(): Promise<Json> {
    if (token === null) return { ok: false, error: "not_authed" };
    if (token !== (method === "apps.connections.open" ? good.app : good.bot)) {
      // Each kind of token opens its own doors only.
      const isOther = token === good.bot || token === good.app;
      return { ok: false, error: isOther ? "not_allowed_token_type" : "invalid_auth" };
    }
    const own = methods[method];
    return own ? own(args) : workspace.call(method, args);
  }
}

export const goodTokens = (): WebApiDeps["good"] => ({ bot: TOKENS.bot, app: TOKENS.app, scopes: BOT_SCOPES });

const isAfter = (fault: Fault): boolean => fault === "drop" || fault === "done_then_hang";

export function fail(request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  if (typeof fault === "object" && "until" in fault) throw new Error("only methods are done late");
  if (fault === "drop" || fault === "refuse") return void request.socket.destroy();
  if (fault === "hang" || fault === "done_then_hang") return;
  if (fault === "html") {
    response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><title>Bad gateway</title>");
    return;
  }
  if ("error" in fault) return json(response, { ok: false, error: fault.error, ...fault.more });
  response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
  response.end(
    JSON.stringify(fault.body ?? { ok: false, error: fault.status === 429 ? "ratelimited" : "fatal_error" }),
  );
}

export function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(body));
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += chunk;
  return text;
}

/** The client sends a form, with JSON where a value is more than a word. */
function readArgs(request: IncomingMessage, body: string): Json {
  if (request.headers["content-type"]?.includes("json")) return JSON.parse(body || "{}") as Json;
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([key, value]) => [key, STRUCTURED.has(key) ? parsed(value) : value]),
  );
}

const STRUCTURED = new Set(["blocks", "attachments", "metadata", "chunks", "prompts", "loading_messages", "view"]);

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
