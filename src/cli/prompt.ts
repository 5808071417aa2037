/** The line that a person types into `nova chat`: editing, history, pasted blocks. On node:readline. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { checkedText, type Terminal } from "./terminal.ts";

export interface Prompt {
  /** The next message; undefined when the person leaves. Blank lines are passed over. Throws when input is no text. */
  next(): Promise<string | undefined>;
  /** Writes above the line that is being typed, which stays as it is. */
  say(text: string): void;
  /** Lines newest first, for the next chat. */
  history(): readonly string[];
  close(): void;
}

export type PromptOptions = {
  readonly mark: string;
  /** Newest first. */
  readonly history: readonly string[];
  /** Ctrl-C. At an idle prompt it means leaving; return false to have that. */
  readonly onInterrupt: () => boolean;
};

const PASTE_ON = "\u001b[?2004h";
const PASTE_OFF = "\u001b[?2004l";

export function createPrompt({ input, out }: Terminal, { mark, history, onInterrupt }: PromptOptions): Prompt {
  const isTerminal = input.isTTY === true && out.isTTY === true;
  const echo = createEcho(out);
  const source = isTerminal ? input : input.pipe(checkedText());
  const lines = createInterface({
    input: source,
    output: echo.stream,
    terminal: isTerminal,
    prompt: mark,
    history: [...history],
    historySize: 500,
  });
  const ready: string[] = [];
  const pasted: string[] = [];
  let pasting = false;
  let closed = false;
  let failure: unknown;
  let kept: readonly string[] = history;
  let ring = Promise.withResolvers<void>();

  lines.on("line", (line) => {
    if (pasting) return void pasted.push(line);
    ready.push([...pasted.splice(0), line].join("\n"));
    ring.resolve();
  });
  lines.on("history", (all: string[]) => (kept = [...all]));
  lines.on("error", (error: Error) => {
    failure = error;
    ring.resolve();
  });
  lines.on("close", () => {
    closed = true;
    ring.resolve();
  });
  lines.on("SIGINT", () => {
    if (onInterrupt()) return;
    // As in a shell: what is typed goes first, and only an empty prompt is left.
    if (lines.line === "") return lines.close();
    lines.write(null, { ctrl: true, name: "e" });
    lines.write(null, { ctrl: true, name: "u" });
  });
  if (isTerminal) {
    // Line breaks inside a paste belong to the message; the terminal marks where a paste begins and ends.
    input.on("keypress", (_text, key: { name?: string } | undefined) => {
      if (key?.name === "paste-start") pasting = true;
      if (key?.name === "paste-end") pasting = false;
    });
    out.write(PASTE_ON);
  }

  return {
    async next() {
      echo.on();
      if (isTerminal && ready.length === 0 && !closed) lines.prompt(true);
      for (;;) {
        const line = ready.shift();
        if (line === undefined && failure !== undefined) throw failure;
        if (line === undefined && closed) return undefined;
        if (line !== undefined && line.trim() !== "") {
          // What is typed ahead must not break into what Nova draws; it shows at the next prompt.
          echo.off();
          return line;
        }
        if (line !== undefined && isTerminal) lines.prompt();
        if (line === undefined) {
          await ring.promise;
          ring = Promise.withResolvers();
        }
      }
    },
    say(text) {
      if (!isTerminal || closed) return void out.write(`${text}\n`);
      const { rows } = lines.getCursorPos();
      out.write(`${rows > 0 ? `\u001b[${rows}A` : ""}\r\u001b[J${text}\n`);
      lines.prompt(true);
    },
    history: () => kept,
    close() {
      lines.close();
      if (!isTerminal) input.unpipe().pause();
      if (isTerminal) out.write(PASTE_OFF);
    },
  };
}

/** What readline draws on: the terminal's output, or nothing while Nova draws. */
function createEcho(out: Terminal["out"]) {
  let silent = false;
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (!silent) out.write(chunk);
      done();
    },
  });
  Object.defineProperties(stream, {
    columns: { get: () => out.columns },
    rows: { get: () => out.rows },
    isTTY: { value: out.isTTY },
  });
  return { stream, on: () => void (silent = false), off: () => void (silent = true) };
}
