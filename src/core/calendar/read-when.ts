/** Reads the words in which a person says when something is to happen. Says what is missing rather than guess. */
import type { Here, ReadWhen } from "./when.ts";
import { dayIn, type Day } from "./day.ts";
import { impossibleIn, tooSoon } from "./impossible.ts";
import { momentsAsked, partTimes, restOfEvening } from "./offers.ts";
import { plainWords } from "./plain-words.ts";
import { readRule } from "./read-rule.ts";
import { clockTime, tellRule } from "./told.ts";
import { soundsRecurring } from "./recurring.ts";
import { timeIn, type TimeFound, type TimeOfDay } from "./time-of-day.ts";
import { daysLater, isSkipped, momentOf, wallOf, zoneNamed, type Wall } from "./zone.ts";

const MINUTE = 60_000;
const NONE: ReadWhen = { kind: "none" };
const CRON = /^(?:cron:? )?["'`“]?((?:[\d*,/#LW?-]|[A-Z]{3})+(?: +(?:[\d*,/#LW?-]|[A-Z]{3})+){4})["'`”]?$/;
const ZONE = /(?:^|\s)(?:in |\()?((?:[A-Z][A-Za-z_]+\/[A-Za-z_/+-]+)|UTC|GMT)\)?[.,]?$/;
const AMOUNT = String.raw`(\d{1,4}|an?|half an?|a half) ?-?(minutes?|mins?|hours?|hrs?|h)`;
const SPAN = new RegExp(
  String.raw`^(?:in|after) ${AMOUNT}(?:(?: and)? (\d{1,3}|an? half|a quarter)(?: ?(minutes?|mins?|m))?)?$`,
);

export async function readWhen(text: string, here: Here): Promise<ReadWhen> {
  const given = text.trim();
  if (given === "" || given.length > 200) return NONE;
  const named = ZONE.exec(given);
  const zone = named?.[1] === undefined ? here.zone : (zoneNamed(named[1]) ?? here.zone);
  const bare = named ? given.slice(0, named.index) : given;
  const line = CRON.exec(bare.trim());
  if (line?.[1]) return { kind: "when", when: { kind: "cron", cron: line[1].replaceAll(/ +/g, " "), zone }, zone };

  const words = plainWords(bare);
  const now = { zone, now: here.now };
  const after = spanOf(words);
  if (after !== undefined)
    return { kind: "when", when: { kind: "at", at: new Date(here.now.getTime() + after) }, zone };
  const soon = tooSoon(words);
  if (soon) return { kind: "unclear", question: `${soon.says} When?`, options: soon.options };
  const read = await readPlain(words, now);
  return read.kind === "none" ? wrong(words, now) : read;
}

async function readPlain(words: string, here: Here): Promise<ReadWhen> {
  if (soundsRecurring(words)) return readRule(words, here);
  const found = timeIn(words);
  return once(found, await dayIn(found.rest, wallOf(here.now, here.zone)), here);
}

/** A time that there is none of is told so, with what comes near it; anything else is no time. */
async function wrong(words: string, here: Here): Promise<ReadWhen> {
  const found = impossibleIn(words, here);
  if (!found) return NONE;
  if (found.kind === "offers") return { kind: "unclear", question: `${found.says} When?`, options: found.options };
  const read = await readPlain(found.words, here);
  switch (read.kind) {
    case "none":
      return NONE;
    case "unclear":
      return { ...read, question: `${found.says} ${read.question}` };
    case "when":
      return read.when.kind === "at"
        ? momentsAsked(`${found.says} When?`, [read.when.at], here)
        : { kind: "unclear", question: `${found.says} When?`, options: [tellRule(read.when, here.zone)] };
  }
}

/** Minutes and hours from now are counted on the clock that never changes. */
function spanOf(words: string): number | undefined {
  const short = /^(?:in )(\d{1,2})h(\d{2})$/.exec(words);
  if (short) return (Number(short[1]) * 60 + Number(short[2])) * MINUTE;
  const [, count = "", unit = "", more, moreUnit] = SPAN.exec(words) ?? [];
  if (unit === "") return undefined;
  const size = unit.startsWith("h") ? 60 : 1;
  const first = /^\d/.test(count) ? Number(count) : count.includes("half") ? 0.5 : 1;
  if (more !== undefined && /^\d/.test(more) && moreUnit === undefined) return undefined;
  const rest = more === undefined ? 0 : /^\d/.test(more) ? Number(more) : more.includes("half") ? size / 2 : size / 4;
  const ms = (first * size + rest) * MINUTE;
  return ms > 0 ? ms : undefined;
}

function once(found: TimeFound, day: Day, here: Here): ReadWhen {
  const [time, ...more] = found.times;
  if (day.kind === "unknown") return NONE;
  if (day.kind === "none" && time === undefined && found.part === undefined) return NONE;
  if (more.length > 0 && time)
    return momentsAsked("A reminder has one time. Which?", possible(found.times, day, here), here);
  if (day.kind === "several") {
    const times = time ? [time] : [];
    return momentsAsked(
      "Which day do you mean?",
      day.days.flatMap((each) => momentsOf(each, times, here)),
      here,
    );
  }
  const today = wallOf(here.now, here.zone);
  if (time === undefined) return withoutTime(found, day, { today, here });
  if (day.kind === "none") return withoutDay(time, today, here);
  if (!time.sure)
    return momentsAsked(
      "In the morning or in the afternoon?",
      [twelveLater(time), time].flatMap((each) => momentsOf(day.day, [each], here)),
      here,
    );
  const wall = wallAt(day.day, time);
  if (momentOf(wall, here.zone) > here.now) return at_(wall, here);
  if (day.floats) return at_(daysLater(wall, 7), here);
  return momentsAsked(
    "That time is over. When then?",
    [
      ...(time.hour < 12 ? momentsOf(day.day, [twelveLater(time)], here) : []),
      ...momentsOf(daysLater(today, 1), [time], here),
    ],
    here,
  );
}

function at_(wall: Wall, { zone }: Here): ReadWhen {
  const read = { kind: "when", when: { kind: "at", at: momentOf(wall, zone) }, zone } as const;
  return isSkipped(wall, zone) ? { ...read, skipped: clockTime(wall.hour, wall.minute) } : read;
}

type Around = { readonly today: Wall; readonly here: Here };

function withoutTime(found: TimeFound, day: Day, { today, here }: Around): ReadWhen {
  if (day.kind === "day" && day.keeps && found.part === undefined) return at_(day.day, here);
  const base = day.kind === "day" ? day.day : today;
  const offered = partTimes(found.part);
  const moments = offered.flatMap((time) => momentsOf(base, [time], here));
  if (moments.length > 0) return momentsAsked("At what time?", moments, here);
  const evening = found.part === "evening" || found.part === undefined ? restOfEvening(today) : [];
  const left = evening.flatMap((time) => momentsOf(base, [time], here));
  if (left.length > 0) return momentsAsked("At what time?", left, here);
  const later = offered.flatMap((time) => momentsOf(daysLater(today, 1), [time], here));
  return momentsAsked("That is over for today. When then?", later, here);
}

/** A time alone is that of today, when it is still to come and meant for certain. */
function withoutDay(time: TimeOfDay, today: Wall, here: Here): ReadWhen {
  const wall = wallAt(today, time);
  if (time.sure && momentOf(wall, here.zone) > here.now) return at_(wall, here);
  const readings = time.hour < 12 ? [time, twelveLater(time)] : [time];
  const days = [today, daysLater(today, 1)];
  const ahead = days.flatMap((day) => momentsOf(day, readings, here));
  const soon = ahead.filter((each) => each.getTime() - here.now.getTime() < 24 * 60 * MINUTE);
  const question = time.sure ? "That time is over for today. When then?" : "In the morning or in the afternoon?";
  return momentsAsked(question, soon, here);
}

const twelveLater = (time: TimeOfDay): TimeOfDay => ({ ...time, hour: time.hour + 12, sure: true });

const wallAt = (day: Wall, time: TimeOfDay): Wall => ({
  ...daysLater(day, time.hour === 24 ? 1 : 0),
  hour: time.hour % 24,
  minute: time.minute,
});

/** Those that are still to come; a day without a time is told by its noon, for a question about days. */
function momentsOf(day: Wall, times: readonly TimeOfDay[], { zone, now }: Here): readonly Date[] {
  const named = times.length > 0 ? times : partTimes(undefined).slice(0, 1);
  return named.map((time) => momentOf(wallAt(day, time), zone)).filter((at) => at > now);
}

function possible(times: readonly TimeOfDay[], day: Day, here: Here): readonly Date[] {
  const base = day.kind === "day" ? day.day : wallOf(here.now, here.zone);
  return times.flatMap((time) => momentsOf(base, [time], here));
}

/** Whether words that say when tell of something that comes again, in whichever language. */
export const soundsLikeRule = (text: string): boolean => soundsRecurring(plainWords(text)) || CRON.test(text.trim());
