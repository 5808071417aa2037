/** Finds what of a person's memory bears on a question: search, rank, judge, fit into the budget, note. */
import type { LexicalHit, Lexicon, MemoryStore, Recall, RecallAsk, Recalled, RecallNote, Scope } from "#core";
import { collapse } from "./collapse.ts";
import { pack } from "./pack.ts";
import { rank } from "./rank.ts";
import { judge, type Found } from "./verdict.ts";

export type RecallDeps = { readonly store: MemoryStore; readonly lexicon: Lexicon };

/** Taken from the store before the features put them in order. */
const CANDIDATES = 200;
const DEFAULT_BUDGET = 800;
const DEFAULT_LIMIT = 8;

export function createRecall({ store, lexicon }: RecallDeps, scope: Scope): Recall {
  return {
    async recall(ask) {
      const query = lexicon.query(ask.query);
      if (query.terms.length === 0) {
        await store.note(scope, noteOf(ask, NOTHING));
        return NOTHING;
      }
      const options = { ...(ask.kinds && { kinds: ask.kinds }), limit: CANDIDATES };
      return store.recall(scope, query, options, (search) => {
        const result = conclude(ask, { query, search, lexicon });
        return { result, note: noteOf(ask, result) };
      });
    },
    newest: (limit, kinds) => store.newest(scope, limit, kinds),
    get: (item) => store.get(scope, item),
  };
}

const NOTHING: Recalled = { items: [], tokens: 0, confidence: 0, verdict: "none" };

function conclude(ask: RecallAsk, found: Found): Recalled {
  const { query, search } = found;
  const now = ask.now ?? newestOf(search.hits);
  const limit = ask.limit ?? DEFAULT_LIMIT;
  const ranked = collapse(rank(search.hits, { question: ask.query, now, query }), limit);
  const judged = judge(ask.query, ranked, found);
  const told = search.readings.length > 0 ? { ...judged, readings: search.readings } : judged;
  if (judged.verdict === "none" && ask.unjudged !== true) return { ...NOTHING, ...told };

  const budget = { tokens: ask.budgetTokens ?? DEFAULT_BUDGET, items: limit };
  return { ...pack(ranked, new Set(search.terms.map(({ term }) => term)), budget), ...told };
}

const newestOf = (hits: readonly LexicalHit[]): Date => new Date(Math.max(0, ...hits.map(({ at }) => at.getTime())));

const noteOf = ({ turn, agent }: RecallAsk, { verdict, confidence, items }: Recalled): RecallNote => ({
  turn: turn ?? null,
  agent: agent ?? null,
  verdict,
  confidence,
  returned: items.map((item) => item.id),
});
