/** How a set of agents is routed by its own examples, each of them unseen. For `nova eval routing` and tests. */
import type { AgentSpec } from "#core";
import { areClose } from "../close.ts";
import { GENERAL } from "../names.ts";
import { createClassifier, type Prediction } from "./classifier.ts";
import { lessonsOf, NOBODY, type Lesson } from "./examples.ts";
import type { Thresholds } from "./thresholds.ts";
import { learn } from "./training.ts";

/** What the words alone would do with a message: the stages' own rules, without what was said before it. */
type Outcome = "settled" | "asked" | "guessed" | "general";

/** One example, or line that is nobody's, as routed by a classifier and thresholds that had neither seen it. */
type UnseenRoute = {
  readonly text: string;
  /** Whose example it is; null for what is nobody's. */
  readonly of: string | null;
  /** The best guess, whatever became of it. */
  readonly top: string;
  readonly probability: number;
  readonly confidence: number;
  readonly outcome: Outcome;
};

const FOLDS = 5;

/**
 * Each fifth of the examples is routed by what was learned of the other four as the router learns, thresholds included, so
 * that nothing is judged by what it taught. Takes about five times as long as learning the agents does. `NOBODY`'s lines
 * are parted like everybody's; what a file says of its agent is always learned.
 */
export async function crossValidate(agents: readonly AgentSpec[]): Promise<readonly UnseenRoute[]> {
  const lessons = inFolds(lessonsOf(agents));
  const routes: UnseenRoute[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const heard = lessons.filter((lesson) => lesson.fold !== fold).map(({ lesson }) => lesson);
    const { parts, thresholds } = await learn(heard, agents);
    const classifier = createClassifier(parts);
    for (const { lesson } of lessons.filter((one) => one.fold === fold)) {
      if ("label" in lesson) routes.push(routed(lesson, classifier.predict(lesson.text), thresholds));
    }
  }
  return routes;
}

/** Neighbours go to different folds; what is not to be tried is in none. */
function inFolds(
  lessons: readonly Lesson[],
): readonly { readonly lesson: Lesson; readonly fold: number | undefined }[] {
  const seen = new Map<string, number>();
  return lessons.map((lesson) => {
    if (!lesson.spoken || !("label" in lesson)) return { lesson, fold: undefined };
    const before = seen.get(lesson.label) ?? 0;
    seen.set(lesson.label, before + 1);
    return { lesson, fold: before % FOLDS };
  });
}

function routed(
  { text, label }: Pick<UnseenRoute, "text"> & { readonly label: string },
  prediction: Prediction,
  thresholds: Thresholds,
): UnseenRoute {
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
