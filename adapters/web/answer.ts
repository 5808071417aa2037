/** The page's refusals as JSON, in the same form as the server's own. */
import { decodeUtf8, NovaError } from "#core";

export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
};

export function refuse({ status, code, message, advice = "" }: Refusal): Response {
  return json({ error: { code, message, advice } }, status);
}

export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store" } });
}

/** Parses a body that may hold anything. Throws `bad_input` NovaErrors for bytes that are not UTF-8 and not JSON. */
export async function readJson(request: Request): Promise<unknown> {
  const text = decodeUtf8(await request.arrayBuffer(), "The body");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NovaError("bad_input", "The body is not valid JSON.", { cause: error });
  }
}
