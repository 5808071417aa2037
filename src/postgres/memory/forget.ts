/** Forgetting: an item, its sources, its words in the index and in its neighbours, in one transaction. */
import { branchId, itemId, projectId, type ItemId, type Lexicon, type MessageId, type Place, type Scope } from "#core";
import { enter, type Tx } from "../engine/database.ts";
import { lineRemoved } from "./context.ts";
import { applyChange, lockScope } from "./index-rows.ts";
import { namesRow, OF_OWNER, ownerOf, placeColumns, type Owner } from "./rows.ts";
import { linesAround } from "./stream.ts";

/**
 * The transaction is within `scope`, and is again when this returns. Only the person's own items that can be seen there;
 * false when there is no such item. An item is taken out of the project and branch that it is in, and a tombstone stands
 * there alone: the same words kept elsewhere are another item.
 */
export async function forgetItem(tx: Tx, scope: Scope, id: ItemId, lexicon: Lexicon): Promise<boolean> {
  if (!namesRow(id)) return false;
  const place = await findPlace(tx, ownerOf(scope), id);
  if (!place) return false;
  const there = { ...scope, ...place };
  await enter(tx, there);
  const forgotten = await forgetThere(tx, ownerOf(there), id, lexicon);
  // A recall of any project may have returned what is of none.
  await enter(tx, { ...scope, project: "every", branch: "every" });
  if (forgotten) await unlog(tx, id);
  await enter(tx, scope);
  return forgotten;
}

/** The person's items that this message alone is the source of. The transaction is within `scope`. */
export async function keptOf(tx: Tx, scope: Scope, message: MessageId): Promise<readonly ItemId[]> {
  const { tenant, person } = ownerOf(scope);
  const { rows } = await tx.query<{ id: string }>(
    `select distinct item.id
     from memory_source said join memory_item item using (content_hash, tenant_id, person_id)
     where said.message_id = $1 and tenant_id = $2 and person_id = $3
       and (item.project_id, item.branch_id) is not distinct from (said.project_id, said.branch_id)
       and not exists (
         select from memory_source other
         where other.content_hash = said.content_hash and other.tenant_id = $2 and other.person_id = $3
           and (other.project_id, other.branch_id) is not distinct from (said.project_id, said.branch_id)
           and other.message_id is distinct from $1)`,
    [message, tenant, person],
  );
  return rows.map(({ id }) => itemId(id));
}

async function forgetThere(tx: Tx, owner: Owner, id: ItemId, lexicon: Lexicon): Promise<boolean> {
  await lockScope(tx, owner, lexicon.version);
  const item = await findOwn(tx, owner, id);
  if (!item) return false;

  const lines = await linesAround(tx, owner, item, 2 * lexicon.reach);
  await deleteLabels(tx, owner, item.content_hash);
  await deleteSources(tx, owner, item.content_hash);
  await applyChange(tx, owner, lexicon, lineRemoved(lexicon, lines, item.id));
  await bury(tx, owner, item);
  return true;
}

/** An item never moves, so its place can be read before it is locked. */
async function findPlace(tx: Tx, owner: Owner, id: ItemId): Promise<Place | undefined> {
  const { rows } = await tx.query<{ project_id: string | null; branch_id: string | null }>(
    "select project_id, branch_id from memory_item where id = $1 and tenant_id = $2 and person_id = $3",
    [id, owner.tenant, owner.person],
  );
  return rows.map((row) => ({
    project: row.project_id === null ? null : projectId(row.project_id),
    branch: row.branch_id === null ? null : branchId(row.branch_id),
  }))[0];
}

type OwnRow = { id: string; stream: string; content_hash: Buffer };

async function findOwn(tx: Tx, owner: Owner, id: ItemId): Promise<OwnRow | undefined> {
  const { rows } = await tx.query<OwnRow>(
    `select id, stream, content_hash from memory_item where ${OF_OWNER} and id = $5`,
    [...placeColumns(owner), id],
  );
  return rows[0];
}

/** What was said about whom these words are for holds the words, too. */
async function deleteLabels(tx: Tx, owner: Owner, hash: Buffer): Promise<void> {
  await tx.query(
    `delete from route_label where person_id = $2 and turn_id in (
       select turn_id from message where id in (
         select message_id from memory_source where ${OF_OWNER} and content_hash = $5))`,
    [...placeColumns(owner), hash],
  );
}

/** Every time the words were said; the item goes with the first of them. */
async function deleteSources(tx: Tx, owner: Owner, hash: Buffer): Promise<void> {
  await tx.query(`delete from memory_source where ${OF_OWNER} and content_hash = $5`, [...placeColumns(owner), hash]);
}

async function unlog(tx: Tx, id: ItemId): Promise<void> {
  await tx.query(
    `update recall_log set returned = array_remove(returned, $1), cited = array_remove(cited, $1)
     where $1::bigint = any(returned)`,
    [id],
  );
}

async function bury(tx: Tx, owner: Owner, item: OwnRow): Promise<void> {
  await tx.query(
    `insert into memory_tombstone (tenant_id, person_id, project_id, branch_id, content_hash, item_id)
     values ($1, $2, $3, $4, $5, $6)`,
    [...placeColumns(owner), item.content_hash, item.id],
  );
}
