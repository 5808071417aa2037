/** Does with all that is stored what nothing may run beside. Called by restore.ts and move.ts. */
import { NovaError, type Clock, type Log } from "#core";
import { enterHome } from "../home/enter.ts";
import type { Config } from "../settings/config.ts";

export type AloneOptions = {
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once when another process has the folder and no service answers. */
  readonly onWait: () => void;
};

const WAIT_MS = 30_000;

/** Throws `locked` when a service runs. */
export async function alone<T>(
  { home }: Config,
  verb: string,
  { signal, onWait }: AloneOptions,
  work: () => Promise<T>,
): Promise<T> {
  const entered = await enterHome(home, { waitMs: WAIT_MS, signal, onWait });
  if (entered.kind === "service") {
    const { pid, startedAt } = entered.service.run;
    const since = startedAt.toISOString();
    throw new NovaError(
      "locked",
      `Nova runs for ${home} (process ${pid}, since ${since}); ${verb} needs it to itself.`,
      {
        advice: "Stop that process first, then try again.",
      },
    );
  }
  try {
    return await work();
  } finally {
    entered.lock.release();
  }
}
