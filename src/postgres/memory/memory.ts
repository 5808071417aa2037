/** Rows of memory: the port MemoryStore of the core. Made by the roof, used by src/memory. */
import type { ItemId, Lexicon, MemoryItem, MemoryKind, MemoryStore } from "#core";
import type { Database, Tx } from "../engine/database.ts";
import { forgetItem } from "./forget.ts";
import { keepItem } from "./keep.ts";
import { noteRecall } from "./log.ts";
import { ITEM_COLUMNS, namesRow, toItem, type ItemRow } from "./rows.ts";
import { searchItems } from "./search.ts";

export function createMemoryStore(database: Database, lexicon: Lexicon): MemoryStore {
  return {
    search: (scope, query, { kinds, limit }) =>
      database.within(scope, (tx) => searchItems(tx, lexicon, query, { kinds: kinds ?? null, limit })),
    recall: (scope, query, { kinds, limit }, conclude) =>
      database.within(scope, async (tx) => {
        const { result, note } = conclude(await searchItems(tx, lexicon, query, { kinds: kinds ?? null, limit }));
        await noteRecall(tx, scope, note);
        return result;
      }),
    add: (scope, item) => database.within(scope, (tx) => keepItem(tx, scope, item, lexicon)),
    forget: (scope, item) => database.within(scope, (tx) => forgetItem(tx, scope, item, lexicon)),
    get: (scope, item) => database.within(scope, (tx) => getItem(tx, item)),
    newest: (scope, limit, kinds, project) =>
      database.within(scope, (tx) => newestItems(tx, [limit, kinds ?? null, project ?? null])),
    note: (scope, note) => database.within(scope, (tx) => noteRecall(tx, scope, note)),
  };
}

async function getItem(tx: Tx, id: ItemId): Promise<MemoryItem | undefined> {
  if (!namesRow(id)) return undefined;
  const { rows } = await tx.query<ItemRow>(
    `select ${ITEM_COLUMNS} from memory_item where id = $1 and status = 'active'`,
    [id],
  );
  return rows.map(toItem)[0];
}

/** Ids rise with the order in which items were kept. */
async function newestItems(
  tx: Tx,
  asked: readonly [limit: number, kinds: readonly MemoryKind[] | null, project: string | null],
): Promise<readonly MemoryItem[]> {
  const { rows } = await tx.query<ItemRow & { readonly project: string | null }>(
    `select ${ITEM_COLUMNS}, (select name from project where project.id = project_id) as project
     from memory_item
     where status = 'active' and ($2::text[] is null or kind = any($2))
       and ($3::text is null or project_id in (select project.id from project where lower(project.name) = $3))
     order by id desc limit $1`,
    asked.slice(),
  );
  return rows.map((row) => ({ ...toItem(row), project: row.project }));
}
