/** Claims what comes due, and keeps what became of it: the port DueSchedules of the core. */
import {
  runId,
  scheduleId,
  serviceOf,
  type DueAsk,
  type DueRun,
  type DueSchedules,
  type DueStep,
  type Person,
  type Reach,
  type RunEnd,
  type RunId,
  type ScheduleId,
} from "#core";
import { findAddressee } from "../people/addressee.ts";
import { setAlarm } from "../queue/alarm-rows.ts";
import { inEveryTenant, isRowId } from "../conversation-rows.ts";
import { enter, type Database, type Tx } from "../engine/database.ts";
import { allTenants } from "../people/person-rows.ts";
import { findRhythm } from "./rhythm-rows.ts";
import { endRun, findNews, findOpen, insertRun, judgeRuns, missRun, tellRuns } from "./run-rows.ts";
import { lockSchedule, scheduleFrom, updateSchedule, type ScheduleRow } from "./schedule-rows.ts";

export type DueDeps = {
  readonly reaches: readonly Reach[];
  /** The machine's own zone, for people who named none. */
  readonly zone: string;
};

/** Whoever claimed a run has this long before others look after it. */
const OPEN_MS = 60_000;
const MOST = 100;
/** Of all tenants, at a time. */
const MOST_NEWS = 200;

export function createDueSchedules(database: Database, { reaches, zone }: DueDeps): DueSchedules {
  return {
    due: (now) => inEveryTenant(database, (tx) => findDue(tx, now)),

    async claim(schedule, now, decide) {
      if (!isRowId(schedule)) return undefined;
      return database.system(async (tx) => {
        const row = await lockAnywhere(tx, schedule);
        return row && claimOf(tx, row, { now, zone, decide });
      });
    },

    end: (run, end) =>
      database.within(serviceOf(run.schedule.person.tenant), async (tx) => {
        if (!(await endRun(tx, run.id, end))) return;
        if (!end.again || !(await tryAgain(tx, run, end.again))) await countEnd(tx, run, end);
      }),

    async judge() {
      await inEveryTenant(database, async (tx) => {
        for (const judged of await judgeRuns(tx)) await countFailure(tx, { ...judged, isAlone: false });
        return [];
      });
    },

    async news(after) {
      const found = await inEveryTenant(database, (tx) => findNews(tx, after, MOST_NEWS));
      return found.toSorted((a, b) => Number(BigInt(a.run) - BigInt(b.run))).slice(0, MOST_NEWS);
    },

    async told(news) {
      const [first] = news;
      if (!first) return;
      await database.within(serviceOf(first.schedule.person.tenant), (tx) =>
        tellRuns(
          tx,
          news.map(({ run }) => run),
        ),
      );
    },

    placeFor: (person, address) =>
      database.within(serviceOf(person.tenant), async (tx) => {
        const found = await findAddressee(tx, person, address, reaches);
        if (!found) return undefined;
        const { platform } = found.address;
        const account = found.account ?? (await findAccount(tx, person, platform));
        return account && { address: found.address, sender: { platform, ...account } };
      }),
  };
}

async function findDue(tx: Tx, now: Date): Promise<readonly ScheduleId[]> {
  const { rows } = await tx.query<{ id: string }>(
    `(select id from schedule where state = 'active' and next_at <= $1 order by next_at limit ${MOST})
     union
     (select schedule_id from schedule_run where outcome is null and started_at <= $2 limit ${MOST})`,
    [now, new Date(now.getTime() - OPEN_MS)],
  );
  return rows.map((row) => scheduleId(row.id));
}

/** Enters the scope of its tenant, where the transaction then stays. */
async function lockAnywhere(tx: Tx, id: ScheduleId): Promise<ScheduleRow | undefined> {
  for (const tenant of await allTenants(tx)) {
    await enter(tx, serviceOf(tenant));
    const row = await lockSchedule(tx, id);
    if (row) return row;
  }
  return undefined;
}

type Claiming = {
  readonly now: Date;
  readonly zone: string;
  readonly decide: (ask: DueAsk) => DueStep;
};

async function claimOf(tx: Tx, row: ScheduleRow, { now, zone, decide }: Claiming): Promise<DueRun | undefined> {
  const schedule = scheduleFrom(row);
  const open = await findOpen(tx, schedule.id);
  if (open) {
    const step = await decideOpen(tx, { ...open, schedule }, { now, zone, decide });
    if (step.kind === "run") return { ...open, schedule, late: open.late || step.late };
    // At night it stays open until the morning.
    if (step.kind === "quiet") return undefined;
    await endOpen(tx, open.id, step);
    const left = await lockSchedule(tx, schedule.id);
    return left && claimOf(tx, left, { now, zone, decide });
  }
  const { nextAt: dueAt } = schedule;
  if (schedule.state !== "active" || !dueAt || dueAt > now) return undefined;
  const [rhythm, isBlocked] = [await findRhythm(tx, schedule.person.id, zone), await findBlock(tx, schedule.person)];
  const step = decide({ schedule, dueAt, now, rhythm, putOffFrom: row.put_off_from, isBlocked });
  return take(tx, step, { schedule, dueAt, now, putOffFrom: row.put_off_from });
}

