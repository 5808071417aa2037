/** What a failed request to Slack means for what it was to write: certainly not there, or perhaps. Pure. */
import { z } from "zod";

type About = {
  /** Slack's own code, or what happened to the line. */
  readonly code: string;
  /** Whether trying it again may help; what may be there already is never tried again blindly. */
  readonly retry: boolean;
  readonly afterMs?: number;
  /** The token is not good for anything. */
  readonly isAuth?: boolean;
};
export type NotSent = About & { readonly kind: "not_sent" };
export type InDoubt = About & { readonly kind: "unknown" };
export type Failure = NotSent | InDoubt;

const platformError = z.looseObject({
  code: z.literal("slack_webapi_platform_error"),
  data: z.looseObject({
    error: z.unknown(),
    response_metadata: z.looseObject({ retryAfter: z.number().optional() }).optional(),
  }),
});
const limited = z.looseObject({ code: z.literal("slack_webapi_rate_limited_error"), retryAfter: z.number() });
const httpError = z.looseObject({ code: z.literal("slack_webapi_http_error"), statusCode: z.number() });

const AUTH = new Set(["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"]);
/** Said of ordinary calls, too, whose kind of token this one is not. */
const WRONG_KIND = "not_allowed_token_type";
/** Refused for now. A token may be replaced, and the reply then goes out after all. */
const LATER = new Set([
  ...AUTH,
  WRONG_KIND,
  "ratelimited",
  "rate_limited",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);
/** Slack itself says that it may have done some of it. */
const IN_DOUBT = new Set(["fatal_error", "internal_error"]);
const LATER_MS = 30_000;

/** How a line breaks before anything was said on it. */
const NEVER_LEFT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL|CERT_.*|ERR_TLS_.*|ERR_SSL_.*|.*_CERT(?:IFICATE)?|DEPTH_ZERO_.*|UNABLE_TO_.*)$/;

export function failureOf(error: unknown): Failure {
  const platform = platformError.safeParse(error);
  if (platform.success) {
    const { error: code, response_metadata: about } = platform.data.data;
    return refusal(code, about?.retryAfter);
  }
  const limit = limited.safeParse(error);
  if (limit.success) return later("ratelimited", limit.data.retryAfter * 1_000);
  const http = httpError.safeParse(error);
  if (http.success) return ofStatus(http.data.statusCode);
  const code = codesOf(error).find((each) => NEVER_LEFT.test(each));
  return code === undefined ? inDoubt(codesOf(error)[0] ?? "connection_lost") : later(code.toLowerCase());
}

/** True when the token is not good, or none of the kind that this call takes. */
export const refusesToken = ({ isAuth, code }: Failure): boolean => isAuth === true || code === WRONG_KIND;

/** Of an answer that is no JSON of Slack's, such as a page of a proxy, nobody knows what it is about. */
function refusal(code: unknown, retryAfter: number | undefined): Failure {
  if (typeof code !== "string" || !/^[a-z][a-z0-9_]{0,80}$/.test(code)) return inDoubt("no_answer_of_slack");
  if (IN_DOUBT.has(code)) return inDoubt(code);
  const isAuth = AUTH.has(code);
  if (LATER.has(code)) return { ...later(code, retryAfter === undefined ? LATER_MS : retryAfter * 1_000), isAuth };
  return { kind: "not_sent", code, retry: false, isAuth };
}

export function ofStatus(status: number): Failure {
  return status >= 500 || status < 400 ? inDoubt(`http_${status}`) : later(`http_${status}`, LATER_MS);
}

export const inDoubt = (code: string): InDoubt => ({ kind: "unknown", code: code.toLowerCase(), retry: false });

export const later = (code: string, afterMs?: number): NotSent => ({
  kind: "not_sent",
  code,
  retry: true,
  ...(afterMs === undefined ? {} : { afterMs }),
});

/** Codes of an error and of what caused it, from the inside out. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const inner = [error.cause, "original" in error ? error.original : undefined].flatMap((each) =>
    each === error ? [] : codesOf(each),
  );
  const own = "code" in error && typeof error.code === "string" && !error.code.startsWith("slack_") ? [error.code] : [];
  return [...inner, ...own, ...(error.name === "TimeoutError" ? ["timeout"] : [])];
}
