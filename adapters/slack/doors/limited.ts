/** Slack's word that it holds back events because there are too many. Told by both doors, shown by health. */
import { z } from "zod";
import type { Clock, Health, Log } from "#core";

const limited = z.looseObject({ type: z.literal("app_rate_limited"), minute_rate_limited: z.number().nullish() });

/** Slack says it anew each minute that it goes on. */
const LASTS_MS = 2 * 60_000;

export interface Limited {
  /** True when that was the word; it is noted then, and needs nothing but an ack. */
  hears(body: unknown): boolean;
  /** What intake says of itself, unless Slack holds events back. */
  over(admission: Health): Health;
}

export function createLimited(clock: Clock, log: Log): Limited {
  let since = Number.NEGATIVE_INFINITY;
  return {
    hears(body) {
      const heard = limited.safeParse(body);
      if (!heard.success) return false;
      since = clock.now().getTime();
      log.warn("slack.rate_limited", { minute: heard.data.minute_rate_limited ?? null });
      return true;
    },
    over(admission) {
      if (!admission.ok || clock.now().getTime() - since >= LASTS_MS) return admission;
      return { ok: false, detail: "Slack holds events back: there are more than it passes on in an hour" };
    },
  };
}
