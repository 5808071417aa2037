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

/**
 * Of what is settled, so many are to be right. This and the constants below were chosen on the agents that `nova eval
 * routing` tries them on, as those of calibration.ts were.
 */
const PRECISION = 0.96;
/**
 * A guess is rather right than wrong, also where the curve promises too much. At .55, of the lines that are nobody's 3.1 %
 * instead of 2.1 reached a specialist, and of 230 left-out examples 3 more their agent.
 */
const GUESSED = 0.6;
/**
 * The general agent gets by default what nobody else does, so being early gains it nothing: it would only cut off a talk
 * with another, or take what is nearly as likely a specialist's. Below this it is not likelier than all others together.
 */
const GENERAL_FROM = 0.5;
/**
 * No threshold is higher. An example kept apart says nothing of a message that repeats one almost word for word, and such
 * a message gets more than this: an agent with few examples, all unlike, is to answer at least those.
 */
const PLAINLY_MEANT = 0.9;
const PLAINLY_LIKELY = 0.5;

/**
 * `general` is the label for what is nobody's: a line of the background that lands there is neither right nor wrong.
 * However many such lines there are, they count no more than the examples do. Each label's curve is read at the
 * probabilities that all labels' guesses had, since its own are too few: the threshold is the smallest at which those above
 * it are expected to be right often enough together.
 */
export function fitThresholds(
  heldOut: readonly HeldOut[],
  { labels, general }: { readonly labels: readonly string[]; readonly general: string },
): Thresholds {
  const tried = triedIn(heldOut, { labels, general });
  const rightAt = calibrate(tried);
  const floor = (label: string): number => (label === general ? GENERAL_FROM : 0);
  const seen = tried
    .filter(({ weight }) => weight === 1)
    .map(({ probability }) => probability)
    .toSorted((a, b) => b - a);
  return {
    settles: new Map(labels.map((label) => [label, Math.max(floor(label), settlesFrom(label, seen, rightAt))])),
    guesses: new Map(labels.map((label) => [label, Math.max(floor(label), guessesFrom(label, seen, rightAt))])),
  };
}

function triedIn(
  heldOut: readonly HeldOut[],
  { labels, general }: { readonly labels: readonly string[]; readonly general: string },
): readonly Tried[] {
  const named = new Set(labels);
  const own = heldOut.filter(({ label }) => named.has(label)).length;
  const nobodys = heldOut.length - own;
  return heldOut.flatMap(({ label, prediction }) => {
    const [top] = prediction.ranking;
    if (!top || (top.label === general && !named.has(label))) return [];
    const weight = named.has(label) ? 1 : Math.min(1, own / nobodys);
    return [{ label: top.label, probability: top.probability, right: top.label === label, weight }];
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
