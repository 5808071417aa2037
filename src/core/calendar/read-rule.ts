/** Reads words that tell of a rule: what comes again. Used by read-when.ts. */
import { partTimes } from "./offers.ts";
import type { Here, ReadWhen, When } from "./when.ts";
import { ruleIn, type Rule } from "./recurring.ts";
import { timeIn, type TimeOfDay } from "./time-of-day.ts";
import { dayAfter } from "./day-after.ts";
import { tellRule } from "./told.ts";
import { daysLater, momentOf, wallOf, weekdayOf } from "./zone.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Expects plain words. */
export function readRule(words: string, here: Here): ReadWhen {
  const daily = words.replace(/(?<=every )(morning|afternoon|evening|night)/, "day in the $1");
  const found = timeIn(daily.replace(/ (?:from|starting(?: at| from)?) (?=\d)/, " at "));
  const named = ruleIn(found.rest);
  if (named === undefined) return { kind: "none" };
  if (named.kind === "vague") return asked("On which day?", vagueDays(named.unit, found.times[0], here));
  if (named.kind === "minutes") return often(named.every, found.times, here);
  const rule = untilMidnight(named, found.times);
  if (rule === undefined) return aroundMidnight(named, found.times, here);
  const times = found.times.length > 0 ? found.times : partTimes(found.part);
  const whens = times.map((time) => whenOf(rule, [time], here));
  if (found.times.length === 0) return asked("At what time?", whens, here);
  const [first] = found.times;
  if (found.times.some((time) => !time.sure) && first) {
    const both = [{ ...first, hour: first.hour + 12, sure: true }, first];
    return asked(
      "In the morning or in the afternoon?",
      both.map((time) => whenOf(rule, [time], here)),
      here,
    );
  }
  if (new Set(found.times.map((time) => time.minute)).size > 1 || (rule.kind === "days" && found.times.length > 1))
    return asked("One schedule has one time. Which?", whens, here);
  return { kind: "when", when: whenOf(rule, found.times, here), zone: here.zone };
}

function asked(question: string, options: readonly (When | string)[], here?: Here): ReadWhen {
  const words = options.map((each) => (typeof each === "string" ? each : tellRule(each, here?.zone ?? "UTC")));
  return { kind: "unclear", question, options: words };
}

/** Multiples of a time of day, where one is named; else of now. */
function often(every: number, times: readonly TimeOfDay[], { zone, now }: Here): ReadWhen {
  const [time] = times;
  const from = time
    ? momentOf({ ...wallOf(now, zone), hour: time.hour % 24, minute: time.minute }, zone)
    : new Date(Math.floor(now.getTime() / MINUTE) * MINUTE);
  return { kind: "when", when: { kind: "every", everyMs: every * MINUTE, from }, zone };
}

type Daily = Exclude<Rule, { kind: "vague" | "minutes" }>;

/** As it comes at these times: the midnight of a day is the beginning of the next one. Undefined where that is no rule. */
function untilMidnight(rule: Daily, times: readonly TimeOfDay[]): Daily | undefined {
  const count = times.filter(({ hour }) => hour === 24).length;
  if (count === 0 || rule.kind !== "cron") return rule;
  const fields = dayAfter(rule.fields);
  const isOne = count === times.length || fields === rule.fields;
  return isOne && fields !== undefined ? { kind: "cron", fields } : undefined;
}

const BEGIN = { hour: 0, minute: 0, sure: true };
const END = { hour: 23, minute: 59, sure: true };

/** Beside other times its end cannot stand: all times of a rule have the same minute. Each offer tells what it has. */
function aroundMidnight(rule: Daily, times: readonly TimeOfDay[], here: Here): ReadWhen {
  const others = times.filter(({ hour }) => hour !== 24);
  const isFull = others.every(({ minute }) => minute === 0);
  const offers = others.length === 0 ? [[BEGIN], [END]] : [isFull ? [BEGIN, ...others] : [BEGIN], others, [END]];
  const beside = others.length === 0 ? "" : " One schedule does not have the end of a day beside another time.";
  return asked(
    `Midnight lies between two days.${beside} When shall it be?`,
    offers.map((each) => whenOf(rule, each, here)),
    here,
  );
}

function whenOf(rule: Daily, times: readonly TimeOfDay[], here: Here): When {
  const hours = [...new Set(times.map((time) => time.hour % 24))].toSorted((a, b) => a - b);
  const minute = times[0]?.minute ?? 0;
  if (rule.kind === "cron")
    return { kind: "cron", cron: `${minute} ${hours.join(",")} ${rule.fields}`, zone: here.zone };
  return {
    kind: "every",
    everyMs: rule.every * DAY,
    from: firstOf(rule, { hour: times[0]?.hour ?? 0, minute }, here),
    zone: here.zone,
  };
}

/** The first such day, and such a weekday, on which this time is still to come. */
function firstOf(
  { weekday }: Extract<Rule, { kind: "days" }>,
  time: Pick<TimeOfDay, "hour" | "minute">,
  { zone, now }: Here,
): Date {
  const today = wallOf(now, zone);
  for (let ahead = 0; ; ahead += 1) {
    const day = daysLater(today, ahead);
    const at = momentOf(
      { ...daysLater(day, time.hour === 24 ? 1 : 0), hour: time.hour % 24, minute: time.minute },
      zone,
    );
    if (at > now && (weekday === undefined || weekdayOf(day) === weekday)) return at;
  }
}

function vagueDays(
  unit: "week" | "month" | "year",
  time: TimeOfDay | undefined,
  { zone, now }: Here,
): readonly string[] {
  const clock = `${String((time?.hour ?? 9) % 24).padStart(2, "0")}:${String(time?.minute ?? 0).padStart(2, "0")}`;
  const today = wallOf(now, zone);
  switch (unit) {
    case "week":
      return [1, 3, 5].map((day) => `every ${WEEKDAYS[day]} at ${clock}`);
    case "month":
      return [`on the 1st of each month at ${clock}`, `on the last day of each month at ${clock}`];
    case "year":
      return [
        `every year on ${today.day} ${new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: zone }).format(now)} at ${clock}`,
      ];
  }
}
