/** Appends to a turn's trace within an open transaction that holds the turn's row. Used by turns and outbox. */
import type { TraceEvent, TurnId } from "#core";
import type { Tx } from "./database.ts";

/** The caller has locked the turn's row, so that no two writers count from the same number. */
export async function appendTrace(tx: Tx, turn: TurnId, events: readonly TraceEvent[], at: Date): Promise<void> {
  await tx.query(
    `insert into trace_event (tenant_id, person_id, turn_id, seq, epoch, at, event)
     select turn.tenant_id, turn.person_id, turn.id,
       coalesce((select max(seq) from trace_event where turn_id = turn.id), 0) + line.ordinality, turn.epoch, $3, line.value
     from turn, jsonb_array_elements($2::jsonb) with ordinality line
     where turn.id = $1`,
    [turn, JSON.stringify(events), at],
  );
}

export async function lockTurn(tx: Tx, turn: TurnId): Promise<void> {
  await tx.query("select id from turn where id = $1 for update", [turn]);
}
