/** How a command ends: its exit code, and what an error says. Used by cli.ts. */
import { CommanderError } from "commander";
import { novaErrorIn } from "#core";
import type { Ink } from "./ink.ts";

export const OK = 0;
export const FAILED = 1;
/** The command line, the input or the environment was wrong. */
const MISUSED = 2;

export type Ending = { readonly code: number; readonly words: string };

/** Undefined for an error that nobody expected: it belongs into the log. */
export function endingOf(error: unknown, ink: Ink): Ending | undefined {
  // Commander has written its own words already.
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? OK : MISUSED, words: "" };
  const known = novaErrorIn(error);
  if (!known) return undefined;
  const code = known.code === "bad_input" || known.code === "bad_config" ? MISUSED : FAILED;
  return { code, words: `${ink.red("nova:")} ${known.message}\n${known.advice ? `${known.advice}\n` : ""}` };
}

/** SIGINT ends with this code by custom. */
export const INTERRUPTED = 130;
