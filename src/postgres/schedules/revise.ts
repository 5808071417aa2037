/** Makes a schedule come at another time, or say other words, from now on. Called by schedules.ts. */
import {
  nextOf,
  NovaError,
  type NewSchedule,
  type Person,
  type Schedule,
  type ScheduleId,
  type ScheduleRevision,
} from "#core";
import { setAlarm } from "../queue/alarm-rows.ts";
import type { Tx } from "../engine/database.ts";
import { lockSchedule, rewriteSchedule, scheduleFrom } from "./schedule-rows.ts";

type Revising = {
  readonly id: ScheduleId;
  readonly person: Person;
  readonly to: ScheduleRevision;
  readonly now: Date;
  /** Throws a NovaError for what may not be stored. */
  readonly sound: (schedule: NewSchedule, now: Date) => NewSchedule;
  readonly soundWords: (schedule: NewSchedule) => NewSchedule;
};

/** Undefined when there is none of this person that still stands. */
export async function revise(
  tx: Tx,
  { id, person, to, now, sound, soundWords }: Revising,
): Promise<Schedule | undefined> {
  const row = await lockSchedule(tx, id);
  if (!row || row.owner.id !== person.id || row.state === "done") return undefined;
  const schedule = scheduleFrom(row);
  const { notBefore, ...fields } = to;
  const wanted = { ...schedule, ...fields, key: "" };
  // A time that stays as it is was sound when it was set; that of a paused one may be over.
  const { name, words, wording, when } = to.when === undefined ? soundWords(wanted) : sound(wanted, now);
  const isTimed = to.when !== undefined || notBefore !== undefined;
  const after = notBefore === undefined || notBefore < now ? now : notBefore;
  const nextAt = schedule.state === "active" && isTimed ? nextOf(when, after) : schedule.nextAt;
  if (schedule.state === "active" && nextAt === null)
    throw new NovaError("bad_input", "That time never comes.", { advice: "Name another one." });
  const next = { ...schedule, name, words, wording, when, nextAt };
  await rewriteSchedule(tx, next, isTimed ? null : row.put_off_from);
  if (nextAt && isTimed) await setAlarm(tx, id, nextAt);
  return next;
}
