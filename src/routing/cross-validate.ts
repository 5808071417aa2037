/** How well a set of agents can be told apart by its own examples, each judged unseen. For `nova eval routing` and tests. */
import type { AgentSpec } from "#core";
import { lessonsOf, NOBODY } from "./examples.ts";
import type { HeldOut } from "./held-out.ts";
import { areClose } from "./lexical.ts";
import { GENERAL } from "./names.ts";
import { fitThresholds, type Thresholds } from "./thresholds.ts";
import { tryOut } from "./training.ts";

/** What the words alone would do with a message: the stages' own rules, without what was said before it. */
export type Outcome = "settled" | "asked" | "guessed" | "general";

/** One example, or line that is nobody's, as routed by a classifier and thresholds that had neither seen it. */
export type UnseenRoute = {
  readonly text: string;
  /** Whose example it is; null for what is nobody's. */
  readonly of: string | null;
  /** The best guess, whatever became of it. */
  readonly top: string;
  readonly probability: number;
  readonly confidence: number;
  readonly outcome: Outcome;
};

/** Shares are 0 to 1, and NaN where there is nothing to share. */
export type CrossValidation = {
  readonly routes: readonly UnseenRoute[];
  /** The best guess is right, of all examples of agents. */
  readonly accuracy: number;
  /** The same, of the four fifths of which the classifier was surest. */
  readonly accuracyAt80: number;
  /** Settled by the words alone, of the examples of agents. */
  readonly settled: number;
  /** Right, of all that was settled; a line that is nobody's is right with the general agent only. */
  readonly precision: number;
  /** Right, of the guesses. */
  readonly guessPrecision: number;
  /** Nova would ask which agent is meant, of the examples of agents. */
  readonly asked: number;
  /** Settled for a specialist, of the lines that are nobody's. */
  readonly hijacked: number;
  /** Settled or guessed for a specialist, of the lines that are nobody's. */
  readonly misled: number;
  /** How well confidence ranks examples above lines that are nobody's: area under the ROC curve, .5 is chance. */
  readonly auroc: number;
};

/**
 * Pure but for short rests; takes about as long as learning the agents does. The thresholds for each fifth of the
 * examples are fitted on the other four, so that nothing is judged by what it taught.
 */
export async function crossValidate(agents: readonly AgentSpec[]): Promise<CrossValidation> {
  const heldOut = await tryOut(lessonsOf(agents));
  const labels = agents.map(({ id }) => id);
  const folds = [...new Set(heldOut.map(({ fold }) => fold))];
  const routes = folds.flatMap((fold) => {
    const others = heldOut.filter((example) => example.fold !== fold);
    const thresholds = fitThresholds(others, { labels, general: GENERAL });
    return heldOut.filter((example) => example.fold === fold).map((example) => routed(example, thresholds));
  });
  return summed(routes);
}

function routed({ text, label, prediction }: HeldOut, thresholds: Thresholds): UnseenRoute {
  const [top = { label: GENERAL, probability: 0 }, second] = prediction.ranking;
  const outcome = (): Outcome => {
    if (top.probability >= (thresholds.settles.get(top.label) ?? 1)) return "settled";
    if (second && areClose(top, second) && ![top.label, second.label].includes(GENERAL)) return "asked";
    return top.probability >= (thresholds.guesses.get(top.label) ?? 1) ? "guessed" : "general";
  };
  return {
    text,
    of: label === NOBODY ? null : label,
    top: top.label,
    probability: top.probability,
    confidence: prediction.confidence,
    outcome: outcome(),
  };
}

function summed(routes: readonly UnseenRoute[]): CrossValidation {
  const own = routes.filter(({ of }) => of !== null);
  const nobodys = routes.filter(({ of }) => of === null);
  const surest = own.toSorted((a, b) => b.confidence - a.confidence).slice(0, Math.round(own.length * 0.8));
  const settled = routes.filter(({ outcome }) => outcome === "settled");
  const guessed = routes.filter(({ outcome }) => outcome === "guessed");
  const specialist = ({ top }: UnseenRoute) => top !== GENERAL;
  return {
    routes,
    accuracy: share(own, isRight),
    accuracyAt80: share(surest, isRight),
    settled: share(own, ({ outcome }) => outcome === "settled"),
    precision: share(settled, isRight),
    guessPrecision: share(guessed, isRight),
    asked: share(own, ({ outcome }) => outcome === "asked"),
    hijacked: share(nobodys, (route) => route.outcome === "settled" && specialist(route)),
    misled: share(nobodys, (route) => ["settled", "guessed"].includes(route.outcome) && specialist(route)),
    auroc: areaUnder(
      own.map(({ confidence }) => confidence),
      nobodys.map(({ confidence }) => confidence),
    ),
  };
}

const isRight = ({ of, top }: UnseenRoute): boolean => top === (of ?? GENERAL);

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}

/** The share of pairs in which the first kind is higher, a tie counting half. */
function areaUnder(higher: readonly number[], lower: readonly number[]): number {
  const wins = higher.map((high) => lower.reduce((sum, low) => sum + (high > low ? 1 : high === low ? 0.5 : 0), 0));
  return wins.reduce((a, b) => a + b, 0) / (higher.length * lower.length);
}
