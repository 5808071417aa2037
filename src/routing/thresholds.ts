/** From which probability on an agent answers alone, fitted for each from examples kept apart. Called by training.ts. */
import { calibrate, type Calibration, type Tried } from "./calibration.ts";
import type { HeldOut } from "./held-out.ts";

/** Both by label, 0 to 1. */
export type Thresholds = {
  /** From here on the words alone settle that it is this one. */
  readonly settles: ReadonlyMap<string, number>;
  /** From here on it is the best guess where nothing settles. */
  readonly guesses: ReadonlyMap<string, number>;
};

/** Of what is settled, so many are to be right. At .96 a tenth less was settled, and no more of it rightly. */
const PRECISION = 0.95;
/** A guess is rather right than wrong. Of the guesses at left-out examples 84 of 100 were right, of all lines that are nobody's 2.4 %
 * reached a specialist; at .6 it is 88 and .3, and what was hardly known is no longer guessed. */
const GUESSED = 0.5;
/**
 * No threshold is higher. An example kept apart says nothing of a message that repeats one almost word for word, and such
 * a message gets more than this: an agent with few examples, all unlike, is to answer at least those.
 */
const PLAINLY_MEANT = 0.9;
const PLAINLY_LIKELY = 0.5;

/**
 * `general` is the label for what is nobody's: a line of the background that lands there is neither right nor wrong.
 * Each label's curve is read at the probabilities that all labels' guesses had, since its own are too few: the threshold
 * is the smallest at which those above it are expected to be right often enough together.
 */
export function fitThresholds(
  heldOut: readonly HeldOut[],
  { labels, general }: { readonly labels: readonly string[]; readonly general: string },
): Thresholds {
  const tried = triedIn(heldOut, { labels, general });
  const rightAt = calibrate(tried);
  const seen = tried.map(({ probability }) => probability).toSorted((a, b) => b - a);
  return {
    settles: new Map(labels.map((label) => [label, settlesFrom(label, seen, rightAt)])),
    guesses: new Map(labels.map((label) => [label, guessesFrom(label, seen, rightAt)])),
  };
}

function triedIn(
  heldOut: readonly HeldOut[],
  { labels, general }: { readonly labels: readonly string[]; readonly general: string },
): readonly Tried[] {
  const named = new Set(labels);
  return heldOut.flatMap(({ label, prediction }) => {
    const [top] = prediction.ranking;
    if (!top || (top.label === general && !named.has(label))) return [];
    return [{ label: top.label, probability: top.probability, right: top.label === label }];
  });
}

function settlesFrom(label: string, seen: readonly number[], rightAt: Calibration): number {
  let expected = 0;
  let threshold = PLAINLY_MEANT;
  for (const [i, probability] of seen.entries()) {
    expected += rightAt(label, probability);
    if (expected / (i + 1) < PRECISION) break;
    threshold = Math.min(threshold, probability);
  }
  return threshold;
}

function guessesFrom(label: string, seen: readonly number[], rightAt: Calibration): number {
  const likely = seen.filter((probability) => rightAt(label, probability) >= GUESSED);
  return Math.min(PLAINLY_LIKELY, likely.at(-1) ?? 1);
}
