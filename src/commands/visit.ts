/** A verb's visit to Nova: through the running service, or alone in its folder. Called by cli.ts. */
import type { Log } from "#core";
import { enterHome } from "../home/enter.ts";
import type { HomeLock } from "../home/lock.ts";
import type { Config } from "../settings/config.ts";

export type Fetch = (request: Request) => Promise<Response>;

export type VisitOptions = {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called once when another process has the folder and no service answers. */
  readonly onWait: () => void;
  /** Called once when the database server is not up yet. */
  readonly onDatabaseWait: (place: string) => void;
};

const WAIT_MS = 30_000;
/** Somebody sits before it: shorter than a service waits. */
const DATABASE_MS = 10_000;

/** Opens what is needed, does the work, and leaves nothing running or unfinished behind. */
export async function visitNova<Result>(
  config: Config,
  options: VisitOptions,
  work: (fetch: Fetch) => Promise<Result>,
): Promise<Result> {
  const { signal, onWait } = options;
  const entered = await enterHome(config.home, { waitMs: WAIT_MS, signal, onWait });
  if (entered.kind === "alone") return alone(config, entered.lock, options, work);
  const { service } = entered;
  return work((request) => service.fetch(request));
}

async function alone<Result>(
  config: Config,
  lock: HomeLock,
  { log, signal, onDatabaseWait }: VisitOptions,
  work: (fetch: Fetch) => Promise<Result>,
): Promise<Result> {
  try {
    // Loaded only now: a verb that speaks to the service needs neither database nor models.
    const { buildNova } = await import("../main.ts");
    const patience = { ms: DATABASE_MS, onWait: onDatabaseWait, signal };
    const nova = await buildNova(config, { service: false, log, patience });
    try {
      const result = await work((request) => nova.control.fetch(request));
      await nova.settled(signal);
      return result;
    } finally {
      await nova.stop();
    }
  } finally {
    lock.release();
  }
}
