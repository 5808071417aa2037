/** Tells which label a text fits, from a few examples of each. Knows nothing of agents: any labels will do. */
import { balanced } from "./balance.ts";
import { descend, startFromCentroids, type Model, type Sample } from "./regression.ts";
import { fitVectorizer, type Vectorizer } from "./vectorizer.ts";

export type Example =
  | { readonly text: string; readonly label: string }
  /** A text that looks like a label's and is not; whose it is instead, it does not say. */
  | { readonly text: string; readonly not: string };

export type Scored = { readonly label: string; readonly probability: number };

/** A word of the text, and how much more it speaks for a label than for the others. */
export type Evidence = { readonly word: string; readonly weight: number };

export type Prediction = {
  /** All labels but the background, best first. With the background's share the probabilities sum to 1. */
  readonly ranking: readonly Scored[];
  /** The probability that the text fits no label at all. */
  readonly background: number;
  /** Top probability minus half the background's, 0 to 1. */
  readonly confidence: number;
};

export interface Classifier {
  /** Pure; takes any string. */
  predict(text: string): Prediction;
  /** The words of a text, those that speak loudest for the label first. */
  evidence(text: string, label: string): readonly Evidence[];
}

/** What a classifier consists of, so that it can be kept and built again. */
export type ClassifierParts = {
  readonly labels: readonly string[];
  /** The label that stands for all that fits none of the others; it takes part in training and is never ranked. */
  readonly background: string | undefined;
  readonly vectorizer: Vectorizer;
  readonly model: Model;
};

/** Examples made ready for training: the slow half of it, done once however often is trained on parts of them. */
export type Prepared = {
  readonly labels: readonly string[];
  readonly vectorizer: Vectorizer;
  /** One for each example, in their order; undefined for a text that is not of a label which has no examples. */
  readonly samples: readonly (Sample | undefined)[];
};

export function prepare(examples: readonly Example[]): Prepared {
  const labels = [...new Set(examples.flatMap((example) => ("label" in example ? [example.label] : [])))];
  const vectorizer = fitVectorizer(examples.map(({ text }) => text));
  const samples = examples.map((example): Sample | undefined => {
    const is = "label" in example;
    const at = labels.indexOf(is ? example.label : example.not);
    return at < 0 ? undefined : { vector: vectorizer.vector(example.text), at, is, weight: 1 };
  });
  return { labels, vectorizer, samples };
}

/** Trains on those of the examples that `among` holds for; on all when left out. No label wins by its numbers. */
export function fitModel(
  { labels, vectorizer, samples }: Prepared,
  among: (index: number) => boolean = () => true,
): Model {
  const chosen = balanced(samples.filter((sample, index): sample is Sample => sample !== undefined && among(index)));
  const model = startFromCentroids(chosen, { classes: labels.length, columns: vectorizer.size });
  descend(model, chosen);
  return model;
}

/** Same examples in the same order, same classifier. */
export function trainClassifier(examples: readonly Example[], background?: string): Classifier {
  const prepared = prepare(examples);
  return createClassifier({ ...prepared, background, model: fitModel(prepared) });
}

export function createClassifier({ labels, background, vectorizer, model }: ClassifierParts): Classifier {
  return {
    predict: (text) => predictionOf(labels, model.probabilities(vectorizer.vector(text)), background),
    evidence(text, label) {
      const at = labels.indexOf(label);
      const { words, shares } = vectorizer.shares(text);
      const weights = new Map<string, number>();
      for (const { column, value, word } of shares) {
        const said = words[word] ?? "";
        weights.set(said, (weights.get(said) ?? 0) + value * model.advantage(column, at));
      }
      return [...weights].map(([word, weight]) => ({ word, weight })).sort((a, b) => b.weight - a.weight);
    },
  };
}

/** Probabilities in the order of the labels, made a prediction. */
export function predictionOf(
  labels: readonly string[],
  probabilities: Float32Array,
  background: string | undefined,
): Prediction {
  const all = labels.map((label, i): Scored => ({ label, probability: probabilities[i] ?? 0 }));
  const ranking = all.filter(({ label }) => label !== background).sort((a, b) => b.probability - a.probability);
  const nothing = all.find(({ label }) => label === background)?.probability ?? 0;
  const top = ranking[0]?.probability ?? 0;
  return { ranking, background: nothing, confidence: Math.max(0, top - nothing / 2) };
}
