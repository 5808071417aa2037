/** What the thresholds are made of, on guesses that are made up: pure arithmetic. */
import { expect, test } from "vitest";
import { calibrate, type Tried } from "../../src/routing/learning/calibration.ts";
import type { HeldOut } from "../../src/routing/learning/held-out.ts";
import { fitThresholds } from "../../src/routing/learning/thresholds.ts";

/** `right` of each 20 guesses at each tenth of probability, spread evenly. */
function tried(label: string, rightOf20: (probability: number) => number): readonly Tried[] {
  return Array.from({ length: 9 }, (_, tenth) => (tenth + 1) / 10).flatMap((probability) =>
    Array.from({ length: 20 }, (_, i) => ({ label, probability, right: i < rightOf20(probability), weight: 1 })),
  );
}

function heldOut(guesses: readonly Tried[]): readonly HeldOut[] {
  return guesses.map(({ label, probability, right }, i) => ({
    text: `${i}`,
    label: right ? label : "-",
    fold: 0,
    prediction: { ranking: [{ label, probability }], background: 1 - probability, confidence: probability },
  }));
}

const mostlyRight = (probability: number) => (probability > 0.45 ? 20 : Math.round(24 * probability));

test("a higher probability promises more, and a label that is often wrong less", () => {
  const rightAt = calibrate([...tried("easy", mostlyRight), ...tried("hard", (p) => Math.round(12 * p))]);
  expect(rightAt("easy", 0.8)).toBeGreaterThan(rightAt("easy", 0.4));
  expect(rightAt("hard", 0.6)).toBeLessThan(rightAt("easy", 0.6) - 0.2);
});

test("a label that was hardly tried is taken to be like the rest", () => {
  const rest = tried("known", mostlyRight);
  const missed = { label: "new", probability: 0.8, right: false, weight: 1 };
  const rightAt = calibrate([...rest, missed]);
  expect(rightAt("never", 0.8)).toBeCloseTo(calibrate(rest)("never", 0.8), 1);
  expect(rightAt("new", 0.8)).toBeGreaterThan(0.6);
  expect(rightAt("new", 0.8)).toBeLessThan(rightAt("known", 0.8));
});

test("nothing tried, or everything right, still gives probabilities", () => {
  for (const rightAt of [calibrate([]), calibrate(tried("only", () => 20)), calibrate(tried("only", () => 0))]) {
    for (const probability of [0, 0.5, 1]) {
      expect(rightAt("only", probability)).toBeGreaterThanOrEqual(0);
      expect(rightAt("only", probability)).toBeLessThanOrEqual(1);
    }
  }
});

test("each agent gets the threshold that its own misses call for, and guesses below it", () => {
  const found = heldOut([...tried("easy", mostlyRight), ...tried("hard", (p) => Math.round(14 * p))]);
  const { settles, guesses } = fitThresholds(found, { labels: ["easy", "hard"], general: "general" });
  expect(settles.get("easy")).toBeLessThan(settles.get("hard") ?? 0);
  expect(guesses.get("easy")).toBeLessThan(settles.get("easy") ?? 0);
  expect(guesses.get("easy")).toBeLessThan(guesses.get("hard") ?? 0);
});

test("what is nobody's and lands at the general agent is no miss of it", () => {
  const lines = heldOut([...tried("here", () => 0), ...tried("easy", mostlyRight)]);
  const settles = (general: string) => fitThresholds(lines, { labels: ["easy", "here"], general }).settles.get("here");
  expect(settles("here")).toBeLessThan(0.7);
  expect(settles("elsewhere")).toBe(0.9);
});

test("the general agent is never early, for it gains nothing by it", () => {
  const found = heldOut([...tried("here", () => 20), ...tried("easy", () => 20)]);
  const { settles, guesses } = fitThresholds(found, { labels: ["easy", "here"], general: "here" });
  expect(settles.get("easy")).toBeLessThan(0.5);
  expect(settles.get("here")).toBe(0.5);
  expect(guesses.get("here")).toBe(0.5);
});

test("more lines that are nobody's do not make the thresholds stricter without end", () => {
  const lines = (times: number) => Array.from({ length: times }, () => heldOut(tried("easy", () => 0))).flat();
  const own = heldOut(tried("easy", () => 20));
  const from = (times: number) =>
    fitThresholds([...own, ...lines(times)], { labels: ["easy"], general: "g" }).guesses.get("easy");
  expect(from(4)).toBeCloseTo(from(1) ?? NaN, 5);
});

test("what is never right is settled only where it is plainly meant", () => {
  const { settles, guesses } = fitThresholds(heldOut(tried("bad", () => 0)), { labels: ["bad"], general: "general" });
  expect(settles.get("bad")).toBe(0.9);
  expect(guesses.get("bad")).toBe(0.5);
});
