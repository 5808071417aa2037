/** The way into a folder for one verb: beside the running service, or as its only holder. Used by the roof. */
import { NovaError } from "#core";
import { type HomeLock, type LockOptions, lockHome } from "./lock.ts";
import { type Service, findService } from "./service.ts";

export type Entered =
  | { readonly kind: "service"; readonly service: Service }
  | { readonly kind: "alone"; readonly lock: HomeLock };

const LOOK_AGAIN_MS = 500;

/**
 * Prefers the service. A folder that is taken without one is waited for, at most `waitMs`; a service that comes up
 * meanwhile is used. Throws as `lockHome` does.
 */
export async function enterHome(folder: string, options: LockOptions): Promise<Entered> {
  const deadline = performance.now() + options.waitMs;
  let onWait = options.onWait;
  for (;;) {
    const service = await findService(folder, options.signal);
    if (service) return { kind: "service", service };
    const left = deadline - performance.now();
    const lock = await tryFor(folder, Math.min(LOOK_AGAIN_MS, Math.max(0, left)), {
      ...(options.signal && { signal: options.signal }),
      ...(onWait && { onWait }),
    });
    if (lock instanceof NovaError && left <= 0) throw lock;
    if (!(lock instanceof NovaError)) return { kind: "alone", lock };
    onWait = undefined;
  }
}

async function tryFor(
  folder: string,
  waitMs: number,
  options: Omit<LockOptions, "waitMs">,
): Promise<HomeLock | NovaError> {
  try {
    return await lockHome(folder, { ...options, waitMs });
  } catch (error) {
    if (error instanceof NovaError && error.code === "locked") return error;
    throw error;
  }
}
