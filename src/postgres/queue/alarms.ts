/** Serves the wake-up calls of schedules: the port Alarms of the core. Made by queue.ts, on its pg-boss. */
import type { PgBoss } from "pg-boss";
import { scheduleId, type Alarms } from "#core";
import { ALARM_QUEUE } from "./alarm-rows.ts";
import type { Database } from "../engine/database.ts";

type Call = { readonly schedule: string };

/** A reminder may be so late; the embedded engine answers one question at a time. */
const POLLING = { pollingIntervalSeconds: 1, batchSize: 20 } as const;

/** The queue itself is made at once, so that calls can be sent; nothing is served before `serve`. */
export async function openAlarms(boss: PgBoss, database: Database): Promise<Alarms> {
  await boss.createQueue(ALARM_QUEUE, {
    notify: false,
    retryLimit: 3,
    retryDelay: 5,
    deleteAfterSeconds: 86_400,
    retentionSeconds: 7 * 86_400,
  });
  await boss.updateQueue(ALARM_QUEUE, { notify: false });
  if (database.engine === "embedded") await releaseOrphans(database);
  return {
    async serve(handler) {
      await boss.work<Call, void, typeof POLLING>(ALARM_QUEUE, POLLING, async (calls) => {
        for (const { data } of calls) await handler(scheduleId(data.schedule));
      });
    },
    hush: () => boss.offWork(ALARM_QUEUE),
  };
}

/** What was under way belongs to a process that is gone; the sweep looks for what it was about. */
async function releaseOrphans({ pool }: Database): Promise<void> {
  await pool.query("delete from pgboss.job where name = $1 and state in ('active', 'retry')", [ALARM_QUEUE]);
}
