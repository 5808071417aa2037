/** What is to become of a schedule that is due: run, put off, missed, paused, tried again. Pure; used by timekeeper.ts. */
import { nextOf, quietEnd, type DueAsk, type DueRun, type DueStep } from "#core";

/** A process that is started anew is not late yet. */
const LATE_MS = 2 * 60_000;
/** What came once and is older is of no use any more; it is told in a summary. */
const TOO_LATE_MS = 24 * 60 * 60_000;

export function decide({ schedule, dueAt, now, rhythm, putOffFrom, isBlocked }: DueAsk): DueStep {
  if (isBlocked) return { kind: "pause", because: "blocked" };
  if (schedule.person.role === "guest") return { kind: "pause", because: "guest" };
  const { when, urgent } = schedule;
  // What is tried again is as late as it was to be said in the first place.
  const late = now.getTime() - (when.kind === "at" ? when.at : dueAt).getTime();
  const nextAt = nextOf(when, now);
  // A time that somebody named is kept, at night too; what comes again and again waits for the morning.
  const until = urgent || when.kind === "at" ? undefined : quietEnd(rhythm, now);
  if (until && until > now) return { kind: "quiet", until };
  if (when.kind === "at" && late > TOO_LATE_MS && putOffFrom === null) return { kind: "missed", nextAt };
  return { kind: "run", late: late > LATE_MS, nextAt };
}

const SOONEST_MS = 5 * 60_000;
const LATEST_MS = 60 * 60_000;

/** When what came once and reached nobody is tried again: ever more seldom, within a day. What comes anyway is not. */
export function againAt({ schedule: { when } }: Pick<DueRun, "schedule">, now: Date): Date | undefined {
  if (when.kind !== "at") return undefined;
  const late = now.getTime() - when.at.getTime();
  const wait = Math.min(Math.max(late, SOONEST_MS), LATEST_MS);
  return late + wait > TOO_LATE_MS ? undefined : new Date(now.getTime() + wait);
}
