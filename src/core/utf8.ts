/** Bytes to text at every door. What is not UTF-8 is refused: a mended text would be kept as if it had been meant. */
import { NovaError } from "./errors.ts";

/** Throws a `bad_input` NovaError; `what` begins its sentence, for instance `The body`. */
export function decodeUtf8(bytes: ArrayBuffer | Uint8Array, what: string): string {
  return decodeWith(new TextDecoder("utf-8", { fatal: true }), bytes, what, false);
}

/** The same for bytes that come in pieces, which may end inside of a character. Call without bytes at the end. */
export function createUtf8Reader(what: string): (bytes?: ArrayBuffer | Uint8Array) => string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return (bytes) => decodeWith(decoder, bytes, what, bytes !== undefined);
}

function decodeWith(
  decoder: TextDecoder,
  bytes: ArrayBuffer | Uint8Array | undefined,
  what: string,
  stream: boolean,
): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    throw new NovaError("bad_input", `${what} is not UTF-8 text.`, {
      advice: "Convert it first, for instance with `iconv`.",
      cause,
    });
  }
}
