/** `nova start`: holds the folder, runs the service, and leaves in good order. Called by cli.ts. */
import { randomBytes } from "node:crypto";
import { type Log, NovaError } from "#core";
import { enterHome } from "../home/enter.ts";
import type { HomeLock } from "../home/lock.ts";
import { removeRunFile, writeRunFile } from "../home/run-file.ts";
import type { Nova, Started } from "../nova.ts";
import type { Config } from "../settings/config.ts";
import type { ChannelNews } from "./channels.ts";

export type StartOptions = {
  readonly version: string;
  readonly log: Log;
  /** Aborts when the service is to end. */
  readonly signal: AbortSignal;
  readonly onWait: () => void;
  /** Called once when the database server is not up yet. */
  readonly onDatabaseWait: (place: string) => void;
  /** Called whenever a channel that connects out is up or down, never before `onReady`. */
  readonly onChannel: (news: ChannelNews) => void;
  /** Called once, when everything answers. */
  readonly onReady: (nova: Nova, started: Started) => void;
  /** Called once, when the end has begun: what runs may take a moment to finish. */
  readonly onStopping: () => void;
};

const WAIT_MS = 30_000;
/** Containers that start together come up in any order. */
const DATABASE_MS = 30_000;

/** Resolves when the service has ended. */
export async function startNova(config: Config, options: StartOptions): Promise<void> {
  const lock = await takeHome(config, options);
  try {
    await serve(config, options);
  } finally {
    lock.release();
  }
}

async function takeHome({ home }: Config, { signal, onWait }: StartOptions): Promise<HomeLock> {
  const entered = await enterHome(home, { waitMs: WAIT_MS, signal, onWait });
  if (entered.kind === "alone") return entered.lock;
  const { pid, startedAt } = entered.service.run;
  throw new NovaError("locked", `Nova already runs for ${home} (process ${pid}, since ${startedAt.toISOString()}).`, {
    advice: "Use it, stop it first, or set NOVA_HOME to another folder.",
  });
}

async function serve(config: Config, options: StartOptions): Promise<void> {
  const { version, log, signal, onReady, onStopping } = options;
  const { buildNova } = await import("../main.ts");
  const patience = { ms: DATABASE_MS, onWait: options.onDatabaseWait, signal };
  const nova = await buildNova(config, { service: true, log, patience });
  try {
    signal.throwIfAborted();
    const token = randomBytes(32).toString("base64url");
    const early: ChannelNews[] = [];
    let tell = (news: ChannelNews): void => void early.push(news);
    const started = await nova.start({ controlToken: token, onChannel: (news) => tell(news) });
    const run = { port: started.controlPort, token, pid: process.pid, startedAt: new Date(), version };
    await writeRunFile(config.home, run);
    log.info("nova.started", { url: started.url, model: nova.model, version });
    onReady(nova, started);
    tell = options.onChannel;
    early.forEach(tell);
    const failed = await Promise.race([aborted(signal), nova.failed]);
    if (failed) throw failed;
    log.info("nova.stopping");
    onStopping();
  } finally {
    // First the file: from here on a verb waits for the folder instead of speaking to a service that leaves.
    await removeRunFile(config.home);
    await nova.stop();
    log.info("nova.stopped");
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
