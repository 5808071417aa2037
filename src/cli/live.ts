/** The last lines of the screen while Nova works: a spinner, what it does, and the draft so far. Used by ask and chat. */
import { stripVTControlCharacters } from "node:util";
import type { Output } from "./terminal.ts";
import type { Ink } from "./ink.ts";

export interface Live {
  status(line: string): void;
  draft(text: string): void;
  /** A line that stays, above what is drawn. */
  say(line: string): void;
  /** Takes everything away that it has drawn. May be called twice. */
  clear(): void;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** Draws nothing where the output is no terminal, and says only lines that stay. */
export function createLive(output: Output, ink: Ink): Live {
  if (!output.isTTY) {
    return { status() {}, draft() {}, clear() {}, say: (line) => void output.write(`${line}\n`) };
  }
  let status = "";
  let draft = "";
  let drawn = 0;
  let frame = 0;

  const erase = (): void => {
    if (drawn > 1) output.write(`\u001b[${drawn - 1}A`);
    if (drawn > 0) output.write("\r\u001b[J");
    drawn = 0;
  };
  const draw = (): void => {
    erase();
    const columns = output.columns ?? 80;
    const spinner = `${ink.cyan(FRAMES[frame % FRAMES.length] ?? "")} ${ink.dim(cut(status, columns - 4))}`;
    // A draft that is taller than the screen could not be erased again: its end is what is new.
    const lines = tail(draft, (output.rows ?? 24) - 3, columns);
    const block = [...lines, ...(lines.length > 0 ? [""] : []), spinner];
    output.write(block.join("\n"));
    drawn = block.reduce((rows, line) => rows + rowsOf(line, columns), 0);
  };
  const clock = setInterval(() => {
    frame += 1;
    draw();
  }, FRAME_MS);

  return {
    status(line) {
      status = line;
    },
    draft(text) {
      draft = text;
    },
    say(line) {
      erase();
      output.write(`${line}\n`);
    },
    clear() {
      clearInterval(clock);
      erase();
    },
  };
}

const cut = (line: string, most: number): string => (line.length <= most ? line : `${line.slice(0, most - 1)}…`);

/** Wide characters may count double; counting all beyond Latin so errs towards erasing a row less than drawn. */
function rowsOf(line: string, columns: number): number {
  let width = 0;
  for (const character of stripVTControlCharacters(line)) width += (character.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1;
  return Math.max(1, Math.ceil(width / columns));
}

function tail(text: string, rows: number, columns: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const line of text === "" ? [] : text.split("\n").toReversed()) {
    used += rowsOf(line, columns);
    if (used > rows) break;
    kept.unshift(line);
  }
  return kept;
}
