/** Writes what the index holds of a person's place: its size, its terms, its vectors. Used by keep.ts and forget.ts. */
import type { Lexicon } from "#core";
import type { Tx } from "../engine/database.ts";
import type { IndexChange } from "./context.ts";
import { OF_OWNER, placeColumns, sparse, type Owner } from "./rows.ts";

/**
 * Documents of an ordinary length that every scope is imagined to hold, so that the first items are weighed against
 * something. After some dozens of real ones they no longer matter.
 */
const IMAGINED = { documents: 10, length: 25 };

/** One writer of a scope at a time: vectors are computed from rows read before, and must not miss a line. */
export async function lockScope(tx: Tx, owner: Owner, version: number): Promise<void> {
  await tx.query(
    `insert into memory_corpus (tenant_id, person_id, project_id, branch_id, lex_version, documents, total_length)
     values ($1, $2, $3, $4, $5, 0, 0)
     on conflict (tenant_id, person_id, project_id, branch_id, lex_version)
       do update set documents = memory_corpus.documents`,
    [...placeColumns(owner), version],
  );
}

/** Returns the average length that vectors written now are weighed by. The scope is locked. */
export async function applyChange(tx: Tx, owner: Owner, lexicon: Lexicon, change: IndexChange): Promise<number> {
  const terms = termChanges(change);
  const gained = terms.filter(({ by }) => by > 0);
  const lost = terms.filter(({ by }) => by < 0);
  if (gained.length > 0) await raiseTerms(tx, owner, lexicon.version, gained);
  if (lost.length > 0) {
    await lowerTerms(tx, owner, lexicon.version, lost);
    await sweepTerms(tx, owner, lexicon.version, lost);
  }
  const average = await resizeCorpus(tx, owner, lexicon.version, change);
  if (change.rewritten.length > 0) await rewriteVectors(tx, lexicon, change.rewritten, average);
  return average;
}

type TermChange = { readonly dim: number; readonly term: string; readonly by: number };

/** In one order for everybody, so that two writers never wait for each other. */
function termChanges({ leaving, entering }: IndexChange): readonly TermChange[] {
  const changes = new Map<string, { dim: number; term: string; by: number }>();
  for (const [documents, by] of [
    [leaving, -1],
    [entering, 1],
  ] as const) {
    for (const { term, dim } of documents.flatMap((document) => document.terms)) {
      const change = changes.get(term) ?? { dim, term, by: 0 };
      change.by += by;
      changes.set(term, change);
    }
  }
  return [...changes.values()]
    .filter(({ by }) => by !== 0)
    .toSorted((a, b) => a.dim - b.dim || (a.term < b.term ? -1 : 1));
}

const columns = (terms: readonly TermChange[]) => [
  terms.map(({ dim }) => dim),
  terms.map(({ term }) => term),
  terms.map(({ by }) => by),
];

async function raiseTerms(tx: Tx, owner: Owner, version: number, terms: readonly TermChange[]): Promise<void> {
  await tx.query(
    `insert into memory_term (tenant_id, person_id, project_id, branch_id, lex_version, dim, term, df)
     select $1, $2, $3, $4, $5, dim, term, by from unnest($6::int[], $7::text[], $8::int[]) as change (dim, term, by)
     on conflict (tenant_id, person_id, project_id, branch_id, lex_version, dim, term)
       do update set df = memory_term.df + excluded.df`,
    [...placeColumns(owner), version, ...columns(terms)],
  );
}

async function lowerTerms(tx: Tx, owner: Owner, version: number, terms: readonly TermChange[]): Promise<void> {
  await tx.query(
    `update memory_term set df = df + by
     from unnest($6::int[], $7::text[], $8::int[]) as change (dim, term, by)
     where ${OF_OWNER} and lex_version = $5 and memory_term.dim = change.dim and memory_term.term = change.term`,
    [...placeColumns(owner), version, ...columns(terms)],
  );
}

async function sweepTerms(tx: Tx, owner: Owner, version: number, terms: readonly TermChange[]): Promise<void> {
  await tx.query(
    `delete from memory_term where ${OF_OWNER} and lex_version = $5 and dim = any($6::int[]) and df <= 0`,
    [...placeColumns(owner), version, terms.map(({ dim }) => dim)],
  );
}

async function resizeCorpus(tx: Tx, owner: Owner, version: number, change: IndexChange): Promise<number> {
  const { rows } = await tx.query<{ documents: number; total_length: number }>(
    `update memory_corpus set documents = documents + $6, total_length = total_length + $7
     where ${OF_OWNER} and lex_version = $5
     returning documents, total_length`,
    [
      ...placeColumns(owner),
      version,
      change.entering.length - change.leaving.length,
      lengthOf(change.entering) - lengthOf(change.leaving),
    ],
  );
  const { documents = 0, total_length: length = 0 } = rows[0] ?? {};
  return (length + IMAGINED.documents * IMAGINED.length) / (documents + IMAGINED.documents);
}

const lengthOf = (documents: IndexChange["entering"]): number =>
  documents.reduce((sum, document) => sum + document.length, 0);

/** By number alone: the items were read as the owner's, and a scope's index would read the whole scope for three rows. */
async function rewriteVectors(
  tx: Tx,
  lexicon: Lexicon,
  items: IndexChange["rewritten"],
  average: number,
): Promise<void> {
  await tx.query(
    `update memory_item set sv = change.sv::sparsevec, len = change.len
     from unnest($1::bigint[], $2::text[], $3::real[]) as change (id, sv, len)
     where memory_item.id = change.id`,
    [
      items.map(({ id }) => id),
      items.map(({ document }) => sparse(lexicon.weights(document, average))),
      items.map(({ document }) => document.length),
    ],
  );
}
