/** Shows what a verb is about to do and has the person type that it is meant. Called by cli.ts. */
import { createInterface } from "node:readline/promises";
import { NovaError } from "#core";
import type { Terminal } from "./terminal.ts";

export type Question = {
  readonly words: string;
  readonly typed: string;
  readonly maySkip: boolean;
  readonly otherwise: NovaError;
};

export type AskOptions = {
  /** What it is about, drawn. */
  readonly about: string;
  /** `--yes` was given. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
};

/** Resolves with what was typed, undefined where `--yes` stood for it; throws when it was something else, or nobody can type. */
export async function typedBeforehand(
  terminal: Pick<Terminal, "input" | "err" | "errInk">,
  question: Question,
  { about, yes, signal }: AskOptions,
): Promise<string | undefined> {
  if (yes && question.maySkip) return undefined;
  const { input, err, errInk } = terminal;
  if (input.isTTY !== true || err.isTTY !== true) throw question.otherwise;
  err.write(`${about}\n\n`);
  const lines = createInterface({ input, output: err });
  const over = new AbortController();
  lines.once("close", () => over.abort());
  try {
    const until = AbortSignal.any([signal, over.signal]);
    const line = await lines.question(`${errInk.bold(question.words)} `, { signal: until }).catch(() => "");
    signal.throwIfAborted();
    if (line.trim() === question.typed) return line.trim();
  } finally {
    lines.close();
  }
  throw new NovaError("forbidden", "That is not what was asked for, so nothing was decided.", {
    advice: "Run it again to decide.",
  });
}
