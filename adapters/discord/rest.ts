/** Discord's REST API: one request a call, never a second one for the same call. Used by all that writes or reads there. */
import type { REST } from "discord.js";
import { z } from "zod";
import type { Clock, Health } from "#core";
import type { Answer } from "./answer.ts";
import { createRefusals } from "./refusals.ts";

export const DISCORD_API = "https://discord.com/api";

export type Call = {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Without the version, for instance `/channels/1/messages`. */
  readonly route: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** False for what an interaction's own token opens. */
  readonly auth?: boolean;
};

export interface Rest {
  call(call: Call, signal?: AbortSignal): Promise<Answer>;
  /** When Discord took the bot's token last; null before it ever did. */
  takenAt(): Date | null;
  /** What Discord said of the bot's token. */
  auth(): Health;
}

export type RestDeps = {
  readonly token: string;
  /** Where the API is; `DISCORD_API` unless a setting says otherwise. */
  readonly api: string;
  readonly clock: Clock;
};

const TIMEOUT_MS = 15_000;
const REFUSED_MS = 60_000;
/** After that the last word is no proof any more; doors/listen.ts asks more often. */
export const STALE_MS = 15 * 60_000;
const STALE: Health = { ok: false, detail: "Discord took the bot token the last time, which is long ago" };

export function createRest({ token, api, clock }: RestDeps): Rest {
  const refusals = createRefusals(clock);
  let auth: Health = { ok: false, detail: "Discord was not asked yet" };
  let takenAt: Date | null = null;
  /** When Discord last refused the token; it happens that it does so for a moment only. */
  let refusedAt = -Infinity;
  let loading: Promise<REST> | undefined;
  const load = (): Promise<REST> => (loading ??= open(token, api, (response) => refusals.note(response)));

  const watch = (call: Call, answer: Answer): Answer => {
    if (call.auth === false) return answer;
    if (answer.kind === "done") {
      takenAt = clock.now();
      auth = { ok: true, detail: "Discord takes the bot token" };
    }
    if (answer.kind === "refused" && answer.status === 401) {
      refusedAt = clock.now().getTime();
      auth = { ok: false, detail: "Discord refuses the bot token; set DISCORD_TOKEN to the current one and restart" };
    }
    return answer;
  };

  const isStale = (): boolean => auth.ok && takenAt !== null && clock.now().getTime() - takenAt.getTime() > STALE_MS;

  return {
    async call(call, signal) {
      const wait = refusals.waitMs();
      if (wait > 0 && !isFirstAnswer(call)) return { kind: "later", afterMs: wait };
      if (call.auth !== false && clock.now().getTime() - refusedAt < REFUSED_MS)
        return { kind: "unsent", code: "discord_401" };
      const rest = (await load()).setToken(token);
      const until = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
      return watch(call, await request(rest, call, until));
    },
    takenAt: () => takenAt,
    auth() {
      const wait = refusals.waitMs();
      if (wait === 0) return isStale() ? STALE : auth;
      const minutes = Math.ceil(wait / 60_000);
      return { ok: false, detail: `Discord refused too many requests; it is asked again in ${minutes} min` };
    },
  };
}

/** Waits for no pause: Discord gives it three seconds, and each is asked for by Discord itself. */
const isFirstAnswer = ({ route }: Call): boolean => route.startsWith("/interactions/");

/** discord.js keeps the limits that Discord announces; what does not fit in them is refused here instead of waiting. */
async function open(token: string, api: string, heard: (response: Response) => void): Promise<REST> {
  const discord = await import("discord.js");
  const rest = new discord.REST({
    api: api.replace(/\/+(?:v\d+\/*)?$/, ""),
    version: "10",
    retries: 0,
    timeout: TIMEOUT_MS,
    rejectOnRateLimit: () => true,
    // Discord says itself when it is too much; its first answers to interactions are never.
    globalRequestsPerSecond: Infinity,
    makeRequest: exactly(heard),
  });
  return rest.setToken(token);
}

type MakeRequest = REST["options"]["makeRequest"];

/** The header tells how long to wait in whole seconds, the body exactly. `heard` is told of what Discord itself said. */
const exactly =
  (heard: (response: Response) => void): MakeRequest =>
  async (url, { body, method, headers, signal }) => {
    const response = await fetch(url, {
      method: method ?? "GET",
      ...(typeof body === "string" ? { body } : {}),
      ...(isHeaders(headers) ? { headers } : {}),
      ...(signal ? { signal } : {}),
      redirect: "error",
    });
    heard(response);
    if (response.status !== 429) return response;
    const text = await response.text();
    const exact = /"retry_after"\s*:\s*([\d.]+)/.exec(text)?.[1];
    const told = new Headers(response.headers);
    if (exact !== undefined) told.set("retry-after", exact);
    return new Response(text, { status: 429, statusText: response.statusText, headers: told });
  };

const isHeaders = (headers: unknown): headers is Record<string, string> =>
  typeof headers === "object" && headers !== null && !Array.isArray(headers);

async function request(rest: REST, call: Call, signal: AbortSignal): Promise<Answer> {
  try {
    const options = {
      signal,
      auth: call.auth ?? true,
      ...(call.query ? { query: new URLSearchParams(call.query) } : {}),
      ...(call.body === undefined ? {} : { body: call.body }),
    };
    return { kind: "done", body: await send(rest, call, options) };
  } catch (error) {
    return answerOf(error);
  }
}

type Options = Parameters<REST["get"]>[1];

function send(rest: REST, { method, route }: Call, options: Options): Promise<unknown> {
  switch (method) {
    case "GET":
      return rest.get(route, options);
    case "POST":
      return rest.post(route, options);
    case "PATCH":
      return rest.patch(route, options);
    case "PUT":
      return rest.put(route, options);
    case "DELETE":
      return rest.delete(route, options);
  }
}

const failure = z.object({
  name: z.string().default("Error"),
  status: z.number().optional(),
  code: z.union([z.number(), z.string()]).optional(),
  retryAfter: z.number().optional(),
  sublimitTimeout: z.number().optional(),
  cause: z.object({ code: z.string() }).optional().catch(undefined),
});

/** Nobody was there to take it. */
const UNREACHED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function answerOf(error: unknown): Answer {
  const { name, status, code, retryAfter, sublimitTimeout, cause } = failure.catch({ name: "Error" }).parse(error);
  if (retryAfter !== undefined)
    return { kind: "later", afterMs: Math.ceil(Math.max(retryAfter, sublimitTimeout ?? 0)) };
  if (status !== undefined && status >= 400 && status < 500)
    return { kind: "refused", status, code: typeof code === "number" ? code : 0 };
  if (status !== undefined) return { kind: "unknown", code: `discord_${status}` };
  const broken = cause?.code ?? (typeof code === "string" ? code : undefined);
  if (broken !== undefined && UNREACHED.has(broken)) return { kind: "unsent", code: broken.toLowerCase() };
  return { kind: "unknown", code: broken?.toLowerCase() ?? name.toLowerCase() };
}
