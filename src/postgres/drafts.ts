/** Where the unfinished reply of a turn is shown: the port Drafts of the core. A turn's number is all that is known of it. */
import type { Drafts, TurnId } from "#core";
import { inEveryTenant, isRowId } from "./conversation-rows.ts";
import type { Database, Tx } from "./database.ts";
import { storable } from "./storable.ts";

export function createDrafts(database: Database): Drafts {
  return {
    async of(turn) {
      if (!isRowId(turn)) return null;
      const [draft = null] = await inEveryTenant(database, (tx) => findDraft(tx, turn));
      return draft;
    },

    async note(turn, draft) {
      if (!isRowId(turn)) return false;
      const noted = await inEveryTenant(database, async (tx) => [await noteDraft(tx, turn, draft)]);
      return noted.includes(true);
    },
  };
}

async function findDraft(tx: Tx, turn: TurnId): Promise<readonly string[]> {
  const { rows } = await tx.query<{ draft: string }>("select draft from turn where id = $1 and draft is not null", [
    turn,
  ]);
  return rows.map(({ draft }) => draft);
}

async function noteDraft(tx: Tx, turn: TurnId, draft: string): Promise<boolean> {
  const { rowCount } = await tx.query("update turn set draft = $2 where id = $1 and state = 'running'", [
    turn,
    storable(draft),
  ]);
  return rowCount === 1;
}
