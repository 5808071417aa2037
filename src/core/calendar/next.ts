/** When a schedule is due next. Pure. */
import { Cron } from "croner";
import type { When } from "./when.ts";
import { daysLater, momentOf, wallOf } from "./zone.ts";

const DAY = 24 * 60 * 60_000;

/** The first time after `after`, strictly; null when there is none. Expects what `soundWhen` let through. */
export function nextOf(when: When, after: Date): Date | null {
  switch (when.kind) {
    case "at":
      return when.at > after ? when.at : null;
    case "every":
      return nextEvery(when, after);
    case "cron":
      return cronOf(when.cron, when.zone).nextRun(after);
  }
}

/** Multiples of the beginning, so that nothing drifts; whole days are counted on the calendar where a zone is given. */
function nextEvery({ everyMs, from, zone }: Extract<When, { kind: "every" }>, after: Date): Date {
  if (from > after) return from;
  const passed = Math.floor((after.getTime() - from.getTime()) / everyMs);
  if (zone === undefined || everyMs % DAY !== 0) return new Date(from.getTime() + (passed + 1) * everyMs);
  const wall = wallOf(from, zone);
  const days = everyMs / DAY;
  for (let times = Math.max(1, passed); ; times += 1) {
    const at = momentOf(daysLater(wall, times * days), zone);
    if (at > after) return at;
  }
}

/** Lists of hours count as fixed times, too: a doubled hour says them once. */
export function cronOf(cron: string, zone: string): Cron {
  return new Cron(cron, { timezone: zone, mode: "5-part", paused: true, fixedTimeRule: "no-wildcard" });
}
