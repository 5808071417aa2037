/** Finds lines by their words: exact BM25 within what the scope may see. Used by memory.ts. */
import type { LexicalQuery, LexicalSearch, Lexicon, MemoryKind, TermFound } from "#core";
import type { Tx } from "../engine/database.ts";
import { ITEM_COLUMNS, sparse, toHit, type HitRow } from "./rows.ts";
import { findSize, readTerms } from "./terms.ts";

export type SearchOptions = {
  readonly kinds: readonly MemoryKind[] | null;
  readonly limit: number;
};

/** Sizes and frequencies are those of the visible rows: nothing of other people shows in a score. */
export async function searchItems(
  tx: Tx,
  lexicon: Lexicon,
  query: LexicalQuery,
  options: SearchOptions,
): Promise<LexicalSearch> {
  const size = await findSize(tx, lexicon.version, query.terms);
  const { documents } = size;
  const { found, readings } = await readTerms(tx, lexicon, query.terms, size);
  const rarities = raritiesOf(found, documents, lexicon);
  const hits = rarities.length > 0 ? await findHits(tx, lexicon.version, sparse(rarities), options) : [];
  return { hits, terms: found, readings, documents };
}

/** Words that no visible item holds are left out. Of two words that share a place the rarer one counts. */
function raritiesOf(
  found: readonly (TermFound & { readonly dim: number })[],
  documents: number,
  lexicon: Lexicon,
): readonly { readonly dim: number; readonly value: number }[] {
  const values = new Map<number, number>();
  for (const { dim, df, weight } of found) {
    if (df > 0) values.set(dim, Math.max(values.get(dim) ?? 0, weight * lexicon.idf(documents, df)));
  }
  return [...values].map(([dim, value]) => ({ dim, value }));
}

/**
 * A scope is read whole, so each row costs: `offset 0` keeps the planner from working the distance out again for the
 * condition and for the order, and rows are fetched in full only when they are among the nearest.
 */
async function findHits(
  tx: Tx,
  version: number,
  rarities: string,
  { kinds, limit }: SearchOptions,
): Promise<LexicalSearch["hits"]> {
  const { rows } = await tx.query<HitRow>(
    `select ${ITEM_COLUMNS}, own, is_question, has_time, stream, -distance as bm25,
       (select name from project where project.id = project_id) as project
     from (
       select nearest, distance
       from (
         select id as nearest, happened_at as at, sv <#> $1::sparsevec as distance
         from memory_item
         where status = 'active' and lex_version = $2 and ($3::text[] is null or kind = any($3))
         offset 0
       ) as weighed
       where distance < 0
       order by distance, at, nearest
       limit $4
     ) as found
     join memory_item on id = nearest
     order by distance, happened_at, id`,
    [rarities, version, kinds, limit],
  );
  return rows.map(toHit);
}
