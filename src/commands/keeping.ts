/** What `nova backup`, `nova restore` and `nova migrate` do in a terminal. Built by cli.ts. */
import { createWriteStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { NovaError, systemClock, type Log } from "#core";
import { checkBackup } from "../archive/read.ts";
import { call } from "../cli/client.ts";
import { OK } from "../cli/ending.ts";
import type { KeepingActions } from "../cli/keeping-commands.ts";
import { createLive } from "../cli/live.ts";
import { readAll, safe, type Terminal } from "../cli/terminal.ts";
import type { Config } from "../settings/config.ts";
import { drawChecked, drawMigrated, drawMoved, drawRestored, figure, withoutPassword } from "../verbs/archive-words.ts";
import { backup } from "../verbs/backup.ts";
import type { Fetch } from "./visit.ts";

export type KeepingDeps = {
  readonly terminal: Terminal;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly prepare: () => Promise<{ readonly config: Config; readonly log: Log }>;
  readonly onWait: (config: Config) => void;
  /** Runs the work through the service or in the folder, and takes its result as the exit code. */
  readonly visit: (work: (fetch: Fetch, config: Config) => Promise<number>) => Promise<void>;
};

export function createKeeping({ terminal, version, signal, prepare, onWait, visit }: KeepingDeps): KeepingActions {
  const { out, err, ink, errInk } = terminal;

  const print = (json: boolean, value: unknown, words: string): void => {
    out.write(`${json ? JSON.stringify(value, null, 2) : safe(words)}\n`);
  };
  /** Shows how far the work is, as long as it goes on. */
  const shown = async <T>(work: (status: (line: string) => void) => Promise<T>): Promise<T> => {
    const live = createLive(err, errInk);
    return work((line) => live.status(line)).finally(() => live.clear());
  };
  const aloneOptions = async () => {
    const { config, log } = await prepare();
    return { config, options: { log, clock: systemClock, signal, onWait: () => onWait(config) } };
  };

  return {
    async backup(given, { check = false, json = false }) {
      if (check) {
        const file = resolve(fileOf(given));
        const found = await shown((status) =>
          checkBackup(file, (rows) => status(`Checking: ${figure(rows)} rows`), signal),
        );
        return print(json, found, drawChecked(found, ink));
      }
      const piped = given === "-";
      if (piped) refuseTerminal(terminal, json);
      await visit(async (fetch, config) => {
        const name = nameAt(systemClock.now());
        // A slow reader must not hold the database up: the file is written first, and only then read out.
        const file = piped ? join(config.home, name) : resolve(given ?? name);
        const result = await shown((status) =>
          call(fetch, {
            path: `/control/${backup.name}`,
            body: { file },
            onEvent: (event) => status(`Saving: ${figure(progress.parse(event).rows)} rows`),
            signal,
          }),
        );
        if (piped) await pourOut(file, terminal, signal);
        else print(json, result, backup.read(safe(result)).words(ink));
        return OK;
      });
    },

    async restore(given, { replace = false, json = false }) {
      const { config, options } = await aloneOptions();
      const { restoreNova } = await import("./restore.ts");
      const run = (file: string) =>
        shown((status) =>
          restoreNova(config, file, {
            ...options,
            replace,
            onRows: (step, rows) => status(`${step === "checked" ? "Checking" : "Loading"}: ${figure(rows)} rows`),
          }),
        );
      const restored = given === "-" ? await spooled(config.home, terminal, signal, run) : await run(resolve(given));
      print(json, restored, drawRestored(restored, ink));
    },

    async migrate({ to, replace = false, json = false }) {
      const { config, options } = await aloneOptions();
      const { migrateNova, moveNova } = await import("./move.ts");
      if (to === undefined) {
        if (replace)
          throw new NovaError("bad_input", "--replace belongs to --to.", { advice: "See `nova migrate --help`." });
        const migrated = await migrateNova(config, options);
        return print(json, { migrated }, drawMigrated(migrated, ink));
      }
      const url = serverOf(to === "-" ? await readAll(terminal.input) : to);
      const moved = await shown((status) =>
        moveNova(config, url, {
          ...options,
          version,
          replace,
          onRows: (rows) => status(`Moving: ${figure(rows)} rows`),
        }),
      );
      const target = withoutPassword(url);
      print(json, { ...moved, to: target }, drawMoved({ ...moved, to: target }, ink));
    },
  };
}

const progress = z.object({ rows: z.int() });

/** Sorts by time, and says in which zone. */
const nameAt = (now: Date): string => `nova-${now.toISOString().slice(0, 19).replaceAll(":", "")}Z.backup`;

function fileOf(given: string | undefined): string {
  if (given !== undefined && given !== "-") return given;
  throw new NovaError("bad_input", "--check needs the name of a file.", {
    advice: "Try `nova backup --check <file>`.",
  });
}

function refuseTerminal({ out }: Terminal, json: boolean): void {
  if (json) throw new NovaError("bad_input", "A backup on standard output leaves no room for --json.");
  if (!out.isTTY) return;
  throw new NovaError("bad_input", "A backup is nothing for a terminal.", { advice: "Name a file, or use a pipe." });
}

/** The name goes before the first byte is read, so that nothing stays behind however this ends. */
async function pourOut(file: string, { out }: Terminal, signal: AbortSignal): Promise<void> {
  const handle = await open(file);
  await rm(file);
  await pipeline(handle.createReadStream(), out, { end: false, signal });
}

/** What comes in is read twice, so it has to lie somewhere. */
async function spooled<T>(
  home: string,
  { input }: Terminal,
  signal: AbortSignal,
  work: (file: string) => Promise<T>,
): Promise<T> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const file = join(home, `standard-input-${process.pid}.partial`);
  try {
    await pipeline(input, createWriteStream(file, { mode: 0o600 }), { signal });
    return await work(file);
  } finally {
    await rm(file, { force: true });
  }
}

const server = z.url({ protocol: /^postgres(ql)?$/, hostname: /.*/ });

/** The text may hold a password, so that no error repeats it. */
function serverOf(text: string): string {
  const parsed = server.safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw new NovaError("bad_input", "The address after --to is none of a PostgreSQL server.", {
    advice: "It looks like postgres://user@host:5432/database.",
  });
}
