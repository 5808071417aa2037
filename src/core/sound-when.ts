/** Whether a time is one at all and ever comes, with the nearest remedy where not. Asked by all who take one from a person. */
import { cronOf, nextOf } from "./calendar/next.ts";
import type { When } from "./calendar/when.ts";
import { zoneNamed, zonesLike } from "./calendar/zone.ts";
import { NovaError } from "./errors.ts";

const MINUTE = 60_000;
const YEAR = 366 * 24 * 60 * MINUTE;
/** What is farther ahead is most likely a slip. */
const FARTHEST_YEARS = 10;

/** The same with names as the zone database writes them; a `bad_input` for what is no time, or never comes. */
export function soundWhen(when: When, now: Date): When {
  switch (when.kind) {
    case "at":
      if (!(when.at.getTime() > now.getTime())) throw bad("That time is over.", "Name one that is to come.");
      if (when.at.getTime() > now.getTime() + FARTHEST_YEARS * YEAR)
        throw bad(`That is more than ${FARTHEST_YEARS} years ahead.`, "Name an earlier time.");
      return when;
    case "every":
      if (!Number.isInteger(when.everyMs) || when.everyMs < MINUTE)
        throw bad("More often than every minute is not possible.", "Write `every minute`, or a longer span.");
      if (Number.isNaN(when.from.getTime())) throw bad("The beginning is no time.", "Leave it out to begin now.");
      return when.zone === undefined ? when : { ...when, zone: knownZone(when.zone) };
    case "cron":
      return soundCron(when.cron, knownZone(when.zone), now);
  }
}

function soundCron(given: string, zone: string, now: Date): When {
  const cron = given.trim().replaceAll(/\s+/g, " ");
  let next: Date | null;
  try {
    next = cronOf(cron, zone).nextRun(now);
  } catch {
    throw bad(
      `“${given}” is no cron line.`,
      "It has five fields, minute hour day month weekday: `0 9 * * 1-5` is every weekday at 9.",
    );
  }
  if (next === null)
    throw bad(`“${cron}” never comes.`, "Look at its day and month: there is no 31 February, for instance.");
  return { kind: "cron", cron, zone };
}

/** Each answer may cost something. */
const LEAST_ASK_MS = 5 * MINUTE;

/** More than a day's worth of what comes every 5 minutes: a rule that has shorter gaps than that shows one among them. */
const LOOKED_AT = 400;

/**
 * Whether any two of its coming times lie too close together for Nova to be asked: the next two may be the last of one
 * hour and the first of another day. To be reminded so often is fine.
 */
export function isAskedTooOften(when: When, now: Date): boolean {
  if (when.kind === "at") return false;
  if (when.kind === "every") return when.everyMs < LEAST_ASK_MS;
  let last = nextOf(when, now);
  for (let times = 1; last !== null && times < LOOKED_AT; times += 1) {
    const next = nextOf(when, last);
    if (next && next.getTime() - last.getTime() < LEAST_ASK_MS) return true;
    last = next;
  }
  return false;
}

/** The zone's own name; a `bad_input` with the nearest ones for anything else. */
export function knownZone(zone: string): string {
  const named = zoneNamed(zone.trim());
  if (named !== undefined) return named;
  const last = zone.trim().split("/").at(-1) ?? "";
  const like = zonesLike(last, 3);
  throw bad(
    `There is no time zone “${zone.trim()}”.`,
    like.length > 0 ? `Did you mean ${like.join(" or ")}?` : "Name it by a city, such as Europe/Berlin.",
  );
}

const bad = (message: string, advice: string): NovaError => new NovaError("bad_input", message, { advice });
