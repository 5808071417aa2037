/** Finds what of a person's memory bears on a question: search, rank, judge, fit into the budget, note. */
import type { Lexicon, MemoryStore, Recall, RecallAsk, Recalled, Scope } from "#core";
import { collapse } from "./collapse.ts";
import { pack } from "./pack.ts";
import { rank } from "./rank.ts";
import { judge } from "./verdict.ts";

export type RecallDeps = { readonly store: MemoryStore; readonly lexicon: Lexicon };

/** Taken from the store before the features put them in order. */
const CANDIDATES = 200;
const DEFAULT_BUDGET = 800;
const DEFAULT_LIMIT = 8;

export function createRecall(deps: RecallDeps, scope: Scope): Recall {
  return {
    async recall(ask) {
      const recalled = await find(deps, scope, ask);
      await deps.store.note(scope, {
        turn: ask.turn ?? null,
        agent: ask.agent ?? null,
        verdict: recalled.verdict,
        confidence: recalled.confidence,
        returned: recalled.items.map((item) => item.id),
      });
      return recalled;
    },
    newest: (limit, kinds) => deps.store.newest(scope, limit, kinds),
    get: (item) => deps.store.get(scope, item),
  };
}

const NOTHING: Recalled = { items: [], tokens: 0, confidence: 0, verdict: "none" };

async function find({ store, lexicon }: RecallDeps, scope: Scope, ask: RecallAsk): Promise<Recalled> {
  const query = lexicon.query(ask.query);
  if (query.terms.length === 0) return NOTHING;
  const kinds = ask.kinds === undefined ? {} : { kinds: ask.kinds };
  const search = await store.search(scope, query, { ...kinds, limit: CANDIDATES });
  const ranked = collapse(rank(search.hits, query));
  const judged = judge(ask.query, ranked, { query, search, lexicon });
  const { readings } = search;
  const told = readings.length > 0 ? { ...judged, readings } : judged;
  if (judged.verdict === "none" && ask.unjudged !== true) return { ...NOTHING, ...told };

  const budget = { tokens: ask.budgetTokens ?? DEFAULT_BUDGET, items: ask.limit ?? DEFAULT_LIMIT };
  return { ...pack(ranked, new Set(search.terms.map(({ term }) => term)), budget), ...told };
}
