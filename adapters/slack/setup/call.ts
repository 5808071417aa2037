/** One call of a Web API method with a token that may be wrong, for setup.ts: no retries, and what became of it as a value. */
import { z } from "zod";
import { awayBy, type Away } from "#core";

export type Answer =
  | { readonly kind: "ok"; readonly body: unknown; readonly scopes: readonly string[] | null }
  | { readonly kind: "refused"; readonly error: string; readonly needed: string | null }
  /** No answer of Slack at all. */
  | ({ readonly kind: "away" } & Away);

export type Caller = (method: string, token: string, args?: Readonly<Record<string, string>>) => Promise<Answer>;

const TIMEOUT_MS = 10_000;
const answer = z.looseObject({ ok: z.boolean(), error: z.string().default("unknown"), needed: z.string().optional() });

export function createCaller(api: string, signal: AbortSignal): Caller {
  const base = api.endsWith("/") ? api : `${api}/`;
  return async (method, token, args = {}) => {
    try {
      const response = await fetch(`${base}${method}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams(args),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const body = answer.safeParse(await response.json().catch(() => undefined));
      if (!body.success) return { kind: "away", ...strange(response.status) };
      if (!body.data.ok) return { kind: "refused", error: body.data.error, needed: body.data.needed ?? null };
      const scopes = response.headers.get("x-oauth-scopes");
      return { kind: "ok", body: body.data, scopes: scopes === null ? null : scopes.split(",").map((s) => s.trim()) };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "away", ...awayBy(codeOf(error)) };
    }
  };
}

/** The system's code, or the error's name: its text may quote what was sent. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  if (cause instanceof Error && cause.message === "bad port") return "BAD_PORT";
  return error instanceof Error ? error.name : "unknown";
}

const strange = (status: number): Away => ({
  happened: `what is there answered with status ${status}, and not as Slack does`,
  remedy: "Check the proxy that stands between, if there is one.",
});
