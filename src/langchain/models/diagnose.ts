/** What an error of ChatOpenAI, of its client or of the network means. Called by ask.ts; no text is taken over. */
import { ContextOverflowError } from "@langchain/core/errors";
import { ModelFailure, type FailureKind } from "./failure.ts";

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  401: "key_refused",
  402: "quota",
  403: "not_allowed",
  404: "model_unknown",
  408: "timeout",
  413: "too_long",
};

/** Codes of Node's network and of its fetch. */
const BY_CODE: readonly (readonly [RegExp, FailureKind])[] = [
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, "unreachable"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "reset"],
  [/^(CERT_|ERR_TLS|ERR_SSL|EPROTO|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/, "tls"],
  [/^HPE_/, "malformed"],
];

/** Codes that a provider writes into a body, also in the middle of a stream, where there is no status. */
const BY_BODY: readonly (readonly [RegExp, FailureKind])[] = [
  [/insufficient_quota|billing/, "quota"],
  [/rate_limit/, "rate_limited"],
  [/context_length/, "too_long"],
];

export function diagnose(error: unknown): ModelFailure {
  for (let e: unknown = error; e instanceof Error; e = e.cause) if (e instanceof ModelFailure) return e;
  return new ModelFailure(kindOf(error), { code: codeOf(error), pauseMs: pauseOf(error), cause: error });
}

function kindOf(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "unexpected";
  if (ContextOverflowError.isInstance(error)) return "too_long";
  const status = numberAt(error, "status");
  if (status !== undefined) return byStatus(error, status);
  if (error.name === "TimeoutError") return "timeout";
  if (error instanceof SyntaxError) return "malformed";
  return byNetwork(error) ?? byBody(error) ?? "unexpected";
}

function byStatus(error: Error, status: number): FailureKind {
  const said = bodyKind(error);
  if (status === 429) return said === "quota" || textAt(error, "rateLimitType") === "stop" ? "quota" : "rate_limited";
  if (status >= 500) return "server_error";
  return BY_STATUS[status] ?? said ?? "rejected";
}

function byNetwork(error: Error): FailureKind | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = textAt(e, "code") ?? "";
    const known = BY_CODE.find(([pattern]) => pattern.test(code));
    // Undici says that a body ended too early as "terminated", with the broken socket as its cause.
    if (e instanceof TypeError && e.message === "terminated") return "cut";
    if (known) return known[1];
  }
  return /Connection/.test(error.constructor.name) ? "unreachable" : undefined;
}

/** An error that the provider sent inside a stream has a class of the client's, and no status. */
function byBody(error: Error): FailureKind | undefined {
  return bodyKind(error) ?? (error.constructor.name === "APIError" ? "server_error" : undefined);
}

function bodyKind(error: Error): FailureKind | undefined {
  const said = `${textAt(error, "code") ?? ""} ${textAt(error, "type") ?? ""}`;
  return BY_BODY.find(([pattern]) => pattern.test(said))?.[1];
}

/** `retry-after-ms` is what OpenAI sends beside `retry-after`, which LangChain has read into `retryAfterMs`. */
function pauseOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const headers: unknown = Reflect.get(error, "headers");
  const header = headers instanceof Headers ? headers.get("retry-after-ms") : null;
  const exact = header === null ? Number.NaN : Number(header);
  if (exact >= 0) return exact;
  const seconds = headers instanceof Headers ? Number(headers.get("retry-after") ?? Number.NaN) : Number.NaN;
  return numberAt(error, "retryAfterMs") ?? (seconds >= 0 ? seconds * 1_000 : undefined);
}

/** For instance `429 RateLimitError` or `TypeError`: for the log, never the error's text. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const status = numberAt(error, "status");
  return `${status === undefined ? "" : `${status} `}${error.constructor.name}`;
}

function numberAt(error: Error, key: string): number | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "number" ? value : undefined;
}

function textAt(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : undefined;
}
