/** Finds lines by their words: exact BM25 within what the scope may see. Used by memory.ts. */
import type { LexicalQuery, LexicalSearch, Lexicon, MemoryKind } from "#core";
import type { Tx } from "./database.ts";
import { ITEM_COLUMNS, sparse, toHit, type HitRow } from "./memory-rows.ts";

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
  const documents = await countDocuments(tx, lexicon.version);
  const known = await findFrequencies(tx, lexicon.version, query);
  const frequencies = query.terms.map(({ term }) => ({ term, df: known.get(term) ?? 0 }));
  const rarities = raritiesOf(query, { known, documents, lexicon });
  const hits = rarities.length > 0 ? await findHits(tx, lexicon.version, sparse(rarities), options) : [];
  return { hits, frequencies, documents };
}

/** Words that no visible item holds are left out. Of two words that share a place the rarer one counts. */
function raritiesOf(
  query: LexicalQuery,
  { known, documents, lexicon }: { known: ReadonlyMap<string, number>; documents: number; lexicon: Lexicon },
): readonly { readonly dim: number; readonly value: number }[] {
  const values = new Map<number, number>();
  for (const { term, dim } of query.terms) {
    const df = known.get(term);
    if (df !== undefined) values.set(dim, Math.max(values.get(dim) ?? 0, lexicon.idf(documents, df)));
  }
  return [...values].map(([dim, value]) => ({ dim, value }));
}

async function countDocuments(tx: Tx, version: number): Promise<number> {
  const { rows } = await tx.query<{ documents: number }>(
    "select coalesce(sum(documents), 0)::int as documents from memory_corpus where lex_version = $1",
    [version],
  );
  return rows[0]?.documents ?? 0;
}

async function findFrequencies(tx: Tx, version: number, query: LexicalQuery): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ term: string; df: number }>(
    `select term, sum(df)::int as df from memory_term
     where lex_version = $1 and dim = any($2::int[]) and term = any($3::text[])
     group by term`,
    [version, query.terms.map(({ dim }) => dim), query.terms.map(({ term }) => term)],
  );
  return new Map(rows.map((row) => [row.term, row.df]));
}

async function findHits(
  tx: Tx,
  version: number,
  rarities: string,
  { kinds, limit }: SearchOptions,
): Promise<LexicalSearch["hits"]> {
  const { rows } = await tx.query<HitRow>(
    `select ${ITEM_COLUMNS}, own, is_question, has_time, -(sv <#> $1::sparsevec) as bm25
     from memory_item
     where status = 'active' and lex_version = $2 and sv <#> $1::sparsevec < 0
       and ($3::text[] is null or kind = any($3))
     order by sv <#> $1::sparsevec, happened_at, id
     limit $4`,
    [rarities, version, kinds, limit],
  );
  return rows.map(toHit);
}
