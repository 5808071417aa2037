/** Scores what was recalled for the questions of a conversation file. Pure; called by recall.ts. */
import { CATEGORIES, type Conversation, type Question } from "./conversation-file.ts";
import { scoreRanking, type RankingScore } from "./ranking.ts";
import { mean, percent, quantile } from "./statistics.ts";

export type Evidence = "official" | "audited";
/** Turn ids, best first, and how long that took. */
export type RecallResult = { readonly ids: readonly string[]; readonly ms: number };
export type RecallResults = ReadonlyMap<string, RecallResult>;

/** Per cent. */
export type Figures = Readonly<Record<string, number | null>>;
export type RetrievalScore = {
  /** Those about the wrong speaker are not among them, nor those that nothing answers. */
  readonly questions: number;
  readonly missing: number;
  readonly overall: Figures;
  readonly byCategory: Readonly<Record<string, Figures & { readonly n: number }>>;
  readonly tokenBudget: Figures;
  readonly sessionLevel: Figures;
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
};

/** Tokens of 4 characters that the ranked turns are packed into. */
const BUDGETS = [128, 256, 512, 1024, 2048] as const;
const OVERALL = ["recall@1", "recall@5", "recall@10", "recall@20", "hit@10", "all@10", "mrr", "ndcg@10"];
const BY_CATEGORY = ["recall@1", "recall@5", "recall@10", "recall@20", "mrr", "ndcg@10"];
const BY_SESSION = ["recall@1", "recall@5", "recall@10", "mrr", "ndcg@10"];

type Row = {
  readonly category: Question["category"];
  readonly turns: RankingScore;
  readonly sessions: RankingScore;
  readonly result: RecallResult | undefined;
};

export function scoreRetrieval(
  conversations: readonly Conversation[],
  results: RecallResults,
  evidence: Evidence = "official",
): RetrievalScore {
  const rows = conversations.flatMap((conversation) => rowsOf(conversation, results, evidence));
  const main = rows.filter(({ category }) => category !== "adversarial");
  const ms = rows.flatMap(({ result }) => (result ? [result.ms] : []));
  const p50 = quantile(ms, 0.5);
  const p95 = quantile(ms, 0.95);
  return {
    questions: main.length,
    missing: rows.filter(({ result }) => result === undefined).length,
    overall: averages(main, OVERALL),
    byCategory: Object.fromEntries(
      CATEGORIES.map((category) => {
        const own = rows.filter((row) => row.category === category);
        return [category, { n: own.length, ...averages(own, BY_CATEGORY) }];
      }),
    ),
    tokenBudget: averages(
      main,
      BUDGETS.map((budget) => `recall@${budget}tok`),
    ),
    sessionLevel: averages(main, BY_SESSION, "sessions"),
    latencyMs: p50 === undefined || p95 === undefined ? null : { p50, p95 },
  };
}

function rowsOf(conversation: Conversation, results: RecallResults, evidence: Evidence): Row[] {
  const turns = turnsOf(conversation);
  return conversation.qa.flatMap((question): Row[] => {
    const wanted = new Set((evidence === "audited" ? question.evidence_audited : undefined) ?? question.evidence);
    if (wanted.size === 0) return [];
    const result = results.get(question.id);
    const ranked = [...new Set(result?.ids ?? [])].filter((id) => turns.has(id));
    const sessionOf = (id: string): number | undefined => turns.get(id)?.session;
    return [
      {
        category: question.category,
        turns: { ...scoreRanking(ranked, wanted), ...withinBudgets(ranked, wanted, turns) },
        sessions: scoreRanking([...new Set(ranked.map(sessionOf))], new Set([...wanted].map(sessionOf))),
        result,
      },
    ];
  });
}

type Turn = { readonly session: number; readonly tokens: number };

/** Characters that naming the day and the speaker costs beside a turn's own. */
const FRAME = 14;

function turnsOf({ sessions }: Conversation): ReadonlyMap<string, Turn> {
  return new Map(
    sessions.flatMap(({ n, turns }) =>
      turns.map(({ id, text, caption = "", speaker }) => {
        const tokens = Math.ceil((text.length + caption.length + speaker.length + FRAME) / 4);
        return [id, { session: n, tokens }] as const;
      }),
    ),
  );
}

/** The first turn that no longer fits ends the packing. */
function withinBudgets(
  ranked: readonly string[],
  wanted: ReadonlySet<string>,
  turns: ReadonlyMap<string, Turn>,
): RankingScore {
  return Object.fromEntries(
    BUDGETS.map((budget) => {
      let used = 0;
      let found = 0;
      for (const id of ranked) {
        used += turns.get(id)?.tokens ?? 0;
        if (used > budget) break;
        if (wanted.has(id)) found++;
      }
      return [`recall@${budget}tok`, found / wanted.size];
    }),
  );
}

function averages(rows: readonly Row[], keys: readonly string[], level: "turns" | "sessions" = "turns"): Figures {
  return Object.fromEntries(keys.map((key) => [key, percent(mean(rows.map((row) => row[level][key] ?? NaN)))]));
}
