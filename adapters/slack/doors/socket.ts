/**
 * A Socket Mode connection: takes envelopes in, acknowledges each once it is stored, and tells how it ends. One is opened
 * by listen.ts before the last one goes.
 */
import type { SocketModeClient } from "@slack/socket-mode";
import { z } from "zod";
import { NovaError, type Log } from "#core";
import { failureOf, refusesToken } from "../failure.ts";
import { pause } from "../pause.ts";
import { sdkLog } from "./bolt-log.ts";
import type { Desk } from "./desk.ts";
import { watchFrames } from "./frames.ts";
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
  const watching = watchFrames(client, {
    onAlive: deps.onAlive,
    onGoodbye: (reason) => end({ kind: reason === "link_disabled" ? "disabled" : "refresh" }),
    log: deps.log,
  });
  client.on("slack_event", (envelope: unknown) => {
    const work = take(envelope, deps).finally(() => busy.delete(work));
    busy.add(work);
  });
  client.on("disconnected", () => end({ kind: "lost" }));

  const leave = (): void => {
    watching.stop();
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
