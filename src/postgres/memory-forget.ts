/** Forgetting: an item, its sources, its words in the index and in its neighbours, in one transaction. */
import type { ItemId, Lexicon, Scope } from "#core";
import type { Tx } from "./database.ts";
import { lineRemoved } from "./memory-context.ts";
import { applyChange, lockScope } from "./memory-index.ts";
import { namesRow, ownerOf, type Owner } from "./memory-rows.ts";
import { linesAround } from "./memory-stream.ts";

/** The transaction is within `scope`. Only the person's own items; false when there is no such item. */
export async function forgetItem(tx: Tx, scope: Scope, id: ItemId, lexicon: Lexicon): Promise<boolean> {
  const owner = ownerOf(scope);
  if (!namesRow(id)) return false;
  await lockScope(tx, owner, lexicon.version);
  const item = await findOwn(tx, owner, id);
  if (!item) return false;

  const lines = await linesAround(tx, owner, item, 2 * lexicon.reach);
  await deleteSources(tx, owner, item.content_hash);
  await applyChange(tx, owner, lexicon, lineRemoved(lexicon, lines, item.id));
  await unlog(tx, id);
  await bury(tx, owner, item);
  return true;
}

type OwnRow = { id: string; stream: string; content_hash: Buffer };

async function findOwn(tx: Tx, owner: Owner, id: ItemId): Promise<OwnRow | undefined> {
  const { rows } = await tx.query<OwnRow>(
    "select id, stream, content_hash from memory_item where id = $1 and tenant_id = $2 and person_id = $3",
    [id, owner.tenant, owner.person],
  );
  return rows[0];
}

/** Every time the words were said; the item goes with the first of them. */
async function deleteSources(tx: Tx, owner: Owner, hash: Buffer): Promise<void> {
  await tx.query("delete from memory_source where tenant_id = $1 and person_id = $2 and content_hash = $3", [
    owner.tenant,
    owner.person,
    hash,
  ]);
}

async function unlog(tx: Tx, id: ItemId): Promise<void> {
  await tx.query(
    `update recall_log set returned = array_remove(returned, $1), cited = array_remove(cited, $1)
     where $1::bigint = any(returned)`,
    [id],
  );
}

async function bury(tx: Tx, owner: Owner, item: OwnRow): Promise<void> {
  await tx.query("insert into memory_tombstone (tenant_id, person_id, content_hash, item_id) values ($1, $2, $3, $4)", [
    owner.tenant,
    owner.person,
    item.content_hash,
    item.id,
  ]);
}
