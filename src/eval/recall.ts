/** `nova eval recall --data`: asks every question of a conversation file and scores what is found. Called by the roof. */
import { NovaError } from "#core";
import type { Conversation, Question } from "./conversation-file.ts";
import { keepConversations } from "./conversations.ts";
import { scoreRetrieval, type Evidence, type RecallResult, type RetrievalScore } from "./retrieval-score.ts";
import { rounded, watched, type OnScratch, type Watch } from "./scratch.ts";

export type Asked = "plain" | "typo";

export type RecallMeasured = {
  readonly score: RetrievalScore;
  readonly results: ReadonlyMap<string, RecallResult>;
  readonly stored: { readonly turns: number; readonly ms: number };
};

/** Enough to fill the largest budget that is scored; the budget itself is the scorer's to spend. */
const IDS = 50;
const NO_BUDGET = 1_000_000;

/**
 * Ranking is measured apart from the verdict: a question that the product would answer with "nothing relevant" is still
 * scored by what ranks best. `abstain.ts` measures the verdict.
 */
export async function measureRecall(
  conversations: readonly Conversation[],
  { asked, evidence }: { readonly asked: Asked; readonly evidence: Evidence },
  onScratch: OnScratch,
  watch: Watch,
): Promise<RecallMeasured> {
  const questions = conversations.map(({ qa }, at) => qa.map((question, n) => wordsOf(question, asked, { at, n })));
  const of = questions.flat().length;
  const results = new Map<string, RecallResult>();
  const stored = await onScratch(async (scratch) => {
    const { kept, ...size } = await keepConversations(conversations, scratch, watch);
    for (const [at, { recall, turnsOf }] of kept.entries()) {
      for (const { id, query } of questions[at] ?? []) {
        watched(watch, "Asking", { at: results.size, of });
        const began = watch.elapsed();
        const { items } = await recall.recall({ query, limit: IDS, budgetTokens: NO_BUDGET, unjudged: true });
        const took = watch.elapsed() - began;
        results.set(id, { ids: items.flatMap((item) => turnsOf.get(item.id) ?? []), ms: rounded(took) });
      }
    }
    return size;
  });
  return { score: scoreRetrieval(conversations, results, evidence), results, stored };
}

/** Checked for all questions before a database is opened. */
function wordsOf({ id, question, question_typo: typo }: Question, asked: Asked, place: { at: number; n: number }) {
  const query = asked === "typo" ? typo : question;
  if (query !== undefined) return { id, query };
  throw new NovaError(
    "bad_input",
    `The data hold no conversations[${place.at}].qa[${place.n}].question_typo, which --question typo asks for.`,
  );
}
