/** The operator's door: verbs and channels' control routes, on loopback with a token or in process without one. */
import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { decodeUtf8, NovaError, parseJson, PEER_HEADER, type AdapterRoute, type Log } from "#core";
import { createHostCheck } from "./hosts.ts";
import { createListener } from "./listener.ts";
import { streamRun } from "./ndjson.ts";
import { answerProblem, problemBody, problemOf } from "./problem.ts";

export type ControlVerb = {
  /** As typed after `nova`, for instance `route`. */
  readonly name: string;
  /** `input` is parsed JSON that nobody has looked at. `signal` aborts when the caller goes away. */
  run(input: unknown, emit: (event: unknown) => void, signal: AbortSignal): Promise<unknown>;
};

export interface Control {
  /** The same doors without socket or token, for when no service runs. */
  fetch(request: Request): Promise<Response>;
  /** Listens on 127.0.0.1, on a free port: a listener of its own, so that no proxy of the public one can reach it. */
  listen(): Promise<{ readonly port: number }>;
  stop(): Promise<void>;
}

export type ControlOptions = {
  readonly token: string;
  /** Answered by `GET /control`, so that a stranger on a reused port is not taken for Nova. */
  readonly version: string;
  readonly verbs: readonly ControlVerb[];
  /** Those with the surface `public` are left out. */
  readonly routes: readonly AdapterRoute[];
  readonly log: Log;
};

const LOOPBACK = "127.0.0.1";
const MAX_INPUT_BYTES = 64 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;

export function createControl(options: ControlOptions): Control {
  const app = createApp(options);
  const holdsToken = createTokenCheck(options.token);
  const isLoopback = createHostCheck(LOOPBACK, undefined);

  const listener = createListener({
    host: LOOPBACK,
    port: 0,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    async fetch(request) {
      if (!isLoopback(request.headers.get("host")) || request.headers.has("origin")) {
        return answerProblem(request, { ...FORBIDDEN, message: "The control port is not for browsers." });
      }
      if (!holdsToken(request.headers.get("authorization"))) return answerProblem(request, UNAUTHORIZED);
      return app.fetch(request);
    },
  });
  return {
    fetch: async (request) => app.fetch(request),
    listen: async () => ({ port: await listener.start() }),
    stop: () => listener.stop(),
  };
}

function createApp({ version, verbs, routes, log }: ControlOptions): Hono {
  const byName = new Map(verbs.map((verb) => [verb.name, verb]));
  const app = new Hono();

  app.get("/control", (c) => c.json({ nova: version }));
  app.post("/control/:verb", bodyLimit({ maxSize: MAX_INPUT_BYTES, onError: tooLarge }), async (c) => {
    const verb = byName.get(c.req.param("verb"));
    if (!verb) throw unknownVerb(c.req.param("verb"), [...byName.keys()]);
    const given = decodeUtf8(await c.req.arrayBuffer(), "The verb's input");
    const input = given === "" ? {} : parseJson(given, "The verb's input");
    return streamRun(
      (emit, signal) => verb.run(input, emit, signal),
      c.req.raw.signal,
      (error) => {
        const problem = problemOf(error);
        if (problem.status === 500) log.error("verb.failed", error, { verb: verb.name });
        return problemBody(problem);
      },
    );
  });
  for (const route of routes.filter(({ surface }) => surface === "control")) {
    app.on(route.method, route.path, bodyLimit({ maxSize: route.maxBytes, onError: tooLarge }), (c) => {
      c.req.raw.headers.set(PEER_HEADER, LOOPBACK);
      return route.handle(c.req.raw, c.req.param());
    });
  }
  app.notFound((c) => answerProblem(c.req.raw, { ...FORBIDDEN, ...NOT_FOUND }));
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error("control.failed", error);
    return answerProblem(c.req.raw, problem);
  });
  return app;
}

/** Digests are compared, so that neither content nor length of the token shows in the time taken. */
function createTokenCheck(token: string): (authorization: string | null) => boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return (authorization) => authorization !== null && timingSafeEqual(digest(authorization), expected);
}

function unknownVerb(name: string, names: readonly string[]): NovaError {
  return new NovaError("not_found", `There is no verb ${JSON.stringify(name.slice(0, 40))}.`, {
    advice: `There are: ${names.toSorted().join(", ")}.`,
  });
}

function tooLarge(): never {
  throw new NovaError("too_large", "The input is larger than this door takes.", { advice: "Send it in pieces." });
}

const FORBIDDEN = { status: 403, code: "forbidden", advice: "Use the nova command." } as const;
const NOT_FOUND = { status: 404, code: "not_found", message: "There is nothing at this address." } as const;
const UNAUTHORIZED = {
  status: 401,
  code: "forbidden",
  message: "The control token is missing or wrong.",
  advice: "The nova command reads it from run.json in NOVA_HOME.",
} as const;