type OpenEnd = { readonly kind: "missed" } | { readonly kind: "dropped"; readonly code: string };
type OpenStep = Extract<DueStep, { kind: "run" | "quiet" }> | OpenEnd;

/** A run that was interrupted is no promise: what its person has said since, and what became of them, holds for it, too. */
async function decideOpen(
  tx: Tx,
  { schedule, dueAt, putOffFrom }: Omit<DueRun, "id">,
  { now, zone, decide }: Claiming,
): Promise<OpenStep> {
  if (schedule.state === "paused") return { kind: "dropped", code: schedule.because ?? "paused" };
  if (schedule.because === "removed") return { kind: "dropped", code: "removed" };
  const [rhythm, isBlocked] = [await findRhythm(tx, schedule.person.id, zone), await findBlock(tx, schedule.person)];
  const step = decide({ schedule, dueAt, now, rhythm, putOffFrom, isBlocked });
  if (step.kind === "pause") return { kind: "dropped", code: step.because };
  return step;
}

/** Nobody is told of what is dropped: whoever did it knows, or is not to be told anything. */
async function endOpen(tx: Tx, run: RunId, end: OpenEnd): Promise<void> {
  if (end.kind === "missed") await missRun(tx, run);
  else await endRun(tx, run, { outcome: "failed", code: end.code, message: null });
}

type Taken = Pick<DueAsk, "schedule" | "dueAt" | "now" | "putOffFrom">;

async function take(tx: Tx, step: DueStep, taken: Taken): Promise<DueRun | undefined> {
  const { schedule, putOffFrom } = taken;
  switch (step.kind) {
    case "pause":
      await updateSchedule(tx, schedule.id, { state: "paused", because: step.because, nextAt: null });
      return undefined;
    case "quiet":
      await insertRun(tx, { ...taken, outcome: "quiet", late: false });
      await updateSchedule(tx, schedule.id, {
        state: "active",
        because: null,
        nextAt: step.until,
        putOffFrom: putOffFrom ?? taken.dueAt,
      });
      await setAlarm(tx, schedule.id, step.until);
      return undefined;
    case "missed":
      await insertRun(tx, { ...taken, outcome: "missed", late: true });
      await goOn(tx, schedule.id, step.nextAt);
      return undefined;
    case "run": {
      const id = await insertRun(tx, { ...taken, outcome: null, late: step.late });
      await goOn(tx, schedule.id, step.nextAt);
      return id === undefined
        ? undefined
        : { id: runId(id), schedule, dueAt: taken.dueAt, late: step.late, putOffFrom };
    }
  }
}

async function goOn(tx: Tx, id: ScheduleId, nextAt: Date | null): Promise<void> {
  await updateSchedule(tx, id, { state: nextAt ? "active" : "done", because: null, nextAt });
  if (nextAt) await setAlarm(tx, id, nextAt);
}

/** False when it was taken back since, or its name is somebody else's by now. */
async function tryAgain(tx: Tx, { schedule }: DueRun, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update schedule set state = 'active', next_at = $2
     where id = $1 and state = 'done' and because is null and not exists (
       select from schedule other
       where other.person_id = schedule.person_id and lower(other.name) = lower(schedule.name) and other.state <> 'done')`,
    [schedule.id, at],
  );
  if (rowCount === 1) await setAlarm(tx, schedule.id, at);
  return rowCount === 1;
}

/** What was asked is looked at when its turn has ended. */
async function countEnd(tx: Tx, { id, schedule }: DueRun, { outcome }: RunEnd): Promise<void> {
  if (outcome === "asked") return;
  const isAlone = schedule.when.kind === "at";
  await countFailure(tx, { run: id, schedule: schedule.id, failed: outcome === "failed", isAlone });
}

type Counted = {
  readonly run: string;
  readonly schedule: string;
  readonly failed: boolean;
  /** There is no other run to wait for, and nothing was said of this one. */
  readonly isAlone: boolean;
};

/** The person is to hear of it where it came once; else of the third failure in a row, and of every tenth after it. */
async function countFailure(tx: Tx, { run, schedule, failed, isAlone }: Counted): Promise<void> {
  await tx.query(
    `with counted as (
       update schedule set failures = case when $3 then failures + 1 else 0 end where id = $1 returning failures)
     update schedule_run set news = 'failing'
     from counted where schedule_run.id = $2
       and case when $4 then $3 else failures >= 3 and (failures - 3) % 10 = 0 end`,
    [schedule, run, failed, isAlone],
  );
}

async function findBlock(tx: Tx, person: Person): Promise<boolean> {
  const { rowCount } = await tx.query("select from person_block where person_id = $1", [person.id]);
  return rowCount !== 0;
}

async function findAccount(
  tx: Tx,
  person: Person,
  platform: string,
): Promise<{ readonly scope: string; readonly id: string } | undefined> {
  const { rows } = await tx.query<{ scope: string; id: string }>(
    `select scope, external_id as id from identity
     where platform = $1 and person_id = $2 and state = 'linked' order by linked_at desc limit 1`,
    [platform, person.id],
  );
  return rows[0];
}
