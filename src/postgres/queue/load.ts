/** How much waits and runs, for whoever watches from outside: few numbers, each by an index. Called for `GET /metrics`. */
import { CALL_KINDS, type Load } from "#core";
import { deadOf } from "./boss.ts";
import { inEveryTenant } from "../conversation-rows.ts";
import type { Database, Tx } from "../engine/database.ts";

/** Rejects with DatabaseAway when the database is away. */
export async function readLoad(database: Database): Promise<Load> {
  const tenants = await inEveryTenant(database, async (tx) => [await countWork(tx)]);
  const sum = (name: keyof Work): number => tenants.reduce((total, work) => total + work[name], 0);
  return {
    waitingMessages: sum("waitingMessages"),
    runningTurns: sum("runningTurns"),
    undeliveredParts: sum("undeliveredParts"),
    calls: await database.system(countCalls),
  };
}

type Work = Pick<Load, "waitingMessages" | "runningTurns" | "undeliveredParts">;

async function countWork(tx: Tx): Promise<Work> {
  // A server ends it soon by itself: nobody waits for a count that takes longer.
  await tx.query("set local statement_timeout = '2s'");
  const { rows } = await tx.query<Work>(
    `select (select count(*)::integer from message where turn_id is null) as "waitingMessages",
       (select count(*)::integer from turn where state = 'running') as "runningTurns",
       (select count(*)::integer from outbox_part where state in ('ready', 'sending')) as "undeliveredParts"`,
  );
  return rows[0] ?? { waitingMessages: 0, runningTurns: 0, undeliveredParts: 0 };
}

/** Also the kinds of which there are none: a line that comes and goes is hard to watch. */
async function countCalls(tx: Tx): Promise<Load["calls"]> {
  const kinds = [...CALL_KINDS, ...CALL_KINDS.map(deadOf)];
  const { rows } = await tx.query<{ kind: string; waiting: number; active: number }>(
    `select kind, count(job.id) filter (where job.state in ('created', 'retry'))::integer as waiting,
       count(job.id) filter (where job.state = 'active')::integer as active
     from unnest($1::text[]) kind
       left join pgboss.job on job.name = kind and job.state in ('created', 'retry', 'active')
     group by kind order by kind`,
    [kinds],
  );
  return rows;
}
