/** Statements on steps, within an open transaction. Used by turns.ts and settlement.ts. */
import type { FinishedStep, StepRecord, TakenTurn } from "#core";
import type { Tx } from "../engine/database.ts";
import { storableJson } from "../engine/storable.ts";

/** In the order in which they ended. */
export async function findSteps(tx: Tx, turn: TakenTurn): Promise<readonly FinishedStep[]> {
  const { rows } = await tx.query<{
    place: string;
    outcome: FinishedStep["outcome"];
    started_at: Date;
    ended_at: Date;
  }>(
    `select place, outcome, started_at, ended_at from step
     where turn_id = $1 and place is not null and outcome is not null order by ordinal`,
    [turn.id],
  );
  return rows.map((row) => ({
    place: row.place,
    outcome: row.outcome,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }));
}

/** The same place twice is one step. */
export async function insertFinished(tx: Tx, turn: TakenTurn, step: FinishedStep): Promise<void> {
  const { outcome, place, startedAt, endedAt } = step;
  const { reply, model, usage, tools } = outcome;
  await tx.query(
    `insert into step (tenant_id, person_id, turn_id, ordinal, agent, reply, code, model,
       model_calls, tool_calls, tokens, tools, started_at, ended_at, place, outcome)
     select $1, $2, $3, coalesce(max(ordinal) + 1, 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
     from step where turn_id = $3
     on conflict (turn_id, place) where place is not null do nothing`,
    [
      turn.person.tenant,
      turn.person.id,
      turn.id,
      outcome.agent,
      reply.kind,
      reply.kind === "fail" ? reply.code : null,
      model,
      usage.modelCalls,
      usage.toolCalls,
      usage.tokens,
      tools,
      startedAt,
      endedAt,
      place,
      storableJson(outcome),
    ],
  );
}

/** No take needs them any more, and they hold words that may be forgotten elsewhere. */
export async function dropOutcomes(tx: Tx, turn: TakenTurn): Promise<void> {
  await tx.query("update step set outcome = null where turn_id = $1 and outcome is not null", [turn.id]);
}

/** Those of the turn's end, behind the ones that were kept before. */
export async function insertSteps(tx: Tx, turn: TakenTurn, steps: readonly StepRecord[]): Promise<void> {
  await tx.query(
    `insert into step (tenant_id, person_id, turn_id, ordinal, agent, reply, code, model,
       model_calls, tool_calls, tokens, tools, started_at, ended_at)
     select $1, $2, $3, line.ordinality - 1 + (select coalesce(max(ordinal) + 1, 0) from step where turn_id = $3),
       line.agent, line.reply, line.code, line.model,
       (line.usage ->> 'modelCalls')::integer, (line.usage ->> 'toolCalls')::integer, (line.usage ->> 'tokens')::integer,
       line.tools, line."startedAt", line."endedAt"
     from rows from (jsonb_to_recordset($4::jsonb) as (agent text, reply text, code text, model text,
       usage jsonb, tools text[], "startedAt" timestamptz, "endedAt" timestamptz)) with ordinality line`,
    [turn.person.tenant, turn.person.id, turn.id, storableJson(steps)],
  );
}
