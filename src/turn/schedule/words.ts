/** What Nova says of schedules, when they are due and when they are looked at. Used by timekeeper.ts and schedules.ts. */
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
  if (wasTried(run)) return `${words} (due at ${timeNear(dueOf(run), now, zone)}; I could not reach you then)`;
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
  const line = (each: RunNews) => `- ${each.schedule.words}, due on ${tellTime(dueOf(each), zone)}`;
  const why = missed.some(wasTried) ? "I could not reach you" : "I was not running";
  if (missed.length === 1 && first)
    return `${why} when this was due, and it is more than a day ago: ${first.schedule.words}, on ${tellTime(dueOf(first), zone)}.`;
  return [`${why} when these were due, and it is more than a day ago:`, "", ...missed.map(line)].join("\n");
}

/** What was tried again was due before. */
const dueOf = ({ schedule: { when }, dueAt }: Pick<RunNews, "schedule" | "dueAt">): Date =>
  when.kind === "at" ? when.at : dueAt;
const wasTried = (run: Pick<RunNews, "schedule" | "dueAt">): boolean => dueOf(run) < run.dueAt;

export function failingWords(news: RunNews, zone: string): string {
  const { schedule, code } = news;
  if (schedule.when.kind === "at") return givenUpWords(news, zone);
  const times = schedule.failures === 3 ? "three times" : `${schedule.failures} times`;
  const last = code === null ? "" : `, last with \`${code}\``;
  return `The schedule “${schedule.name}” failed ${times} in a row${last}. \`nova schedules runs ${JSON.stringify(schedule.name)}\` shows what happened; \`/schedules pause ${schedule.name}\` puts a stop to it.`;
}

/** A single one does not come again, so that its person has to see to it. */
function givenUpWords(news: RunNews, zone: string): string {
  const { schedule, code } = news;
  const due = `due on ${tellTime(dueOf(news), zone)}`;
  const how = code === null ? "it failed" : `it ended with \`${code}\``;
  const next = "It does not come again by itself: set it again if you still need it.";
  return schedule.does === "ask"
    ? `The schedule “${schedule.words}”, ${due}, was not asked: ${how}. ${next}`
    : `The reminder ${schedule.words}, ${due}, was not said: ${how}. ${next}`;
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
