/** Where the unfinished reply of a turn is shown: the port DraftNotes of the core. */
import { placeOf, type DraftNotes, type TakenTurn, type TurnId } from "#core";
import { inEveryTenant, isRowId } from "../conversation-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import { storable } from "../engine/storable.ts";

export function createDraftNotes(database: Database): DraftNotes {
  return {
    // Of a turn that another process may have held its number is all that is known.
    async of(turn) {
      if (!isRowId(turn)) return null;
      const [draft = null] = await inEveryTenant(database, (tx) => findDraft(tx, turn));
      return draft;
    },

    note: (turn, draft) => database.within(placeOf(turn), (tx) => noteDraft(tx, turn, draft)),
  };
}

async function findDraft(tx: Tx, turn: TurnId): Promise<readonly string[]> {
  const { rows } = await tx.query<{ draft: string }>("select draft from turn where id = $1 and draft is not null", [
    turn,
  ]);
  return rows.map(({ draft }) => draft);
}

async function noteDraft(tx: Tx, turn: TakenTurn, draft: string): Promise<boolean> {
  const { rowCount } = await tx.query("update turn set draft = $3 where id = $1 and epoch = $2 and state = 'running'", [
    turn.id,
    turn.epoch,
    storable(draft),
  ]);
  return rowCount === 1;
}
