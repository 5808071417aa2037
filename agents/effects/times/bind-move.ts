/** Reads another time for something that has one: a time of day keeps its day or its rule, a span is counted from it. */
import {
  daysLater,
  momentOf,
  nextOf,
  readWhen,
  saidAt,
  tellDay,
  tellRule,
  tellTime,
  wallOf,
  weekdayOf,
  whenIn,
  whenJson,
  zoneOf,
  type BindContext,
  type Bound,
  type JsonObject,
  type Schedule,
  type When,
} from "#core";
import { bindWhen } from "./bind-when.ts";

export type Moved =
  /** For good, or until when it is put off. */
  { readonly kind: "time" | "snooze"; readonly when: JsonObject } | Extract<Bound, { kind: "unclear" | "refused" }>;

const CLOCK = /^(?:at |um )?(?:\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|uhr|h|o['’]clock)?|noon|midday|midnight)$/i;
const AT = / at \d{2}:\d{2}$/;

export async function bindMove(schedule: Schedule, words: string, context: BindContext): Promise<Moved> {
  const { name, when } = schedule;
  if (words === "") return { kind: "unclear", question: `When shall “${name}” come?`, options: OFFERS };
  const here = { zone: context.timeZone, now: context.ask.now };
  const rule = when.kind === "at" ? undefined : tellRule(when, here.zone);
  const zone = zoneOf(when, here.zone);
  const base = when.kind === "at" ? tellDay(when.at, zone).replace(/^\w+, /, "on ") : rule?.replace(AT, "");
  if (CLOCK.test(words) && base !== undefined) {
    const clock = /^(?:at|um) /i.test(words) ? words : `at ${words}`;
    const kept = `${base} ${clock}${zone === here.zone ? "" : ` ${zone}`}`;
    if ((await readWhen(kept, here)).kind !== "none") return bound(schedule, words, await bindWhen(kept, context));
  }
  const read = await bindWhen(words, context);
  if (read.kind !== "when") return read;
  const isOnce = whenIn(read.when).when.kind === "at";
  if (!isOnce || rule === undefined) return bound(schedule, words, read);
  // Whether it shall come only once more from now on nobody said.
  const question = `“${name}” comes again and again, ${rule}. How often shall it come then?`;
  return { kind: "unclear", question, options: AT.test(rule) ? [] : ["every day at 09:00", "every weekday at 09:00"] };
}

function bound({ when }: Schedule, words: string, read: Awaited<ReturnType<typeof bindWhen>>): Moved {
  if (read.kind !== "when") return read;
  const { when: wanted, zone } = whenIn(read.when);
  if (wanted.kind !== "every" || when.kind !== "every") return { kind: "time", when: read.when };
  return { kind: "time", when: whenJson(inRhythm(wanted, when, ENDS_DAY.test(words)), zone) };
}

type Every = Extract<When, { kind: "every" }>;
const DAY_MS = 24 * 60 * 60_000;
/** The end of the day that it comes on, see readRule. */
const ENDS_DAY = /midnight|mitternacht|(?<![\d:.])24(?!\d)/i;

/** Every two weeks on Monday, at another time: still on the Mondays of before, not on the nearest one and from there. */
function inRhythm(wanted: Every, { everyMs, from, zone }: Every, endsDay: boolean): Every {
  if (wanted.everyMs !== everyMs || wanted.zone !== zone || zone === undefined || everyMs % DAY_MS !== 0) return wanted;
  const [own, named] = [wallOf(from, zone), wallOf(wanted.from, zone)];
  const later = endsDay && named.hour === 0 ? 1 : 0;
  const day = daysLater(own, later);
  // Another day of the week is another rule.
  if (everyMs % (7 * DAY_MS) === 0 && weekdayOf(day) !== weekdayOf(named)) return wanted;
  return { ...wanted, from: momentOf({ ...day, hour: named.hour, minute: named.minute }, zone) };
}

const OFFERS = ["in 1 hour", "in 3 hours", "tomorrow at 09:00"];
const DAYS = /^(\d{1,3}|an?|one) (day|week)s?$/i;

/** What comes once is moved; what comes again and again leaves out what it had said until then. */
export async function bindSnooze(schedule: Schedule, words: string, context: BindContext): Promise<Moved> {
  const { name, when, nextAt } = schedule;
  if (words === "") return { kind: "unclear", question: `Until when shall “${name}” wait?`, options: OFFERS };
  const until = await untilOf(schedule, words, context);
  if (!(until instanceof Date)) return until;
  const zone = context.timeZone;
  if (until <= context.ask.now)
    return { kind: "unclear", question: `${tellTime(until, zone)} is over by now. When then?`, options: OFFERS };
  const json = whenJson({ kind: "at", at: until }, zone);
  if (when.kind === "at") return { kind: "time", when: json };
  if (nextAt && nextAt >= until)
    return {
      kind: "refused",
      reason: `“${name}” comes on ${tellTime(nextAt, zone)} next, so it waits that long anyway.`,
    };
  return nextOf(when, until) === null
    ? { kind: "refused", reason: `“${name}” would not come any more then.` }
    : { kind: "snooze", when: json };
}

async function untilOf(
  { when, nextAt }: Schedule,
  words: string,
  context: BindContext,
): Promise<Date | Extract<Bound, { kind: "unclear" }>> {
  const { timeZone: zone, ask } = context;
  // "2 hours" counts from when it was said, as elsewhere.
  const now = saidAt(words, ask);
  // Later than it was to come, where that is known, and than now.
  const from = when.kind === "at" && nextAt && nextAt > now ? nextAt : now;
  const [, count, unit = ""] = DAYS.exec(words) ?? [];
  if (count !== undefined) {
    const days = (/^\d/.test(count) ? Number(count) : 1) * (unit.toLowerCase() === "week" ? 7 : 1);
    return momentOf(daysLater(wallOf(from, zone), days), zone);
  }
  const span = await readWhen(`in ${words}`, { zone, now });
  if (span.kind === "when" && span.when.kind === "at")
    return new Date(from.getTime() + span.when.at.getTime() - now.getTime());
  const read = await bindWhen(words, context);
  if (read.kind !== "when") return read;
  const { when: at } = whenIn(read.when);
  return at.kind === "at" ? at.at : { kind: "unclear", question: "Until when shall it wait?", options: OFFERS };
}
