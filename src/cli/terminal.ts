/** The terminal that a command runs in: its streams, and what they can show. Handed to every command. */
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { NovaError } from "#core";
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
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new NovaError("bad_input", "Standard input is not UTF-8 text.", {
      advice: "Convert it first, for instance with `iconv`.",
      cause,
    });
  }
}

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
