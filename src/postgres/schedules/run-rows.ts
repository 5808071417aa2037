/** The runs of schedules within an open transaction. Used by due.ts. */
import { runId, type DueAsk, type DueRun, type RunEnd, type RunId, type RunNews, type ScheduleId } from "#core";
import type { Tx } from "../engine/database.ts";
import { SCHEDULE, scheduleFrom, WITH_PERSON, type ScheduleRow } from "./schedule-rows.ts";

/** Undefined when there is a run of this time. What was missed is to be told. */
export async function insertRun(
  tx: Tx,
  run: Pick<DueAsk, "schedule" | "dueAt" | "now" | "putOffFrom"> & {
    readonly outcome: "quiet" | "missed" | null;
    readonly late: boolean;
  },
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into schedule_run (tenant_id, person_id, schedule_id, due_at, started_at, outcome, late, put_off_from, news)
     values ($1, $2, $3, $4, $5, $6, $7, $8, case when $6 = 'missed' then 'missed' end)
     on conflict (schedule_id, due_at) do nothing returning id`,
    [
      run.schedule.person.tenant,
      run.schedule.person.id,
      run.schedule.id,
      run.dueAt,
      run.now,
      run.outcome,
      run.late,
      run.putOffFrom,
    ],
  );
  return rows[0]?.id;
}

type OpenRow = {
  readonly id: string;
  readonly due_at: Date;
  readonly late: boolean;
  readonly put_off_from: Date | null;
};

/** The oldest that was claimed and is not known to be done. */
export async function findOpen(tx: Tx, schedule: ScheduleId): Promise<Omit<DueRun, "schedule"> | undefined> {
  const { rows } = await tx.query<OpenRow>(
    `select id, due_at, late, put_off_from from schedule_run
     where schedule_id = $1 and outcome is null order by due_at limit 1`,
    [schedule],
  );
  return rows.map((row) => ({ id: runId(row.id), dueAt: row.due_at, late: row.late, putOffFrom: row.put_off_from }))[0];
}

/** False when its end is written already. */
export async function endRun(tx: Tx, run: RunId, { outcome, code, message }: RunEnd): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update schedule_run set outcome = $2, code = $3, message_id = $4 where id = $1 and outcome is null",
    [run, outcome, code, message],
  );
  return rowCount === 1;
}

/** It was claimed and not done in time to be of use; its person is to be told. */
export async function missRun(tx: Tx, run: RunId): Promise<void> {
  await tx.query("update schedule_run set outcome = 'missed', late = true, news = 'missed' where id = $1", [run]);
}

type JudgedRow = { readonly run: string; readonly schedule: string; readonly failed: boolean };

/** Of asked words the turns that have ended since, oldest first; what failed says by which code. */
export async function judgeRuns(tx: Tx): Promise<readonly JudgedRow[]> {
  const { rows } = await tx.query<JudgedRow>(
    `with ended as (
       select run.id, turn.state, (
         select step.code from step where step.turn_id = turn.id and step.code is not null order by step.id desc limit 1) as code
       from schedule_run run
       join message on message.id = run.message_id
       join turn on turn.id = message.turn_id and turn.ended_at is not null
       where run.outcome = 'asked' and not run.judged
       order by run.id limit 100 for update of run skip locked)
     update schedule_run set judged = true,
       outcome = case when ended.state = 'failed' then 'failed' else outcome end,
       code = case when ended.state = 'failed' then coalesce(ended.code, 'turn_failed') end
     from ended where schedule_run.id = ended.id
     returning schedule_run.id as run, schedule_run.schedule_id as schedule, ended.state = 'failed' as failed`,
  );
  return rows.toSorted((a, b) => Number(BigInt(a.run) - BigInt(b.run)));
}

type NewsRow = ScheduleRow & {
  readonly run_id: string;
  readonly due_at: Date;
  readonly news: RunNews["news"];
  readonly code: string | null;
};

/** Oldest first. */
export async function findNews(tx: Tx, after: RunId | null, limit: number): Promise<readonly RunNews[]> {
  const { rows } = await tx.query<NewsRow>(
    `select ${SCHEDULE}, run.id as run_id, run.due_at, run.news, run.code
     from schedule_run run join schedule on schedule.id = run.schedule_id ${WITH_PERSON}
     where run.news is not null and not run.told and run.id > $1 order by run.id limit $2`,
    [after ?? 0, limit],
  );
  return rows.map((row) => ({
    run: runId(row.run_id),
    schedule: scheduleFrom(row),
    dueAt: row.due_at,
    news: row.news,
    code: row.code,
  }));
}

export async function tellRuns(tx: Tx, runs: readonly RunId[]): Promise<void> {
  await tx.query("update schedule_run set told = true where id = any($1)", [runs]);
}
