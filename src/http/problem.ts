/** Refusals and failures as answers: JSON for programs, a small page for people. Used by both HTTP apps. */
import { html } from "hono/html";
import { answerRefusal, novaErrorIn, sentenceFor, type ErrorCode } from "#core";

export type Problem = {
  readonly status: number;
  readonly code: ErrorCode | "method_not_allowed" | "internal";
  readonly message: string;
  /** What the reader can do about it; empty when nothing. */
  readonly advice: string;
};

/** What a throw becomes. The text of a foreign error never leaves the process. */
export function problemOf(error: unknown): Problem {
  const known = novaErrorIn(error);
  if (!known) return { status: 500, code: "internal", message: sentenceFor(error), advice: "" };
  return { status: statusOf(known.code), code: known.code, message: known.message, advice: known.advice };
}

export function problemBody({ code, message, advice }: Problem): { error: Omit<Problem, "status"> } {
  return { error: { code, message, advice } };
}

/** A restart, or a database that comes back: what is unavailable is so for a moment. */
const RETRY_AFTER_S = "5";

/** JSON unless the caller says that it would rather read a page. */
export async function answerProblem(request: Request, problem: Problem): Promise<Response> {
  const headers = problem.status === 503 ? { "retry-after": RETRY_AFTER_S } : {};
  if (!request.headers.get("accept")?.includes("text/html")) return answerRefusal({ ...problem, headers });
  const page = await html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Nova: ${problem.status}</title>
      <h1>${problem.message}</h1>
      <p>${problem.advice}</p>
    </html>`;
  return new Response(page.toString(), {
    status: problem.status,
    headers: { ...headers, "cache-control": "no-store", "content-type": "text/html; charset=utf-8" },
  });
}

function statusOf(code: ErrorCode): number {
  switch (code) {
    case "bad_input":
      return 400;
    case "forbidden":
      return 403;
    case "not_found":
      return 404;
    case "too_large":
      return 413;
    case "locked":
    case "unavailable":
    case "database":
      return 503;
    case "bad_config":
    case "bad_plugin":
    case "newer_database":
    case "port_in_use":
      return 500;
  }
}
