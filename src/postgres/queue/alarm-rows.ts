/** Wake-up calls at the times of schedules, sent within transactions on pg-boss's own rows. Used by schedules.ts, due.ts, alarms.ts. */
import { createHash } from "node:crypto";
import type { ScheduleId } from "#core";
import type { Tx } from "../engine/database.ts";

export const ALARM_QUEUE = "schedule";

/** One call for one schedule at one time, however often it is set. It carries the id only: the row says what is due. */
export async function setAlarm(tx: Tx, schedule: ScheduleId, at: Date): Promise<void> {
  await tx.query(
    `insert into pgboss.job (name, id, data, policy, expire_seconds, deletion_seconds, retry_limit, retry_delay,
       retry_backoff, retry_delay_max, heartbeat_seconds, start_after, created_on, keep_until, state)
     select name, $2::uuid, jsonb_build_object('schedule', $3::text), policy, expire_seconds, deletion_seconds, retry_limit,
       retry_delay, coalesce(retry_backoff, false), retry_delay_max, heartbeat_seconds, $4::timestamptz, pgboss.job_now(),
       $4::timestamptz + retention_seconds * interval '1 second', 'created'
     from pgboss.queue where name = $1
     on conflict do nothing`,
    [ALARM_QUEUE, callId(schedule, at), schedule, at],
  );
}

function callId(schedule: ScheduleId, at: Date): string {
  const hash = createHash("sha256").update(`${schedule} ${at.toISOString()}`).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
