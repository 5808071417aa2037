/** What Nova says of schedules, when they are due and when they are looked at. Used by timekeeper.ts, snooze.ts and schedules.ts. */
import {
  tellClock,
  tellDay,
  tellHeld,
  tellRule,
  tellTime,
  zoneOf,
  type DueRun,
  type Here,
  type Rhythm,
  type RunNews,
  type Schedule,
} from "#core";

/** "Reminder: call Ann", and why it comes at another time than it was to. */
export function reminderWords(run: DueRun, { zone, now }: Here): string {
  const { schedule, dueAt, late, putOffFrom } = run;
  const words = `Reminder: ${schedule.words}`;
  if (putOffFrom)
    return `${words} (due at ${timeNear(putOffFrom, dueAt, zone)}; it waited for the end of your quiet hours)`;
  if (!late) return words;
  return `${words} (due at ${timeNear(dueAt, now, zone)}; I was not running)`;
}

/** The day is told where it is another one. */
function timeNear(at: Date, now: Date, zone: string): string {
  const isSameDay = tellDay(at, zone) === tellDay(now, zone);
  return isSameDay ? tellClock(at, zone) : `${tellClock(at, zone)} on ${tellDay(at, zone)}`;
}

export function missedWords(missed: readonly RunNews[], zone: string): string {
  const [first] = missed;
  const line = ({ schedule, dueAt }: RunNews) => `- ${schedule.words}, due on ${tellTime(dueAt, zone)}`;
  if (missed.length === 1 && first)
    return `I was not running when this was due, and it is more than a day ago: ${first.schedule.words}, on ${tellTime(first.dueAt, zone)}.`;
  return ["I was not running when these were due, and it is more than a day ago:", "", ...missed.map(line)].join("\n");
}

export function failingWords({ schedule, code }: RunNews): string {
  const times = schedule.failures === 3 ? "three times" : `${schedule.failures} times`;
  const last = code === null ? "" : `, last with \`${code}\``;
  return `The schedule “${schedule.name}” failed ${times} in a row${last}. \`nova schedules runs ${JSON.stringify(schedule.name)}\` shows what happened; \`/schedules pause ${schedule.name}\` puts a stop to it.`;
}

/** One line of a list: name, what it does, when next. */
export function scheduleLine(schedule: Schedule, rhythm: Rhythm): string {
  const { zone } = rhythm;
  const { name, does, words, when, state, nextAt, because } = schedule;
  const what = does === "ask" ? `asks “${words}”` : words.toLowerCase() === name.toLowerCase() ? "" : words;
  const own = zoneOf(when, zone);
  const rule = when.kind === "at" ? "" : `${tellRule(when, own)} (${own}), `;
  const next =
    state === "active" && nextAt
      ? when.kind === "at"
        ? tellTime(nextAt, zone)
        : [`next ${tellDay(nextAt, own)}, ${tellClock(nextAt, own)}`, tellHeld(schedule, rhythm)]
            .filter(Boolean)
            .join("; ")
      : state === "paused"
        ? `paused${because === null ? "" : ` (${BECAUSE[because]})`}`
        : "done";
  return `- **${name}**: ${[what, `${rule}${next}`].filter((part) => part !== "").join("; ")}`;
}

const BECAUSE: Readonly<Record<NonNullable<Schedule["because"]>, string>> = {
  removed: "removed",
  blocked: "you were blocked",
  guest: "guests have no schedules",
};
