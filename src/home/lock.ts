/** The exclusive lock of NOVA_HOME: one process at a time. Taken before anything in the folder is opened. */
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { NovaError } from "#core";

export interface HomeLock {
  /** Frees the folder at once. May be called twice. */
  release(): void;
}

export type LockOptions = {
  /** How long to wait for another process to let go; 0 tries once. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** Called once, when the folder is found taken and the wait begins. */
  readonly onWait?: () => void;
};

/**
 * Makes the folder (mode 0700) when it is missing and locks it. The lock is a transaction that SQLite holds open on
 * `lock`, so the system frees it however the process ends; a file with a pid in it would outlive a crash.
 * Throws `locked` when the wait is over, `bad_config` when the folder cannot be used, and the signal's reason.
 */
export async function lockHome(folder: string, options: LockOptions): Promise<HomeLock> {
  await openFolder(folder);
  const deadline = performance.now() + options.waitMs;
  for (let told = false; ;) {
    options.signal?.throwIfAborted();
    const lock = tryLock(folder);
    if (lock) return lock;
    if (performance.now() >= deadline) throw taken(folder);
    if (!told) options.onWait?.();
    told = true;
    await pause(RETRY_MS, undefined, { ...(options.signal && { signal: options.signal }) });
  }
}

const RETRY_MS = 100;

async function openFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function tryLock(folder: string): HomeLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, "lock"));
    database.exec("pragma busy_timeout = 0; begin exclusive");
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw unusable(folder, error);
  }
  const held = database;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** node:sqlite puts SQLite's own number in `errcode`; its low byte is the primary code. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  return (error.errcode & 0xff) === SQLITE_BUSY;
}

function taken(folder: string): NovaError {
  return new NovaError("locked", `Another Nova process is using ${folder}.`, {
    advice: "Wait until it has ended, or set NOVA_HOME to another folder.",
  });
}

function unusable(folder: string, cause: unknown): NovaError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  return new NovaError("bad_config", `The folder ${folder} cannot be read and written (${code}).`, {
    advice: "Give this user the right to it, or set NOVA_HOME to another folder.",
    cause,
  });
}
