/** The write path: an item is stored and found by at once, in one transaction, without any model. */
import { itemId, NovaError, type ItemId, type Lexicon, type NewMemory, type Scope } from "#core";
import type { Tx } from "../engine/database.ts";
import { lineAdded } from "./context.ts";
import { applyChange, lockScope } from "./index-rows.ts";
import { contentHash, OF_OWNER, ownerOf, placeColumns, sparse, type Owner } from "./rows.ts";
import { storable } from "../engine/storable.ts";
import { lastLines } from "./stream.ts";

export type Kept = { readonly id: ItemId; readonly kept: "new" | "seen" | "forgotten" };

/** Most characters of an item. */
export const LONGEST_ITEM = 20_000;

/** The transaction is within `scope`. A text that was forgotten is not kept; its id is that of the item it was. */
export async function keepItem(tx: Tx, scope: Scope, item: NewMemory, lexicon: Lexicon): Promise<Kept> {
  refuseSize(item.text);
  const owner = ownerOf(scope);
  const source: Source = {
    ...item,
    text: storable(item.text),
    author: storable(item.author),
    hash: contentHash(storable(item.text)),
  };

  await lockScope(tx, owner, lexicon.version);
  if (item.asked) await liftTombstone(tx, owner, source.hash);
  const forgotten = await findTombstone(tx, owner, source.hash);
  if (forgotten) return { id: forgotten, kept: "forgotten" };
  const known = await findSame(tx, owner, source.hash);
  const sourceId = await insertSource(tx, owner, source);
  if (known) return { id: known, kept: "seen" };

  const lines = await lastLines(tx, owner, source.stream, 2 * lexicon.reach);
  const change = lineAdded(lexicon, lines, { text: source.text, speaker: source.author, at: source.happenedAt });
  const average = await applyChange(tx, owner, lexicon, change);
  const { own, length, isQuestion, hasTime } = change.document;
  const id = await insertItem(tx, owner, source, {
    sourceId,
    version: lexicon.version,
    vector: sparse(lexicon.weights(change.document, average)),
    features: [own, length, isQuestion, hasTime],
  });
  return { id, kept: "new" };
}

type Source = NewMemory & { readonly hash: Buffer };

function refuseSize(text: string): void {
  if (text.length > 0 && text.length <= LONGEST_ITEM) return;
  throw new NovaError(
    "bad_input",
    `An item of memory has 1 to ${LONGEST_ITEM} characters; this one has ${text.length}.`,
  );
}

async function findTombstone(tx: Tx, owner: Owner, hash: Buffer): Promise<ItemId | undefined> {
  const { rows } = await tx.query<{ item_id: string }>(
    `select item_id from memory_tombstone where ${OF_OWNER} and content_hash = $5`,
    [...placeColumns(owner), hash],
  );
  return rows.map((row) => itemId(row.item_id))[0];
}

async function liftTombstone(tx: Tx, owner: Owner, hash: Buffer): Promise<void> {
  await tx.query(`delete from memory_tombstone where ${OF_OWNER} and content_hash = $5`, [
    ...placeColumns(owner),
    hash,
  ]);
}

async function findSame(tx: Tx, owner: Owner, hash: Buffer): Promise<ItemId | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from memory_item where ${OF_OWNER} and content_hash = $5`,
    [...placeColumns(owner), hash],
  );
  return rows.map((row) => itemId(row.id))[0];
}

/** Undefined when this very source is stored already. */
async function insertSource(tx: Tx, owner: Owner, source: Source): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into memory_source (tenant_id, person_id, project_id, branch_id, kind, stream, author, trust, body, content_hash,
       message_id, happened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (tenant_id, person_id, project_id, branch_id, content_hash, message_id) do nothing
     returning id`,
    [
      ...placeColumns(owner),
      source.kind,
      source.stream,
      source.author,
      source.trust,
      source.text,
      source.hash,
      source.message,
      source.happenedAt,
    ],
  );
  return rows[0]?.id;
}

type Indexed = {
  readonly sourceId: string | undefined;
  readonly version: number;
  readonly vector: string;
  readonly features: readonly [own: number, length: number, isQuestion: boolean, hasTime: boolean];
};

async function insertItem(tx: Tx, owner: Owner, source: Source, indexed: Indexed): Promise<ItemId> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into memory_item (tenant_id, person_id, project_id, branch_id, source_id, kind, stream, text, author, trust,
       happened_at, content_hash, lex_version, sv, own, len, is_question, has_time)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::sparsevec, $15, $16, $17, $18)
     returning id`,
    [
      ...placeColumns(owner),
      indexed.sourceId,
      source.kind,
      source.stream,
      source.text,
      source.author,
      source.trust,
      source.happenedAt,
      source.hash,
      indexed.version,
      indexed.vector,
      ...indexed.features,
    ],
  );
  const [row] = rows;
  if (!row) throw new NovaError("database", "The database took an item of memory and gave it no number.");
  return itemId(row.id);
}
