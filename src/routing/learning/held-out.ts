/** What a classifier says of examples that it has not seen. Read by the thresholds, and by who measures routing. */
import { fitModel, predictionOf, type ClassifierParts, type Prediction, type Prepared } from "./classifier.ts";

/** An example that was kept apart, and what the classifier trained on the others said of it. */
export type HeldOut = {
  readonly text: string;
  readonly label: string;
  /** 0 to one less than the number of folds: examples of one fold were kept apart together. */
  readonly fold: number;
  readonly prediction: Prediction;
};

export type Asked = { readonly text: string; readonly label: string; readonly index: number };

/**
 * Each of `asked`, which are examples of `prepared` by their index, is predicted by a model that was trained without its
 * fold. Within a label, neighbours go to different folds, for authors write like examples one after the other. How rare a
 * word is is counted over all examples: counting it anew for each fold changed the thresholds by less than a hundredth,
 * and cost as much again. Rests between folds, for each takes as long as half a training.
 */
export async function holdOut(
  prepared: Prepared,
  asked: readonly Asked[],
  { folds, background, rest }: { readonly folds: number } & Pick<ClassifierParts, "background"> & Rest,
): Promise<readonly HeldOut[]> {
  const seen = new Map<string, number>();
  const folded = asked.map((example) => {
    const before = seen.get(example.label) ?? 0;
    seen.set(example.label, before + 1);
    return { ...example, fold: before % folds };
  });
  const foldOf = new Map(folded.map(({ index, fold }) => [index, fold]));
  const found: HeldOut[] = [];
  for (let fold = 0; fold < folds; fold++) {
    await rest();
    const model = fitModel(prepared, (index) => foldOf.get(index) !== fold);
    for (const { text, label, index } of folded.filter((example) => example.fold === fold)) {
      const vector = prepared.samples[index]?.vector ?? prepared.vectorizer.vector(text);
      found.push({
        text,
        label,
        fold,
        prediction: predictionOf(prepared.labels, model.probabilities(vector), background),
      });
    }
  }
  return found;
}

/** Lets others have their turn. */
export type Rest = { readonly rest: () => Promise<void> };
