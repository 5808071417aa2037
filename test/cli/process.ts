/** The `nova` command as its own process, in an own home, with nothing of the surrounding environment. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { vi } from "vitest";

const CLI = new URL("../../src/bin.ts", import.meta.url).pathname;

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

export type Started = {
  readonly child: ChildProcessWithoutNullStreams;
  out(): string;
  err(): string;
  /** Waits until standard output matches. */
  says(words: RegExp): Promise<readonly string[]>;
  readonly ended: Promise<Ended>;
};

export type Env = Readonly<Record<string, string>>;

/** `clean` is called with every process, so that none outlives its test. */
export function createNova(home: string, clean: (child: ChildProcessWithoutNullStreams) => void) {
  const start = (args: readonly string[], env: Env = {}, uid?: number): Started => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CLI, ...args], {
      env: { PATH: process.env["PATH"] ?? "", NOVA_HOME: home, NOVA_PORT: "0", NOVA_LOG: "error", ...env },
      ...(uid !== undefined && { uid }),
    });
    clean(child);
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, out, err })));
    return {
      child,
      out: () => out,
      err: () => err,
      async says(words) {
        await vi.waitFor(
          () => {
            if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${err}`);
            if (!words.test(out)) throw new Error(`it has not said ${String(words)} but: ${out}${err}`);
          },
          { timeout: 60_000, interval: 50 },
        );
        return words.exec(out) ?? [];
      },
      ended,
    };
  };
  const run = async (
    args: readonly string[],
    { env = {}, input = "" }: { env?: Env; input?: string | Buffer } = {},
  ) => {
    const started = start(args, env);
    started.child.stdin.on("error", () => {}); // It may end before it has read everything.
    started.child.stdin.end(input);
    return started.ended;
  };
  return { start, run };
}
