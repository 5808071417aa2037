/** Multinomial logistic regression over sparse vectors: the arithmetic under the classifier, in typed arrays. */
import { createRandom } from "#core";
import type { SparseVector } from "./vectorizer.ts";

/** A vector that is of the class `at`, or that is of any class but it. */
export type Sample = {
  readonly vector: SparseVector;
  readonly at: number;
  readonly is: boolean;
  /** How much of a sample it is, above 0; 1 for most. */
  readonly weight: number;
};

export interface Model {
  readonly classes: number;
  /** Column by column, one weight per class. */
  readonly weights: Float32Array;
  probabilities(vector: SparseVector): Float32Array;
  /** How much more a column weighs for one class than for the others on average. */
  advantage(column: number, at: number): number;
}

/**
 * Length of a class's weights before the first step: all point to the middle of its examples, which from few examples
 * is already most of what can be known. Raw centroids times 25 would favour classes of like-worded examples; with equal
 * lengths 20 kept more of the ranking of out-of-scope texts than 25, at the same accuracy.
 */
const START_LENGTH = 20;
const LEARNING_RATE = 0.1;
const EPOCHS = 8;
const SEED = 0x6e6f7661;
/** A class that is right to this much learns nothing from a sample: faster, and few examples are learned less by heart. */
const NEGLIGIBLE = 1e-3;

export function startFromCentroids(
  samples: readonly Sample[],
  { classes, columns }: { readonly classes: number; readonly columns: number },
): Model {
  const weights = new Float32Array(columns * classes);
  // All samples of a class weigh alike, and its length is made the same: their weight would change nothing here.
  for (const { at, vector } of samples.filter(({ is }) => is)) {
    vector.columns.forEach((column, i) => {
      const cell = column * classes + at;
      weights[cell] = (weights[cell] ?? 0) + (vector.values[i] ?? 0);
    });
  }
  const squares = new Float64Array(classes);
  weights.forEach((weight, cell) => {
    squares[cell % classes] = (squares[cell % classes] ?? 0) + weight * weight;
  });
  const scales = squares.map((sum) => START_LENGTH / Math.sqrt(sum || 1));
  weights.forEach((weight, cell) => {
    weights[cell] = weight * (scales[cell % classes] ?? 0);
  });
  return createModel(weights, classes);
}

/** AdaGrad: a weight's steps shrink with what it has moved already, so rare n-grams learn as fast as common ones. */
export function descend(model: Model, samples: readonly Sample[]): void {
  const { classes, weights } = model;
  const moved = new Float32Array(weights.length);
  const random = createRandom(SEED);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const sample of shuffle(samples, random)) {
      const errors = errorsOf(sample, model.probabilities(sample.vector));
      const wrong = [...errors.keys()].filter((c) => Math.abs(errors[c] ?? 0) > NEGLIGIBLE);
      step({ weights, moved, classes }, sample.vector, { errors, wrong });
    }
  }
}

/** The innermost loop of training, so it is written for speed. */
function step(
  { weights, moved, classes }: { weights: Float32Array; moved: Float32Array; classes: number },
  { columns, values }: SparseVector,
  { errors, wrong }: { errors: Float32Array; wrong: readonly number[] },
): void {
  for (let i = 0; i < columns.length; i++) {
    const row = (columns[i] ?? 0) * classes;
    const value = values[i] ?? 0;
    for (const c of wrong) {
      const gradient = value * (errors[c] ?? 0);
      const sum = (moved[row + c] ?? 0) + gradient * gradient;
      moved[row + c] = sum;
      weights[row + c] = (weights[row + c] ?? 0) - (LEARNING_RATE * gradient) / (Math.sqrt(sum) + 1e-8);
    }
  }
}

/** Probability minus target, per class, times the sample's weight. "Not this one" leaves the others in the proportion that they have. */
function errorsOf({ at, is, weight }: Sample, probabilities: Float32Array): Float32Array {
  const own = probabilities[at] ?? 0;
  if (is) return probabilities.map((probability, c) => weight * (c === at ? probability - 1 : probability));
  const others = Math.max(1 - own, 1e-6);
  return probabilities.map((probability, c) => weight * (c === at ? own : probability - probability / others));
}

/** A model as it was when its weights were kept. */
export function createModel(weights: Float32Array, classes: number): Model {
  return {
    classes,
    weights,
    probabilities({ columns, values }) {
      const sums = new Float32Array(classes);
      for (let i = 0; i < columns.length; i++) {
        const row = (columns[i] ?? 0) * classes;
        const value = values[i] ?? 0;
        for (let c = 0; c < classes; c++) sums[c] = (sums[c] ?? 0) + value * (weights[row + c] ?? 0);
      }
      return softmax(sums);
    },
    advantage(column, at) {
      const row = weights.subarray(column * classes, (column + 1) * classes);
      const own = row[at] ?? 0;
      const all = row.reduce((a, b) => a + b, 0);
      return own - (all - own) / Math.max(1, classes - 1);
    },
  };
}

function softmax(sums: Float32Array): Float32Array {
  const highest = sums.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = sums.map((sum) => Math.exp(sum - highest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** A new array in random order (Fisher and Yates). */
function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const order = items.map((item) => ({ item, key: random() }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
