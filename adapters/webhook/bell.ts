/** Rings when a turn of an endpoint's conversations has ended, at the latest after a while. Heard by await-reply.ts. */
import type { ProgressBus } from "#core";
import { PLATFORM } from "./platform.ts";

export interface Bell {
  /** Resolves at the next ring after this call, after `ms`, or when `signal` aborts. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  still(): void;
}

export function hangBell(progress: ProgressBus, scope: string): Bell {
  let ring = Promise.withResolvers<void>();
  const still = progress.listen((address, news) => {
    if (news.kind !== "ended" || address.platform !== PLATFORM || address.scope !== scope) return;
    ring.resolve();
    ring = Promise.withResolvers();
  });
  return {
    async next(ms, signal) {
      if (signal.aborted) return;
      const over = Promise.withResolvers<void>();
      const timer = setTimeout(over.resolve, ms);
      const leave = (): void => over.resolve();
      signal.addEventListener("abort", leave, { once: true });
      await Promise.race([ring.promise, over.promise]);
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    },
    still,
  };
}
