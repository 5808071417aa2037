/** Appends to a turn's trace within an open transaction that holds the turn's row. Used by whatever changes one. */
import type { Noted, TakenTurn, TurnId } from "#core";
import type { OpenTx, Tx } from "../engine/database.ts";
import { storableJson } from "../engine/storable.ts";

/** The caller has locked the turn's row, so that no two writers count from the same number. */
export async function appendTrace(tx: Tx, turn: TurnId, events: readonly Noted[]): Promise<void> {
  await tx.query(
    `insert into trace_event (tenant_id, person_id, turn_id, seq, epoch, at, event)
     select turn.tenant_id, turn.person_id, turn.id,
       coalesce((select max(seq) from trace_event where turn_id = turn.id), 0) + line.ordinality, turn.epoch, (line.value ->> 'at')::timestamptz, line.value -> 'event'
     from turn, jsonb_array_elements($2::jsonb) with ordinality line
     where turn.id = $1`,
    [turn, storableJson(events)],
  );
}

/** The same where the hold on the turn may be lost: false then, and nothing is written. The last thing a transaction does. */
export async function appendHeld(
  tx: OpenTx,
  { id, epoch }: Pick<TakenTurn, "id" | "epoch">,
  events: readonly Noted[],
): Promise<boolean> {
  const [, written] = await Promise.all([
    tx.query("select id from turn where id = $1 and epoch = $2 and state = 'running' for update", [id, epoch]),
    tx.last(
      `insert into trace_event (tenant_id, person_id, turn_id, seq, epoch, at, event)
       select turn.tenant_id, turn.person_id, turn.id,
         coalesce((select max(seq) from trace_event where turn_id = turn.id), 0) + line.ordinality, turn.epoch, (line.value ->> 'at')::timestamptz, line.value -> 'event'
       from turn, jsonb_array_elements($2::jsonb) with ordinality line
       where turn.id = $1 and turn.epoch = $3 and turn.state = 'running'`,
      [id, storableJson(events), epoch],
    ),
  ]);
  return written.rowCount !== 0;
}

/** One event, unless the trace has it already. The caller has locked the turn's row. */
export async function appendOnce(tx: Tx, turn: TurnId, { at, event }: Noted): Promise<void> {
  await tx.query(
    `insert into trace_event (tenant_id, person_id, turn_id, seq, epoch, at, event)
     select turn.tenant_id, turn.person_id, turn.id,
       coalesce((select max(seq) from trace_event where turn_id = turn.id), 0) + 1, turn.epoch, $2, $3::jsonb
     from turn
     where turn.id = $1 and not exists (select from trace_event where turn_id = turn.id and event = $3::jsonb)`,
    [turn, at, storableJson(event)],
  );
}

export async function lockTurn(tx: Tx, turn: TurnId): Promise<void> {
  await tx.query("select id from turn where id = $1 for update", [turn]);
}
