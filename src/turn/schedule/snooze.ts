/** The buttons under a reminder: Done, In an hour, Tomorrow. Offered by timekeeper.ts, answered for press.ts. */
import {
  daysLater,
  freeName,
  momentOf,
  runId,
  tellTime,
  wallOf,
  type Action,
  type Person,
  type Pressed,
  type Rhythm,
  type RunId,
  type Schedule,
} from "#core";
import type { Crew } from "../crew.ts";

export type Snooze = { readonly run: RunId; readonly until: "done" | "hour" | "tomorrow" };

const LABELS: Readonly<Record<Snooze["until"], string>> = { done: "Done", hour: "In an hour", tomorrow: "Tomorrow" };
const HOUR_MS = 60 * 60_000;

export const snoozeActions = (run: RunId): readonly Action[] =>
  (["done", "hour", "tomorrow"] as const).map((until) => ({ id: `snooze:${run}:${until}`, label: LABELS[until] }));

/** Undefined for what is no such button: ids come from outside. */
export function readSnooze(id: string): Snooze | undefined {
  const [, run, until] = /^snooze:(\d{1,18}):(done|hour|tomorrow)$/.exec(id) ?? [];
  if (run === undefined) return undefined;
  return { run: runId(run), until: until === "hour" || until === "tomorrow" ? until : "done" };
}

type SnoozeCrew = Pick<Crew, "schedules" | "announcements" | "clock">;

/** Any number of clicks under one reminder make one more reminder: the first one says when. */
export async function snooze({ run, until }: Snooze, person: Person, crew: SnoozeCrew): Promise<Pressed> {
  const { schedules, announcements, clock } = crew;
  const found = await schedules.ofRun(run, person);
  if (!found) return stale("This reminder is not yours, or not there any more.");
  const { schedule, message } = found;
  const key = `snooze:${run}`;
  const rhythm = await schedules.rhythm(person.id);
  const known = await schedules.keyed(key, person);
  if (until === "done") {
    if (known) return stale(already(known, rhythm));
    if (message) await announcements.amend(message, { text: `Done: ${schedule.words}`, actions: [] });
    return done("Done.");
  }
  const again = known ?? (await addAgain(schedule, { key, at: timeOf(until, rhythm, clock.now()), person }, crew));
  if (message) await announcements.amend(message, { text: againText(again, rhythm), actions: [] });
  return known ? stale(already(known, rhythm)) : done(againText(again, rhythm));
}

async function addAgain(
  { project, words, wording, address, urgent, name }: Schedule,
  { key, at, person }: { readonly key: string; readonly at: Date; readonly person: Person },
  { schedules }: SnoozeCrew,
): Promise<Schedule> {
  const taken = (await schedules.list(person)).map((each) => each.name);
  const when = { kind: "at", at } as const;
  return schedules.add({
    person,
    project,
    name: freeName(name, taken),
    does: "remind",
    words,
    wording,
    when,
    address,
    urgent,
    key,
  });
}

/** An hour from now, or the next day at nine. */
function timeOf(until: "hour" | "tomorrow", { zone }: Rhythm, now: Date): Date {
  if (until === "hour") return new Date(Math.ceil((now.getTime() + HOUR_MS) / 60_000) * 60_000);
  return momentOf({ ...daysLater(wallOf(now, zone), 1), hour: 9, minute: 0 }, zone);
}

const againText = ({ words, when, nextAt, createdAt }: Schedule, { zone }: Rhythm): string =>
  `Again on ${tellTime(when.kind === "at" ? when.at : (nextAt ?? createdAt), zone)}: ${words}`;

const already = (again: Schedule, rhythm: Rhythm): string => `That is settled. ${againText(again, rhythm)}`;

const done = (text: string): Pressed => ({ kind: "done", card: { text, actions: [] } });
const stale = (text: string): Pressed => ({ kind: "stale", card: { text, actions: [] } });
