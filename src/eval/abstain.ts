/** `nova eval abstain --data --neg`: does memory know what it does not hold? Called by the roof. */
import { NovaError, type Recall } from "#core";
import { scoreAbstain, type AbstainScore, type Judgement } from "./abstain-score.ts";
import type { Conversation, ForeignQuestion } from "./conversation-file.ts";
import { keepConversations } from "./conversations.ts";
import { watched, type OnScratch, type Watch } from "./scratch.ts";

export type AbstainMeasured = {
  readonly score: AbstainScore;
  readonly results: ReadonlyMap<string, Judgement>;
  readonly stored: { readonly turns: number; readonly ms: number };
};

/** Asks as an agent asks: with the limits, and the verdict, that it would get. */
export async function measureAbstain(
  conversations: readonly Conversation[],
  foreign: readonly ForeignQuestion[],
  onScratch: OnScratch,
  watch: Watch,
): Promise<AbstainMeasured> {
  const known = new Set(conversations.map(({ id }) => id));
  const stray = foreign.findIndex(({ conversation }) => !known.has(conversation));
  if (stray >= 0) {
    throw new NovaError(
      "bad_input",
      `items[${stray}].conversation of the file after --neg is "${foreign[stray]?.conversation}", which the data do not hold.`,
      { advice: "Take the two files that belong together." },
    );
  }
  const asked = [
    ...conversations.flatMap(({ id: conversation, qa }) =>
      qa.map(({ id, question }) => ({ id, question, conversation })),
    ),
    ...foreign,
  ];
  const results = new Map<string, Judgement>();
  const stored = await onScratch(async (scratch) => {
    const { kept, ...size } = await keepConversations(conversations, scratch, watch);
    const recalls = new Map(kept.map(({ conversation, recall }) => [conversation.id, recall]));
    for (const [at, { id, question, conversation }] of asked.entries()) {
      watched(watch, "Asking", { at, of: asked.length });
      results.set(id, await judged(recalls.get(conversation), question));
    }
    return size;
  });
  return { score: scoreAbstain(conversations, foreign, results), results, stored };
}

async function judged(recall: Recall | undefined, query: string): Promise<Judgement> {
  if (!recall) return { confidence: 0, verdict: "none" };
  const { confidence, verdict } = await recall.recall({ query });
  return { confidence, verdict };
}
