/** People's schedules and the rhythm of their days: the port Schedules of the core. What is due is worked on in due.ts. */
import {
  isAskedTooOften,
  NovaError,
  nextOf,
  runId,
  messageId,
  serviceOf,
  soundWhen,
  knownZone,
  turnId,
  wholeOf,
  type Clock,
  type NewSchedule,
  type Person,
  type Schedule,
  type ScheduleId,
  type ScheduleRun,
  type Schedules,
} from "#core";
import { setAlarm } from "../queue/alarm-rows.ts";
import { isRowId } from "../conversation-rows.ts";
import { enter, type Database, type Tx } from "../engine/database.ts";
import { allTenants, findPerson } from "../people/person-rows.ts";
import { revise } from "./revise.ts";
import { findOpen } from "./run-rows.ts";
import { findRhythm, upsertRhythm } from "./rhythm-rows.ts";
import {
  countLive,
  findKeyed,
  findSchedules,
  insertSchedule,
  lockSchedule,
  SCHEDULE,
  scheduleFrom,
  updateSchedule,
  WITH_PERSON,
  type ScheduleRow,
} from "./schedule-rows.ts";

export type SchedulesDeps = {
  readonly clock: Clock;
  /** The machine's own zone, for people who named none. */
  readonly zone: string;
};

/** More is nobody's day, and most likely something that sets schedules by itself. */
const MOST = 200;
const LONGEST_NAME = 80;
const LONGEST_WORDS = 2_000;

export function createSchedules(database: Database, { clock, zone }: SchedulesDeps): Schedules {
  return {
    async add(given) {
      const now = clock.now();
      const schedule = sound(given, now);
      return database.within(wholeOf(schedule.person), async (tx) => {
        const known = await findKeyed(tx, schedule.key, schedule.person);
        if (known) return known;
        if ((await countLive(tx, schedule.person)) >= MOST) throw tooMany();
        const nextAt = nextOf(schedule.when, now);
        if (!nextAt) throw new NovaError("bad_input", "That time never comes.", { advice: "Name another one." });
        const id = await insertSchedule(tx, schedule, { nextAt, now });
        const made = await findKeyed(tx, schedule.key, schedule.person);
        if (!made) throw inUse(schedule.name);
        if (id) await setAlarm(tx, id, nextAt);
        return made;
      });
    },

    keyed: (key, person) => database.within(wholeOf(person), (tx) => findKeyed(tx, key, person)),

    list: (person, { all = false } = {}) => database.within(wholeOf(person), (tx) => findSchedules(tx, person, all)),

    runs: (id, person, limit) => database.within(wholeOf(person), (tx) => findRuns(tx, { id, person }, limit)),

    async ofRun(run, person) {
      if (!isRowId(run)) return undefined;
      return database.within(wholeOf(person), async (tx) => {
        const { rows } = await tx.query<ScheduleRow & { due_at: Date; message_id: string | null }>(
          `select ${SCHEDULE}, run.due_at, run.message_id
           from schedule_run run join schedule on schedule.id = run.schedule_id ${WITH_PERSON}
           where run.id = $1 and run.person_id = $2`,
          [run, person.id],
        );
        return rows.map((row) => ({
          schedule: scheduleFrom(row),
          dueAt: row.due_at,
          message: row.message_id === null ? null : messageId(row.message_id),
        }))[0];
      });
    },

    async change(id, person, to) {
      if (!isRowId(id)) return undefined;
      return database.within(wholeOf(person), (tx) => change(tx, { id, person, to, now: clock.now() }));
    },

    async revise(id, person, to) {
      if (!isRowId(id)) return undefined;
      return database.within(wholeOf(person), (tx) =>
        revise(tx, { id, person, to, now: clock.now(), sound, soundWords }),
      );
    },

    rhythm: (person) =>
      database.system(async (tx) => {
        for (const tenant of await allTenants(tx)) {
          await enter(tx, serviceOf(tenant));
          if (await findPerson(tx, person)) return findRhythm(tx, person, zone);
        }
        return { zone, own: false, quiet: null };
      }),

    setRhythm: (person, rhythm) =>
      database.within(wholeOf(person), async (tx) => {
        const named = rhythm.zone === undefined ? {} : { zone: knownZone(rhythm.zone) };
        await upsertRhythm(tx, person, { ...rhythm, ...named });
        return findRhythm(tx, person.id, zone);
      }),
  };
}

