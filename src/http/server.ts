/** The public HTTP server: channels' routes, health, and the limits that hold for all of them. Built by src/main.ts. */
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { PEER_HEADER, type AdapterRoute, type Log, type Telemetry } from "#core";
import { readiness, type ReadinessCheck } from "./health.ts";
import { createHostCheck } from "./hosts.ts";
import { createListener } from "./listener.ts";
import { createMetricsDoor, type MetricsDoor, type MetricsSource } from "./metrics-door.ts";
import { answerProblem, problemOf, type Problem } from "./problem.ts";

export interface HttpServer {
  /** Listens; a taken port is a `port_in_use` NovaError. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** Cuts event streams, lets the rest end, and is done within a second. */
  stop(): Promise<void>;
}

export type HttpServerOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The address people use when it is not the one listened on, for instance behind a proxy. */
  readonly publicUrl?: string | undefined;
  /** Those with the surface `control` are left out. */
  readonly routes: readonly AdapterRoute[];
  /** What /readyz asks; empty means always ready. */
  readonly health: readonly ReadinessCheck[];
  /** What /metrics answers; absent: there is no such address. */
  readonly metrics?: MetricsSource | undefined;
  /** Told of every request. */
  readonly telemetry?: Pick<Telemetry, "answered"> | undefined;
  readonly log: Log;
  /** Most time for a request to arrive. Default 30 s. */
  readonly requestTimeoutMs?: number;
};

type Env = { Bindings: { peer: string }; Variables: { requestId: string; route: string } };

const CHECK_PATIENCE_MS = 2_000;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { host, port, routes, log } = options;
  const app = createApp(options);
  const listener = createListener({
    host,
    port,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    fetch: async (request, peer) => app.fetch(request, { peer }),
  });
  return {
    async start() {
      const bound = await listener.start();
      const url = `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
      log.info("http.listening", { url, routes: routes.filter(isPublic).length });
      return { url, port: bound };
    },
    stop: () => listener.stop(),
  };
}

function createApp(options: HttpServerOptions): Hono<Env> {
  const { host, publicUrl, routes, health, metrics, telemetry, log } = options;
  const isOurs = createHostCheck(host, publicUrl);
  const app = new Hono<Env>();

  app.use(requestId());
  app.use(async (c, next) => {
    const began = performance.now();
    await next();
    c.header("x-request-id", c.get("requestId"));
    // The route's pattern stands for the path: paths and queries can carry codes.
    const ms = performance.now() - began;
    const answered = { method: c.req.method, route: c.get("route") ?? "none", status: c.res.status };
    log.debug("http.answered", { request: c.get("requestId"), ...answered, ms: Math.round(ms) });
    telemetry?.answered({ ...answered, ms });
  });
  app.use(secureHeaders(SECURITY));
  app.use(async (c, next) => (isOurs(c.req.header("host") ?? null) ? next() : refuse(c, MISDIRECTED)));

  app.get("/healthz", (c) => {
    c.set("route", "/healthz");
    return c.json({ alive: true }, 200, NO_STORE);
  });
  app.get("/readyz", async (c) => {
    c.set("route", "/readyz");
    const state = await readiness(health, CHECK_PATIENCE_MS);
    return c.json(state, state.ready ? 200 : 503, NO_STORE);
  });
  if (metrics) mountMetrics(app, metrics, createMetricsDoor(metrics.token, host, publicUrl));
  for (const route of routes.filter(isPublic)) mount(app, route);
  refuseOtherMethods(app, [...routes.filter(isPublic), HEALTHZ, READYZ, ...(metrics ? [METRICS] : [])]);
  app.notFound((c) => refuse(c, NOT_FOUND));

  app.onError((error, c) => {
    const problem = problemOf(error);
    const fields = { request: c.get("requestId"), route: c.get("route") ?? "none", status: problem.status };
    // A caller who went away in the middle of a body is not our failure.
    if (c.req.raw.signal.aborted) log.debug("http.abandoned", fields);
    else if (problem.status < 500) log.debug("http.refused", { ...fields, code: problem.code });
    else if (problem.code === "unavailable") log.warn("http.unavailable", fields);
    else log.error("http.failed", error, fields);
    return answerProblem(c.req.raw, problem);
  });
  return app;
}

function mountMetrics(app: Hono<Env>, { text }: MetricsSource, door: MetricsDoor): void {
  app.get("/metrics", async (c) => {
    c.set("route", "/metrics");
    const refusal = door(c.env.peer, c.req.raw.headers);
    if (refusal) return refuse(c, refusal);
    const { type, body } = await text();
    return c.body(body, 200, { ...NO_STORE, "content-type": type });
  });
}

function mount(app: Hono<Env>, route: AdapterRoute): void {
  const tooLarge: Problem = {
    status: 413,
    code: "too_large",
    message: `The request is larger than the limit of ${route.maxBytes.toLocaleString("en")} bytes.`,
    advice: "Send less at once.",
  };
  const limit = bodyLimit({ maxSize: route.maxBytes, onError: (c) => answerProblem(c.req.raw, tooLarge) });
  app.on(
    route.method,
    route.path,
    async (c, next) => {
      c.set("route", route.path);
      await next();
    },
    (c, next) => (announcesBody(c.req.raw) ? limit(c, next) : next()),
    async (c) => {
      c.req.raw.headers.set(PEER_HEADER, c.env.peer);
      const response = await route.handle(c.req.raw, c.req.param());
      // A HEAD is answered by the GET handler; what it opened must be closed.
      if (c.req.raw.method === "HEAD") await response.body?.cancel();
      return response;
    },
  );
}

/** A request with neither header has no body, and the limit stumbles over reading none. */
const announcesBody = ({ headers }: Request): boolean =>
  headers.has("content-length") || headers.has("transfer-encoding");

function refuseOtherMethods(app: Hono<Env>, routes: readonly Pick<AdapterRoute, "path" | "method">[]): void {
  for (const [path, same] of Map.groupBy(routes, ({ path }) => path)) {
    const methods = same.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    app.all(path, async (c) => {
      const answer = await refuse(c, {
        status: 405,
        code: "method_not_allowed",
        message: `This address does not take ${c.req.method}.`,
        advice: `It takes ${methods.join(", ")}.`,
      });
      answer.headers.set("allow", methods.join(", "));
      return answer;
    });
  }
}

const refuse = (c: Context<Env>, problem: Problem): Promise<Response> => answerProblem(c.req.raw, problem);
const isPublic = (route: AdapterRoute): boolean => route.surface === "public";

const NO_STORE = { "cache-control": "no-store" };
const HEALTHZ = { path: "/healthz", method: "GET" } as const;
const READYZ = { path: "/readyz", method: "GET" } as const;
const METRICS = { path: "/metrics", method: "GET" } as const;

const MISDIRECTED: Problem = {
  status: 421,
  code: "forbidden",
  message: "Nova does not answer to the name in this request.",
  advice: "Use 127.0.0.1 or localhost, or set NOVA_PUBLIC_URL to the address that people use.",
};

const NOT_FOUND: Problem = {
  status: 404,
  code: "not_found",
  message: "There is nothing at this address.",
  advice: "The chat is at /.",
};

/** One policy for every page: everything from here, nothing inline, framed by no one. */
const SECURITY: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  // Whether the public side speaks TLS is the proxy's to promise.
  strictTransportSecurity: false,
};
