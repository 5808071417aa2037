/** Statements on calls of models, within an open transaction. Used by spending.ts, settlement.ts and cleaning.ts. */
import { agentId, type DaySpent, type ModelCall, type SpentOn, type Today } from "#core";
import type { Tx } from "./engine/database.ts";

/** Of a date in UTC, as `2026-03-02`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** A process is its connections, and each of them works on one transaction at a time. */
const LANE = "pg_backend_pid() % 64";

/** Adds what `settled` returned to its days, in one order for all, so that no two can wait for each other. */
const ADD_UP = `
  insert into spending_day as sum (tenant_id, day, lane, tokens, micros)
  select tenant_id, day, ${LANE}, sum(input_tokens + output_tokens), coalesce(sum(micros), 0)
  from settled group by tenant_id, day order by tenant_id, day
  on conflict (tenant_id, day, lane) do update set tokens = sum.tokens + excluded.tokens, micros = sum.micros + excluded.micros`;

/** What is settled already stays as it is, so that no call counts twice. */
export async function settleCalls(tx: Tx, calls: readonly ModelCall[]): Promise<void> {
  await tx.query(
    `with settled as (
       update model_call set state = 'settled', agent = came.agent, model = came.model,
         input_tokens = (came.tokens ->> 'input')::bigint, output_tokens = (came.tokens ->> 'output')::bigint,
         micros = came.micros, counted = came.counted, outcome = came.outcome
       from jsonb_to_recordset($1::jsonb)
         as came (call uuid, agent text, model text, tokens jsonb, micros bigint, counted text, outcome text)
       where model_call.id = came.call and model_call.state = 'reserved'
       returning model_call.tenant_id, model_call.day, model_call.input_tokens, model_call.output_tokens, model_call.micros)
     ${ADD_UP}`,
    [JSON.stringify(calls)],
  );
}

/** Settles at the most that was reserved what nobody came to settle: its process died, and the provider may have worked. */
export async function settleLost(tx: Tx, before: Date, most: number): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `with settled as (
       update model_call set state = 'settled', counted = 'estimated', outcome = 'lost'
       where state = 'reserved' and id = any(array(
         select id from model_call where state = 'reserved' and at <= $1 order by at limit $2 for update skip locked))
       returning tenant_id, day, input_tokens, output_tokens, micros),
     added as (${ADD_UP})
     select count(*)::integer as count from settled`,
    [before, most],
  );
  return rows[0]?.count ?? 0;
}

type SumRow = { readonly ended: boolean; readonly tokens: number; readonly micros: number };

/** Within the service's scope of the tenant. */
export async function sumsOf(tx: Tx, day: string): Promise<Today> {
  const { rows } = await tx.query<SumRow>(
    `select true as ended, sum(tokens)::float8 as tokens, sum(micros)::float8 as micros
     from spending_day where day = $1::date having count(*) > 0
     union all
     select false, sum(input_tokens + output_tokens)::float8, coalesce(sum(micros), 0)::float8
     from model_call where day = $1::date and state = 'reserved' having count(*) > 0`,
    [day],
  );
  const sum = (ended: boolean) => {
    const { tokens = 0, micros = 0 } = rows.find((row) => row.ended === ended) ?? {};
    return { tokens, micros };
  };
  return { day: midnight(day), ended: sum(true), reserved: sum(false) };
}

type SpentRow = {
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly micros: number;
  readonly unpriced: number;
};

const SPENT = `count(*)::integer as calls, coalesce(sum(input_tokens), 0)::float8 as input,
  coalesce(sum(output_tokens), 0)::float8 as output, coalesce(sum(micros), 0)::float8 as micros,
  (count(*) filter (where micros is null))::integer as unpriced`;

const spentFrom = ({ calls, input, output, micros, unpriced }: SpentRow): SpentOn => ({
  calls,
  tokens: { input, output },
  micros,
  unpriced,
});

export async function spentSince(tx: Tx, since: Date): Promise<SpentOn> {
  const { rows } = await tx.query<SpentRow>(
    `select ${SPENT} from model_call where state = 'settled' and day >= $2::date and at >= $1`,
    [since, dayOf(since)],
  );
  return spentFrom(rows[0] ?? { calls: 0, input: 0, output: 0, micros: 0, unpriced: 0 });
}

type DayRow = SpentRow & { readonly day: string; readonly agent: string | null; readonly model: string | null };

/** The dearest first, then what used most. */
export async function daysFrom(tx: Tx, first: string): Promise<readonly DaySpent[]> {
  const { rows } = await tx.query<DayRow>(
    `select day::text, agent, model, ${SPENT}
     from model_call where state = 'settled' and day >= $1::date
     group by grouping sets ((day), (day, agent), (day, model))
     order by model_call.day desc, micros desc, sum(input_tokens + output_tokens) desc, agent, model`,
    [first],
  );
  return rows.filter(isTotal).map((total) => ({
    day: midnight(total.day),
    total: spentFrom(total),
    byAgent: rows.flatMap((row) =>
      row.day === total.day && row.agent !== null ? { ...spentFrom(row), agent: agentId(row.agent) } : [],
    ),
    byModel: rows.flatMap((row) =>
      row.day === total.day && row.model !== null ? { ...spentFrom(row), model: row.model } : [],
    ),
  }));
}

const isTotal = ({ agent, model }: DayRow): boolean => agent === null && model === null;
