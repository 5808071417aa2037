/** How many requests came without a good signature. Anyone may send them: the log tells of them once a minute. Fed by http.ts. */
import { createThrottle, type AdapterHost } from "#core";

export interface Unverified {
  note(why: string): void;
}

const QUIET_MS = 60_000;

export function createUnverified({ clock, log }: Pick<AdapterHost, "clock" | "log">): Unverified {
  const throttle = createThrottle({ limit: 1, windowMs: QUIET_MS, clock });
  let untold = 0;
  return {
    note(why) {
      untold += 1;
      if (throttle.attempt("unverified") > 0) return;
      log.warn("slack.unverified", { why, requests: untold });
      untold = 0;
    },
  };
}
