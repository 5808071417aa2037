/** Slack's Web API: one request a call and never a second one for it, since a post made twice is read twice. */
import type { WebClient, WebClientOptions } from "@slack/web-api";
import type { Clock, Health } from "#core";
import { failureOf, refusesToken, type Failure } from "./failure.ts";
import { createProof } from "./proof.ts";

export type Called<T> = { readonly kind: "done"; readonly value: T } | Failure;

export interface SlackApi {
  /** Never throws for what Slack answers, nor for a line that breaks; throws the signal's reason when it aborts. */
  call<T>(request: (client: WebClient) => Promise<T>, signal?: AbortSignal): Promise<Called<T>>;
  /** Who Nova is there, by which the token is tried. */
  check(signal?: AbortSignal): Promise<Called<unknown>>;
  /** What Slack last said of the bot's token. */
  auth(): Health;
  /** Whether Slack answered lately. */
  reach(): Health;
}

export type SlackApiDeps = {
  readonly token: string;
  /** With a slash at its end. */
  readonly url: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 15_000;
/** When Slack asks for patience without saying for how much. */
const PATIENCE_S = "30";

export function createSlackApi({ token, url, clock, timeoutMs = TIMEOUT_MS }: SlackApiDeps): SlackApi {
  const proof = createProof(clock);
  let opening: Promise<WebClient> | undefined;
  const opened = (): Promise<WebClient> => {
    opening ??= open(token, url, timeoutMs).catch((error: unknown) => {
      // What could not be loaded now is tried again.
      opening = undefined;
      throw error;
    });
    return opening;
  };

  const call = async <T>(
    request: (client: WebClient) => Promise<T>,
    signal: AbortSignal | undefined,
    isRefusal: (failure: Failure) => boolean,
  ): Promise<Called<T>> => {
    signal?.throwIfAborted();
    const client = await opened();
    try {
      const value = await untilAborted(request(client), signal);
      proof.note(undefined, false);
      return { kind: "done", value };
    } catch (error) {
      signal?.throwIfAborted();
      const failure = failureOf(error);
      proof.note(failure, isRefusal(failure));
      return failure;
    }
  };
  return {
    call: (request, signal) => call(request, signal, ({ isAuth }) => isAuth === true),
    check: (signal) => call((client) => client.auth.test(), signal, refusesToken),
    auth: () => proof.auth(),
    reach: () => proof.reach(),
  };
}

async function open(token: string, slackApiUrl: string, timeout: number): Promise<WebClient> {
  const { WebClient: Client, LogLevel } = await import("@slack/web-api");
  const silent = (): void => {};
  return new Client(token, {
    slackApiUrl,
    timeout,
    // The outbox alone tries again: it knows what was sent.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: patiently,
    // It would log message bodies.
    logger: {
      debug: silent,
      info: silent,
      warn: silent,
      error: silent,
      setLevel: silent,
      setName: silent,
      getLevel: () => LogLevel.ERROR,
    },
  });
}

/** The client takes a 429 for one only when it says how long to wait. */
const patiently: NonNullable<WebClientOptions["fetch"]> = async (url, init) => {
  const response = await fetch(url, init);
  if (response.status !== 429 || /^\d+$/.test(response.headers.get("retry-after") ?? "")) return response;
  await response.body?.cancel();
  return new Response(null, { status: 429, headers: { "retry-after": PATIENCE_S } });
};

/** The client's own requests cannot be called off; whoever stops waiting does not know what became of them. */
async function untilAborted<T>(request: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return request;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([request, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
