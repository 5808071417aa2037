/** Text to JSON at every door that takes it. Used by the control surface and by channels. */
import { NovaError } from "./errors.ts";
import { decodeUtf8 } from "./utf8.ts";

/** Throws a `bad_input` NovaError; `what` begins its sentence, for instance `The body`. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NovaError("bad_input", `${what} is not valid JSON.`, { cause });
  }
}

/** A request's body that may hold anything. `empty` is what none at all stands for; left out, that is refused as well. */
export async function readJson(request: Request, empty?: unknown): Promise<unknown> {
  const text = decodeUtf8(await request.arrayBuffer(), "The body");
  return text === "" && empty !== undefined ? empty : parseJson(text, "The body");
}