/** As it is stored: words as below, and a time that comes. */
function sound(schedule: NewSchedule, now: Date): NewSchedule {
  const when = soundWhen(schedule.when, now);
  if (schedule.does === "ask" && isAskedTooOften(when, now))
    throw bad("Nova is not asked more often than every 5 minutes.", "Choose a longer span, or a reminder.");
  return { ...soundWords(schedule), when };
}

/** One line of a name, and words that say something. */
function soundWords(schedule: NewSchedule): NewSchedule {
  const name = schedule.name.replaceAll(/\s+/g, " ").trim();
  const words = schedule.words.trim();
  if (name === "") throw bad("A schedule needs a name.", "Give it a short one.");
  if (name.length > LONGEST_NAME) throw bad(`The name is longer than ${LONGEST_NAME} characters.`, "Shorten it.");
  if (words === "") throw bad("There is nothing to say then.", "Say what it is about.");
  if (words.length > LONGEST_WORDS)
    throw bad(`The words are longer than ${LONGEST_WORDS} characters.`, "Shorten them.");
  // A command decides or changes something, and that is for somebody who is there.
  if (schedule.does === "ask" && words.startsWith("/"))
    throw bad("A schedule gives no commands.", "Write what you want to know, in words.");
  return { ...schedule, name, words };
}

type Change = {
  readonly id: ScheduleId;
  readonly person: Person;
  readonly to: "active" | "paused" | "removed";
  readonly now: Date;
};

async function change(tx: Tx, { id, person, to, now }: Change): Promise<Schedule | undefined> {
  const row = await lockSchedule(tx, id);
  if (!row || row.owner.id !== person.id) return undefined;
  const schedule = scheduleFrom(row);
  // What has been said, or was missed, is not there to be taken back; a run that is still open is.
  if (to === "removed" && schedule.state === "done" && schedule.because !== "removed" && !(await findOpen(tx, id)))
    return undefined;
  const next = changed(schedule, to, now);
  if (next) {
    await updateSchedule(tx, id, { ...next, removedAt: to === "removed" ? now : null });
    if (next.nextAt) await setAlarm(tx, id, next.nextAt);
  }
  return next ? { ...schedule, ...next } : schedule;
}

/** Undefined: it is so already. */
function changed(
  { state, because, when, name }: Schedule,
  to: Change["to"],
  now: Date,
): Pick<Schedule, "state" | "because" | "nextAt"> | undefined {
  if (to === "removed") return because === "removed" ? undefined : { state: "done", because: "removed", nextAt: null };
  if (state === to) return undefined;
  if (state === "done") throw bad(`“${name}” is done.`, "Set it again.");
  if (to === "paused") return { state: "paused", because: null, nextAt: null };
  const nextAt = nextOf(when, now);
  if (!nextAt) throw bad(`The time of “${name}” went by while it was paused.`, "Remove it, and set it again.");
  return { state: "active", because: null, nextAt };
}

type RunRow = {
  readonly id: string;
  readonly due_at: Date;
  readonly started_at: Date;
  readonly outcome: ScheduleRun["outcome"];
  readonly code: string | null;
  readonly turn_id: string | null;
};

async function findRuns(
  tx: Tx,
  { id, person }: Pick<Change, "id" | "person">,
  limit: number,
): Promise<readonly ScheduleRun[]> {
  const { rows } = await tx.query<RunRow>(
    `select run.id, run.due_at, run.started_at, run.outcome, run.code, message.turn_id
     from schedule_run run left join message on message.id = run.message_id
     where run.schedule_id = $1 and run.person_id = $2 and run.outcome is not null
     order by run.due_at desc limit $3`,
    [id, person.id, limit],
  );
  return rows.map((row) => ({
    id: runId(row.id),
    dueAt: row.due_at,
    startedAt: row.started_at,
    outcome: row.outcome,
    code: row.code,
    turn: row.turn_id === null ? null : turnId(row.turn_id),
  }));
}

const bad = (message: string, advice: string): NovaError => new NovaError("bad_input", message, { advice });

const inUse = (name: string): NovaError =>
  bad(
    `There is a schedule called “${name}” already.`,
    "Choose another name, or remove the old one with `/schedules remove <name>`.",
  );

const tooMany = (): NovaError =>
  bad(`There are ${MOST} schedules already, which is the most.`, "Remove some with `/schedules remove <name>`.");
