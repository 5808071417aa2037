/** How Nova is doing, as rows tell it, within one scope: the port OperationsStore of the core. */
import {
  turnId,
  type Operations,
  type OperationsReport,
  type OperationsStore,
  type Scope,
  type Traced,
  type TraceEvent,
  type TurnId,
  type TurnSummary,
} from "#core";
import { isRowId } from "./conversation-rows.ts";
import type { Database, Tx } from "./engine/database.ts";
import { spentSince } from "./spending-rows.ts";

export function createOperations(database: Database): OperationsStore {
  return { as: (scope) => within(database, scope) };
}

function within(database: Database, scope: Scope): Operations {
  return {
    report: (since) =>
      database.within(scope, async (tx) => ({
        since,
        turns: await countTurns(tx, since),
        waitingMessages: await countWaiting(tx),
        ...(await countParts(tx, since)),
        latency: await latency(tx, since),
        byAgent: await byAgent(tx, since),
        spent: await spentSince(tx, since),
        failures: await failures(tx, since),
      })),

    turn: (id) =>
      database.within(scope, async (tx) => {
        const summary = isRowId(id) ? await summaryOf(tx, id) : undefined;
        return summary && { summary, events: await eventsOf(tx, id) };
      }),

    recent: (limit) => database.within(scope, (tx) => newestTurns(tx, limit)),
  };
}

/** What Nova said unasked answers nothing. */
async function countTurns(tx: Tx, since: Date): Promise<OperationsReport["turns"]> {
  const { rows } = await tx.query<OperationsReport["turns"]>(
    `select count(*) filter (where state = 'done')::integer as done,
       count(*) filter (where state = 'failed')::integer as failed,
       count(*) filter (where state = 'cancelled')::integer as cancelled,
       count(*) filter (where state = 'running')::integer as running
     from turn where (started_at >= $1 or state = 'running') and said_key is null`,
    [since],
  );
  return rows[0] ?? { done: 0, failed: 0, cancelled: 0, running: 0 };
}

/** In a shared conversation only the author counts a message as waiting for Nova. */
async function countWaiting(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::integer from message
     where turn_id is null and (nova_service() or author_id = nova_person())`,
  );
  return rows[0]?.count ?? 0;
}

type Parts = Pick<OperationsReport, "undeliveredParts" | "unknownParts" | "failedParts">;

/** A lost notice is not counted again: the part that it tells of is. Nor is what could not be amended: it was there before. */
async function countParts(tx: Tx, since: Date): Promise<Parts> {
  const { rows } = await tx.query<Parts>(
    `select count(*) filter (where state in ('ready', 'sending'))::integer as "undeliveredParts",
       count(*) filter (where state = 'unknown' and not notice and amends_id is null)::integer as "unknownParts",
       count(*) filter (where state = 'failed' and not notice and amends_id is null)::integer as "failedParts"
     from outbox_part
     where state in ('ready', 'sending') or (state in ('unknown', 'failed') and stored_at >= $1)`,
    [since],
  );
  return rows[0] ?? { undeliveredParts: 0, unknownParts: 0, failedParts: 0 };
}

async function latency(tx: Tx, since: Date): Promise<OperationsReport["latency"]> {
  const { rows } = await tx.query<{ p50: number | null; p95: number | null }>(
    `select percentile_cont(0.5) within group (order by ms) as p50, percentile_cont(0.95) within group (order by ms) as p95
     from (select extract(epoch from turn.ended_at - min(message.stored_at))::double precision * 1000 as ms
           from turn join message on message.turn_id = turn.id and message.direction = 'in'
           where turn.started_at >= $1 and turn.ended_at is not null
           group by turn.id, turn.ended_at) waits`,
    [since],
  );
  const [row] = rows;
  return row && row.p50 !== null && row.p95 !== null ? { p50: row.p50, p95: row.p95 } : null;
}

async function byAgent(tx: Tx, since: Date): Promise<OperationsReport["byAgent"]> {
  const { rows } = await tx.query<OperationsReport["byAgent"][number]>(
    `select agent, count(distinct turn_id)::integer as turns,
       count(distinct turn_id) filter (where reply = 'fail')::integer as failed, sum(tokens)::integer as tokens
     from step where started_at >= $1 group by agent order by turns desc, agent`,
    [since],
  );
  return rows;
}

async function failures(tx: Tx, since: Date): Promise<OperationsReport["failures"]> {
  const { rows } = await tx.query<OperationsReport["failures"][number]>(
    `select code, count(*)::integer as count
     from step where started_at >= $1 and code is not null group by code order by count desc, code`,
    [since],
  );
  return rows;
}

type SummaryRow = {
  readonly id: string;
  readonly state: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly agent: string | null;
  readonly model: string | null;
  readonly conversation_id: string;
  readonly platform: string;
  readonly person: string;
};

const SUMMARY = `select turn.id, turn.state, turn.started_at, turn.ended_at, turn.agent, turn.model, turn.conversation_id,
    turn.address ->> 'platform' as platform, person.name as person
  from turn join person on person.id = turn.person_id`;

const summaryFrom = (row: SummaryRow): TurnSummary => ({
  turn: turnId(row.id),
  state: row.state,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  agent: row.agent,
  model: row.model,
  conversation: row.conversation_id,
  platform: row.platform,
  person: row.person,
});

async function summaryOf(tx: Tx, id: TurnId): Promise<TurnSummary | undefined> {
  const { rows } = await tx.query<SummaryRow>(`${SUMMARY} where turn.id = $1`, [id]);
  return rows.map(summaryFrom)[0];
}

async function newestTurns(tx: Tx, limit: number): Promise<readonly TurnSummary[]> {
  const { rows } = await tx.query<SummaryRow>(`${SUMMARY} order by turn.id desc limit $1`, [limit]);
  return rows.map(summaryFrom);
}

async function eventsOf(tx: Tx, id: TurnId): Promise<readonly Traced[]> {
  const { rows } = await tx.query<{ seq: number; at: Date; epoch: number; event: TraceEvent }>(
    "select seq, at, epoch, event from trace_event where turn_id = $1 order by seq",
    [id],
  );
  return rows;
}
