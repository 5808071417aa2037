/** Speaks to Nova's control surface: one request, lines of JSON back. Used by every command. */
import { type ErrorCode, NovaError } from "#core";
import { z } from "zod";

/** Reaches the running service or a Nova in this process; the host of the request does not matter. */
export type Fetch = (request: Request) => Promise<Response>;

export type Call = {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly onEvent?: (event: unknown) => void;
  readonly signal: AbortSignal;
};

/** The result, or a throw: the NovaError that came over the wire, or `unavailable` when the line broke. */
export async function call(fetch: Fetch, { method = "POST", path, body, onEvent, signal }: Call): Promise<unknown> {
  try {
    const response = await fetch(
      new Request(`http://nova${path}`, {
        method,
        signal,
        ...(method === "POST" && { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) }),
      }),
    );
    if (method === "GET") return await plainAnswer(response);
    return await lastLine(response, onEvent, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NovaError) throw error;
    throw new NovaError("unavailable", "The connection to Nova broke before it had answered.", {
      advice: "What it had accepted is kept. `nova status` shows whether it runs; its log holds the cause.",
      cause: error,
    });
  }
}

async function plainAnswer(response: Response): Promise<unknown> {
  const value: unknown = await response.json();
  throwIfError(value);
  if (!response.ok) throw unexpected(response);
  return value;
}

async function lastLine(
  response: Response,
  onEvent: (event: unknown) => void = () => {},
  signal: AbortSignal,
): Promise<unknown> {
  for await (const value of lines(response, signal)) {
    throwIfError(value);
    if (isRecord(value) && "event" in value) onEvent(value["event"]);
    else if (isRecord(value) && "result" in value) return value["result"];
    else if (response.ok) return value;
  }
  throw unexpected(response);
}

/** A Nova in this process does not see the request's signal: whoever leaves says so by cancelling what it sends. */
async function* lines(response: Response, signal: AbortSignal): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = "";
  const reader = response.body?.getReader();
  const leave = (): void => void reader?.cancel().catch(() => {});
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const chunk = read.value;
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) if (piece.trim() !== "") yield JSON.parse(piece);
  }
  signal.removeEventListener("abort", leave);
  if (rest.trim() !== "") yield JSON.parse(rest);
}

const failure = z.object({
  error: z.object({ code: z.string(), message: z.string(), advice: z.string().default("") }),
});

function throwIfError(value: unknown): void {
  const failed = failure.safeParse(value);
  if (!failed.success) return;
  const { code, message, advice } = failed.data.error;
  throw new NovaError(isErrorCode(code) ? code : "unavailable", message, { advice });
}

const CODES: Readonly<Record<ErrorCode, true>> = {
  bad_input: true,
  bad_config: true,
  bad_plugin: true,
  not_found: true,
  forbidden: true,
  too_large: true,
  locked: true,
  database: true,
  newer_database: true,
  port_in_use: true,
  unavailable: true,
};
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(CODES, code);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function unexpected(response: Response): NovaError {
  return new NovaError("unavailable", `Nova's answer was not understood (status ${response.status}).`, {
    advice: "Another version may be running for this folder; stop it and start this one.",
  });
}
