/**
 * A Socket Mode connection: takes envelopes in, acknowledges each once it is stored, and tells how it ends. One is opened
 * by listen.ts before the last one goes.
 */
import type { SocketModeClient } from "@slack/socket-mode";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { z } from "zod";
import { NovaError, type Log } from "#core";
import { sdkLog } from "./bolt-log.ts";
import type { Desk } from "./desk.ts";
import { failureOf, refusesToken } from "../failure.ts";
import type { Limited } from "./limited.ts";

export type Ending =
  /** Slack asks for another connection in place of this one. */
  | { readonly kind: "refresh" }
  /** Somebody switched Socket Mode off. */
  | { readonly kind: "disabled" }
  | { readonly kind: "lost" };

export interface Connection {
  readonly ended: Promise<Ending>;
  /** Waits a little for what is being stored, so that it is still acknowledged here. */
  close(): Promise<void>;
}

export type SocketDeps = {
  readonly appToken: string;
  readonly url: string;
  readonly desk: Desk;
  readonly limited: Limited;
  readonly log: Log;
  /** Told of every sign that the other end is alive. */
  readonly onAlive: () => void;
};

/** How often this end asks for a sign of life. */
export const BEAT_MS = 3_000;
/** The SDK asks three times within what it waits for an answer at most. */
const PONG_WAIT_MS = 3 * BEAT_MS;
const HELLO_WAIT_MS = 20_000;
const DRAIN_MS = 3_000;
const GOODBYE_MS = 500;

/** Resolves when Slack has said hello. */
export async function connect(deps: SocketDeps, signal: AbortSignal): Promise<Connection> {
  const { SocketModeClient: Client } = await import("@slack/socket-mode");
  const { LogLevel } = await import("@slack/bolt");
  const client = new Client({
    appToken: deps.appToken,
    // Its own way to connect again rejects where nobody listens; listen.ts does it.
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_WAIT_MS,
    logger: sdkLog(deps.log, "socket", LogLevel.WARN),
    clientOptions: {
      slackApiUrl: deps.url,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: HELLO_WAIT_MS,
    },
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const busy = new Set<Promise<void>>();
  const listening = listenTo(client, deps, end);
  client.on("slack_event", (envelope: unknown) => {
    const work = take(envelope, deps).finally(() => busy.delete(work));
    busy.add(work);
  });
  client.on("disconnected", () => end({ kind: "lost" }));

  const leave = (): void => {
    listening.stop();
    end({ kind: "lost" });
    void client.disconnect().catch(() => undefined);
    // It would wait half a minute for a goodbye that may never come; told twice, it waits no more.
    setTimeout(() => client.websocket?.disconnect(), GOODBYE_MS).unref();
  };
  try {
    await untilHello(client, signal);
  } catch (error) {
    leave();
    signal.throwIfAborted();
    throw refusalOf(error);
  }
  return {
    ended,
    async close() {
      await Promise.race([Promise.allSettled(busy), pause(DRAIN_MS)]);
      leave();
    },
  };
}

const envelope = z.looseObject({
  type: z.string(),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().nullish(),
  retry_reason: z.string().nullish(),
  ack: z.custom<(reply?: unknown) => Promise<void>>((value) => typeof value === "function"),
});

/** Never rejects: the SDK's emitter would let that end the process. */
async function take(unchecked: unknown, { desk, limited, log }: SocketDeps): Promise<void> {
  const parsed = envelope.safeParse(unchecked);
  if (!parsed.success) return log.warn("slack.envelope_not_understood");
  const { body, ack, retry_num: attempt, retry_reason: reason } = parsed.data;
  try {
    if (attempt) log.info("slack.delivered_again", { attempt, reason: (reason ?? "").slice(0, 40) });
    const retry = attempt ? { retry: { attempt, reason: reason ?? "" } } : {};
    const reply = limited.hears(body) ? undefined : await desk.take({ body, ...retry });
    // One that is lost on its way brings the envelope again, and the database knows it then.
    await ack(reply).catch(() => log.info("slack.ack_lost"));
  } catch (error) {
    // No ack: Slack comes again with it.
    log.error("slack.not_stored", error);
  }
}

const frame = z.looseObject({ type: z.string(), reason: z.string().nullish() });

/** Looks at each frame before the SDK does: for why Slack hangs up, and that no odd one ends the process. */
function listenTo(client: SocketModeClient, deps: SocketDeps, end: (ending: Ending) => void): { stop(): void } {
  const [read] = client.listeners("ws_message");
  client.removeAllListeners("ws_message");
  client.on("ws_message", (data: unknown, isBinary: unknown) => {
    deps.onAlive();
    const { type, reason } = frameOf(data);
    if (type === "disconnect") {
      // The SDK would hang up at once; what is being stored is still acknowledged here while the next one opens.
      end(reason === "link_disabled" ? { kind: "disabled" } : { kind: "refresh" });
      return;
    }
    // An async function of the SDK's, of which nobody else would see the failure.
    void (async () => read?.call(client, readable(data), isBinary))().catch(() =>
      deps.log.warn("slack.frame_not_understood"),
    );
  });

  // Of all sockets in this process, as the SDK keeps its own to itself.
  const onSign = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("websocket" in message)) return;
    if (isOf(message.websocket, client)) deps.onAlive();
  };
  subscribe("undici:websocket:pong", onSign);
  subscribe("undici:websocket:ping", onSign);
  return {
    stop() {
      unsubscribe("undici:websocket:pong", onSign);
      unsubscribe("undici:websocket:ping", onSign);
    },
  };
}

function isOf(socket: unknown, client: SocketModeClient): boolean {
  const held: unknown = client.websocket;
  return typeof held === "object" && held !== null && "websocket" in held && held.websocket === socket;
}

function frameOf(data: unknown): Partial<z.infer<typeof frame>> {
  try {
    return frame.parse(JSON.parse(typeof data === "string" ? data : ""));
  } catch {
    return {};
  }
}

/** The SDK takes every event for one with an inner event; the word of too many has none. */
function readable(data: unknown): unknown {
  const parsed = limitedFrame.safeParse(frameOf(data));
  if (!parsed.success) return data;
  const { payload } = parsed.data;
  return JSON.stringify({ ...parsed.data, payload: { ...payload, event: { type: payload.type } } });
}

const limitedFrame = z.looseObject({ payload: z.looseObject({ type: z.literal("app_rate_limited") }) });

async function untilHello(client: SocketModeClient, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new NovaError("unavailable", "Slack did not say hello.")), HELLO_WAIT_MS);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  let started: Promise<unknown> | undefined;
  try {
    signal.throwIfAborted();
    started = client.start();
    await Promise.race([started, promise]);
  } catch (error) {
    // One that comes up after all is nobody's.
    void started?.then(() => client.disconnect()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", onAbort);
  }
}

function refusalOf(error: unknown): Error {
  if (error instanceof NovaError) return error;
  const failure = failureOf(error);
  const { code } = failure;
  if (refusesToken(failure) || code === "missing_scope")
    return new NovaError("bad_config", `Slack refuses the app-level token: ${code}.`, {
      advice: "Set SLACK_APP_TOKEN to a token with the scope connections:write; `nova doctor` tries it.",
      cause: error,
    });
  return new NovaError("unavailable", `Slack opened no connection: ${code}.`, { cause: error });
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms).unref());
