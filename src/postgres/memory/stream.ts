/** The lines of a stream around one of them, oldest first, none from another project or branch. */
import type { StreamLine } from "#core";
import type { Tx } from "../engine/database.ts";
import { OF_OWNER, placeColumns, type Owner } from "./rows.ts";

export type StoredLine = StreamLine & { readonly id: string };

type LineRow = { id: string; text: string; author: string; happened_at: Date };

const toLine = (row: LineRow): StoredLine => ({
  id: row.id,
  text: row.text,
  speaker: row.author,
  at: row.happened_at,
});

export async function lastLines(tx: Tx, owner: Owner, stream: string, limit: number): Promise<StoredLine[]> {
  const { rows } = await tx.query<LineRow>(
    `select id, text, author, happened_at from memory_item
     where ${OF_OWNER} and stream = $5
     order by id desc limit $6`,
    [...placeColumns(owner), stream, limit],
  );
  return rows.map(toLine).toReversed();
}

/** At most `limit` lines on each side of an item, and the item. */
export async function linesAround(
  tx: Tx,
  owner: Owner,
  place: { readonly stream: string; readonly id: string },
  limit: number,
): Promise<StoredLine[]> {
  const { rows } = await tx.query<LineRow>(
    `select id, text, author, happened_at from (
       (select id, text, author, happened_at from memory_item
        where ${OF_OWNER} and stream = $5 and id <= $6 order by id desc limit $7 + 1)
       union all
       (select id, text, author, happened_at from memory_item
        where ${OF_OWNER} and stream = $5 and id > $6 order by id limit $7)
     ) as line
     order by id`,
    [...placeColumns(owner), place.stream, place.id, limit],
  );
  return rows.map(toLine);
}
