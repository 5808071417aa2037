/** What recalls returned and what answers cited of it. Used by memory.ts and writer.ts. */
import type { ItemId, RecallNote, Scope, TurnId } from "#core";
import type { Tx } from "../engine/database.ts";
import { namesRow, ownerOf, placeColumns } from "./rows.ts";

export async function noteRecall(tx: Tx, scope: Scope, entry: RecallNote): Promise<void> {
  const owner = ownerOf(scope);
  await tx.query(
    `insert into recall_log (tenant_id, person_id, project_id, branch_id, turn_id, agent, verdict, confidence,
       returned)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::bigint[])`,
    [...placeColumns(owner), entry.turn, entry.agent, entry.verdict, entry.confidence, entry.returned],
  );
}

/** An item counts as cited by the recall that returned it; what none returned is no citation. */
export async function noteCitations(tx: Tx, turn: TurnId, items: readonly ItemId[]): Promise<void> {
  await tx.query(
    `update recall_log
     set cited = array(select unnest(cited) union select unnest(returned) intersect select unnest($2::bigint[]))
     where turn_id = $1 and returned && $2::bigint[]`,
    [turn, items.filter(namesRow)],
  );
}
