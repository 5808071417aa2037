/** The terminal that a command runs in: its streams, and what they can show. Handed to every command. */
import { Transform, type Readable, type TransformCallback } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { createUtf8Reader, decodeUtf8, NovaError } from "#core";
import { createInk, type Ink } from "./ink.ts";

export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};
export type Input = Readable & { readonly isTTY?: boolean };

export type Terminal = {
  readonly input: Input;
  /** What was asked for. */
  readonly out: Output;
  /** Everything else: progress, warnings, errors. */
  readonly err: Output;
  readonly ink: Ink;
  readonly errInk: Ink;
  /** How replies are to be drawn; no width where the output is no terminal. */
  readonly look: { readonly color: boolean; readonly width?: number };
};

export function createTerminal(streams: { input: Input; out: Output; err: Output }, noColor: boolean): Terminal {
  const color = streams.out.isTTY === true && !noColor;
  return {
    ...streams,
    ink: createInk(color),
    errInk: createInk(streams.err.isTTY === true && !noColor),
    look: streams.out.isTTY
      ? { color, width: Math.max(20, Math.min(100, (streams.out.columns ?? 80) - 1)) }
      : { color },
  };
}

/** 1 MB: ten times the longest message, so that a mistaken pipe ends with words. */
const MOST_BYTES = 1_000_000;

/** All of standard input as text. What is too long or no UTF-8 is refused, never mended. */
export async function readAll(input: Input): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  return decodeUtf8(Buffer.concat(chunks), STANDARD_INPUT);
}

/** Passes on what comes in, and fails like `readAll` at the first bytes that are no UTF-8. */
export function checkedText(): Transform {
  const read = createUtf8Reader(STANDARD_INPUT);
  const check = (bytes: Buffer | undefined, done: TransformCallback): void => {
    try {
      read(bytes);
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)));
    }
    done(null, bytes);
  };
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => check(chunk, done),
    flush: (done) => check(undefined, done),
  });
}

/** Refuses words of the command line that were no UTF-8; node has mended them already, which shows. */
export function checkArguments(args: readonly string[]): void {
  const mended = args.find((arg) => arg.includes("\uFFFD"));
  if (mended === undefined) return;
  throw new NovaError("bad_input", `The argument ${JSON.stringify(mended.slice(0, 60))} is not UTF-8 text.`, {
    advice: "Use a UTF-8 terminal, or pass the text on standard input.",
  });
}

const STANDARD_INPUT = "Standard input";

function tooLarge(): NovaError {
  return new NovaError("too_large", "Standard input is larger than 1 MB.", {
    advice: "Send only the part that matters.",
  });
}

/** What came from elsewhere must not steer the terminal: no escape sequences, no control characters. */
export function safe<Value>(value: Value): Value {
  return revive(value, (text) => stripVTControlCharacters(text).replace(/(?![\n\t])\p{Cc}/gu, ""));
}

function revive<Value>(value: Value, clean: (text: string) => string): Value {
  const json: Value = JSON.parse(JSON.stringify(value ?? null), (_key, each: unknown) =>
    typeof each === "string" ? clean(each) : each,
  );
  return json;
}
