/** Scores how well confidence tells what memory holds from what it does not. Pure; called by abstain.ts. */
import type { Recalled } from "#core";
import type { Conversation, ForeignQuestion } from "./conversation-file.ts";
import { auroc, mean, percent, rejectedKeeping } from "./statistics.ts";

export type Judgement = { readonly confidence: number; readonly verdict: Recalled["verdict"] };
export type Judgements = ReadonlyMap<string, Judgement>;

/** Per cent. */
export type AbstainScore = {
  readonly answerable: number;
  readonly foreign: number;
  readonly adversarial: number;
  readonly missing: number;
  readonly foreignAuroc: number | null;
  readonly foreignRejectedAt95Keep: number | null;
  readonly foreignRejectedAt90Keep: number | null;
  readonly adversarialAuroc: number | null;
  /** By the verdict `none` alone: what is `weak` is still shown. */
  readonly asShipped: {
    readonly answerableKept: number | null;
    readonly foreignRejected: number | null;
    readonly adversarialRejected: number | null;
  };
  readonly weak: {
    readonly answerable: number | null;
    readonly foreign: number | null;
    readonly adversarial: number | null;
  };
};

export function scoreAbstain(
  conversations: readonly Conversation[],
  foreign: readonly ForeignQuestion[],
  judgements: Judgements,
): AbstainScore {
  const asked = conversations.flatMap(({ qa }) => qa).filter(({ evidence }) => evidence.length > 0);
  const of = (questions: readonly { readonly id: string }[]) => questions.map(({ id }) => judgements.get(id));
  const own = of(asked.filter(({ category }) => category !== "adversarial"));
  const adversarial = of(asked.filter(({ category }) => category === "adversarial"));
  const others = of(foreign);
  const kept = own.map(confidenceOf);
  return {
    answerable: own.length,
    foreign: others.length,
    adversarial: adversarial.length,
    missing: [...own, ...others].filter((judgement) => judgement === undefined).length,
    foreignAuroc: percent(auroc(kept, others.map(confidenceOf))),
    foreignRejectedAt95Keep: percent(rejectedKeeping(kept, others.map(confidenceOf), 0.95)),
    foreignRejectedAt90Keep: percent(rejectedKeeping(kept, others.map(confidenceOf), 0.9)),
    adversarialAuroc: percent(auroc(kept, adversarial.map(confidenceOf))),
    asShipped: {
      answerableKept: percent(1 - share(own, "none")),
      foreignRejected: percent(share(others, "none")),
      adversarialRejected: percent(share(adversarial, "none")),
    },
    weak: {
      answerable: percent(share(own, "weak")),
      foreign: percent(share(others, "weak")),
      adversarial: percent(share(adversarial, "weak")),
    },
  };
}

const confidenceOf = (judgement: Judgement | undefined): number => judgement?.confidence ?? 0;

const share = (judgements: readonly (Judgement | undefined)[], verdict: Recalled["verdict"]): number =>
  mean(judgements.map((judgement) => (judgement?.verdict === verdict ? 1 : 0)));
