/** Which words the visible memory knows, and what the unknown ones of a question may be slips of. Used by search.ts. */
import type { AskedTerm, Lexicon, Reading, TermFound, WordRead } from "#core";
import type { Tx } from "../engine/database.ts";

export type Size = { readonly documents: number; readonly known: ReadonlyMap<string, number> };

/** How many documents can be seen, and how many of them hold each term. */
export async function findSize(tx: Tx, version: number, terms: readonly AskedTerm[]): Promise<Size> {
  const { rows } = await tx.query<{ term: string | null; df: number }>(
    `select null as term, coalesce(sum(documents), 0)::int as df from memory_corpus where lex_version = $1
     union all
     select term, sum(df)::int from memory_term
     where lex_version = $1 and dim = any($2::int[]) and term = any($3::text[])
     group by term`,
    [version, terms.map(({ dim }) => dim), terms.map(({ term }) => term)],
  );
  const known = new Map<string, number>();
  for (const { term, df } of rows) if (term !== null) known.set(term, df);
  return { documents: rows.find(({ term }) => term === null)?.df ?? 0, known };
}

export type Read = {
  readonly found: readonly (TermFound & { readonly dim: number })[];
  readonly readings: readonly WordRead[];
};

/** A question has few slips; what has more unknown words than this is about something else, or a pasted page. */
const MOST_UNKNOWN = 8;
/** Each is a look into the index, some microseconds: the first words of a question are read, up to this many. */
const MOST_LOOKED_UP = 1_500;

/** Unknown words that are like a known one stand for it, at a little less weight. */
export async function readTerms(
  tx: Tx,
  lexicon: Lexicon,
  asked: readonly AskedTerm[],
  { documents, known }: Size,
): Promise<Read> {
  const unknown = asked.filter(({ term }) => !known.has(term));
  // Nothing can be a slip of a word where there are no words.
  const tried = documents > 0 && unknown.length <= MOST_UNKNOWN ? unknown : [];
  const options = withinLimit(tried.map((each) => ({ each, readings: lexicon.readings(each) })));
  const frequencies = await findDimensions(
    tx,
    lexicon.version,
    options.flatMap(({ readings }) => readings.map(({ dim }) => dim)),
  );
  const chosen = new Map<string, Reading & { readonly df: number }>();
  for (const { each, readings } of options) {
    const [best] = readings
      .flatMap((reading) => ({ ...reading, df: frequencies.get(reading.term) ?? 0 }))
      .filter(({ df }) => df > 0)
      .toSorted((a, b) => likelihood(b) - likelihood(a));
    if (best) chosen.set(each.term, best);
  }
  return {
    found: distinct(
      asked.map(({ term, dim }) => chosen.get(term) ?? { term, dim, df: known.get(term) ?? 0, weight: 1 }),
    ),
    readings: asked.flatMap(({ term, word }) => {
      const as = chosen.get(term)?.word;
      return as === undefined ? [] : [{ word, as }];
    }),
  };
}

type Option = { readonly each: AskedTerm; readonly readings: readonly Reading[] };

function withinLimit(options: readonly Option[]): readonly Option[] {
  let looked = 0;
  return options.filter(({ readings }) => (looked += readings.length) <= MOST_LOOKED_UP);
}

/** Of two words that are alike enough, the one that is said more often is the likelier one. */
const likelihood = ({ weight, df }: Reading & { readonly df: number }): number => weight * Math.log(1 + df);

async function findDimensions(tx: Tx, version: number, dims: readonly number[]): Promise<ReadonlyMap<string, number>> {
  if (dims.length === 0) return new Map();
  const { rows } = await tx.query<{ term: string; df: number }>(
    "select term, sum(df)::int as df from memory_term where lex_version = $1 and dim = any($2::int[]) group by term",
    [version, dims],
  );
  return new Map(rows.map((row) => [row.term, row.df]));
}

/** A word and a slip of it are asked for once, at the weight of the word. */
function distinct(found: Read["found"]): Read["found"] {
  const byTerm = new Map<string, Read["found"][number]>();
  for (const each of found) {
    if ((byTerm.get(each.term)?.weight ?? 0) < each.weight) byTerm.set(each.term, each);
  }
  return [...byTerm.values()];
}
