/** Finds what of a person's memory bears on a question: search, rank, judge, fit into the budget, note. */
import {
  tokensIn,
  type LexicalHit,
  type LexicalQuery,
  type Lexicon,
  type MemoryItem,
  type MemoryStore,
  type Recall,
  type RecallAsk,
  type Recalled,
  type RecallNote,
  type Scope,
} from "#core";
import { askedWhole } from "./asked-whole.ts";
import { collapse } from "./collapse.ts";
import { pack, type Budget } from "./pack.ts";
import { rank, type Ranked } from "./rank.ts";
import { judge, type Found } from "./verdict.ts";

export type RecallDeps = { readonly store: MemoryStore; readonly lexicon: Lexicon };

/** Taken from the store before the features put them in order. */
const CANDIDATES = 200;
const DEFAULT_BUDGET = 800;
const DEFAULT_LIMIT = 8;

export function createRecall({ store, lexicon }: RecallDeps, scope: Scope): Recall {
  /** What is of the kind or in the project that the question asks for and nothing else; undefined when there is no such thing. */
  async function listed(ask: RecallAsk, query: LexicalQuery): Promise<Recalled | undefined> {
    const whole = ask.kinds === undefined && ask.unjudged !== true ? askedWhole(query) : undefined;
    if (!whole) return undefined;
    const limit = ask.limit ?? DEFAULT_LIMIT;
    const items =
      "kind" in whole
        ? await store.newest(scope, limit, [whole.kind])
        : await store.newest(scope, limit, undefined, whole.project);
    if (items.length === 0) return undefined;
    const found = { query, search: await store.search(scope, query, { limit: CANDIDATES }), lexicon };
    const result = together(items, conclude(ask, found), ask);
    await store.note(scope, noteOf(ask, result));
    return result;
  }

  return {
    async recall(ask) {
      const query = lexicon.query(ask.query);
      if (query.terms.length === 0) {
        await store.note(scope, noteOf(ask, NOTHING));
        return NOTHING;
      }
      const whole = await listed(ask, query);
      if (whole) return whole;
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

  return { ...pack(ranked, new Set(search.terms.map(({ term }) => term)), budgetOf(ask)), ...told };
}

/** All of the kind or the project first, then what else was found to answer, as far as the budget goes. */
function together(items: readonly MemoryItem[], found: Recalled, ask: RecallAsk): Recalled {
  const budget = budgetOf(ask);
  const first = pack(items.map(unranked), new Set(), budget);
  const shown = new Set(first.items.map(({ id }) => id));
  const rest = found.verdict === "answer" ? found.items.filter(({ id }) => !shown.has(id)) : [];
  const all = [...first.items];
  let { tokens } = first;
  for (const item of rest) {
    const size = tokensIn(item.text);
    if (all.length >= budget.items || tokens + size > budget.tokens) break;
    all.push(item);
    tokens += size;
  }
  return { items: all, tokens, confidence: 1, verdict: "answer" };
}

/** Each is asked for as much as the others. */
const unranked = (item: MemoryItem): Ranked => ({
  hit: { ...item, project: item.project ?? null, bm25: 0, stream: "", own: 0, isQuestion: false, hasTime: false },
  score: 1,
  why: { lex: 0, subject: 1, time: 0, length: 0, penalty: 0 },
});

const budgetOf = ({ budgetTokens, limit }: RecallAsk): Budget => ({
  tokens: budgetTokens ?? DEFAULT_BUDGET,
  items: limit ?? DEFAULT_LIMIT,
});

const newestOf = (hits: readonly LexicalHit[]): Date => new Date(Math.max(0, ...hits.map(({ at }) => at.getTime())));

const noteOf = ({ turn, agent }: RecallAsk, { verdict, confidence, items }: Recalled): RecallNote => ({
  turn: turn ?? null,
  agent: agent ?? null,
  verdict,
  confidence,
  returned: items.map((item) => item.id),
});
