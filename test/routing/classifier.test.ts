import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { balanced } from "../../src/routing/learning/balance.ts";
import { prepare, trainClassifier, type Example } from "../../src/routing/learning/classifier.ts";
import { createModel, descend } from "../../src/routing/learning/regression.ts";

const COLOURS: readonly Example[] = [
  ...["paint it red", "a crimson wall", "red paint for the door"].map((text) => ({ text, label: "red" })),
  ...["paint it blue", "an azure ceiling", "blue paint for the shed"].map((text) => ({ text, label: "blue" })),
  ...["boil an egg", "bake some bread", "slice the onions"].map((text) => ({ text, label: "none" })),
];

describe("a classifier trained from a few examples", () => {
  const classifier = trainClassifier(COLOURS, "none");

  test("finds the label of words that it has seen, in another order and form", () => {
    expect(classifier.predict("the door was painted red").ranking[0]?.label).toBe("red");
    expect(classifier.predict("a shed painted blue").ranking[0]?.label).toBe("blue");
  });

  test("ranks every label but the background, and all probabilities make one", () => {
    const { ranking, background } = classifier.predict("a blue door");
    expect(ranking.map(({ label }) => label).sort()).toEqual(["blue", "red"]);
    expect(ranking.reduce((sum, { probability }) => sum + probability, background)).toBeCloseTo(1, 5);
  });

  test("is sure of a label's own words, and not of the background's or of strange ones", () => {
    expect(classifier.predict("paint it red").confidence).toBeGreaterThan(0.6);
    expect(classifier.predict("slice some bread").confidence).toBe(0);
    expect(classifier.predict("zygote perfunctory wharf").confidence).toBeLessThan(0.4);
  });

  test("is less sure the more strange words stand around the known ones", () => {
    const plain = classifier.predict("crimson wall").confidence;
    const strange = classifier.predict("crimson wall zygote perfunctory wharf quixotic").confidence;
    expect(strange).toBeLessThan(plain);
  });

  test("names the words that spoke for a label, loudest first", () => {
    expect(classifier.evidence("please paint it crimson", "red")[0]?.word).toBe("crimson");
    expect(classifier.evidence("please paint it crimson", "blue")[0]?.word).not.toBe("crimson");
    expect(classifier.evidence("", "red")).toEqual([]);
  });

  test("learns from what a label is not", () => {
    const denied = trainClassifier([...COLOURS, { text: "read a book about paint", not: "red" }], "none");
    const before = classifier.predict("read a book about paint").ranking.find(({ label }) => label === "red");
    const after = denied.predict("read a book about paint").ranking.find(({ label }) => label === "red");
    expect(after?.probability).toBeLessThan(before?.probability ?? 0);
  });

  test("counts a label with many examples no more than the middle one", () => {
    const counts = [3, 5, 40];
    const vector = { columns: new Uint32Array(), values: new Float32Array() };
    const samples = counts.flatMap((count, at) =>
      Array.from({ length: count }, () => ({ vector, at, is: true, weight: 1 })),
    );
    const denied = { vector, at: 2, is: false, weight: 1 };
    const weighed = balanced([...samples, denied]);
    const total = (at: number) =>
      weighed.filter((one) => one.is && one.at === at).reduce((sum, { weight }) => sum + weight, 0);
    expect(counts.map((_, at) => total(at))).toEqual([3, 5, expect.closeTo(5, 9)]);
    expect(weighed.at(-1)).toEqual(denied);
  });

  test("hears a heavier sample louder", () => {
    const { samples, vectorizer } = prepare([
      { text: "grey", label: "red" },
      { text: "grey", label: "blue" },
    ]);
    const [red, blue] = samples;
    if (!red || !blue) throw new Error("Two samples were prepared.");
    const model = createModel(new Float32Array(vectorizer.size * 2), 2);
    descend(model, [{ ...red, weight: 0.1 }, blue]);
    const [itsRed = 0, itsBlue = 0] = model.probabilities(blue.vector);
    expect(itsBlue).toBeGreaterThan(itsRed * 2);
  });

  test("is the same classifier for the same examples", () => {
    const twin = trainClassifier(COLOURS, "none");
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(twin.predict(text)).toEqual(classifier.predict(text));
      }),
    );
  });

  test("takes any string and answers with probabilities", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const { confidence, background, ranking } = classifier.predict(text);
        for (const value of [confidence, background, ...ranking.map(({ probability }) => probability)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("knows nothing when nothing was taught", () => {
    expect(trainClassifier([]).predict("anything")).toEqual({ ranking: [], background: 0, confidence: 0 });
  });
});
