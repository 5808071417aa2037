/** Figures as people write them, and figures that an answer made up. */
import { describe, expect, test } from "vitest";
import { figureOf, figuresIn, strayFigures } from "#core";

describe("figures in a text", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["17% of 2,340", ["17", "2340"]],
    ["$1,200.50 and -5", ["1200.5", "-5"]],
    ["1.234,56 or 1'000", ["1234.56", "1000"]],
    ["40k, 3 million and 2.5kg", ["40000", "3000000", "2.5"]],
    ["on 2026-05-03 at 14:30", ["2026", "5", "3", "14", "30"]],
    ["[m12], t7 and v2 are names", []],
    ["0.10 is 0.1", ["0.1", "0.1"]],
    ["a loss of −5", ["-5"]],
    ["5-3", ["5", "3"]],
    ["", []],
  ];
  test.each(cases)("%s", (text, digits) => {
    expect(figuresIn(text).map((figure) => figure.digits)).toEqual(digits);
  });
});

describe("a cell is one figure", () => {
  test("with its currency, its per-cent sign, and brackets for a loss", () => {
    expect(figureOf("12.50 €")).toEqual({ digits: "12.5", currency: "€", percent: false });
    expect(figureOf("(1,200)")).toMatchObject({ digits: "-1200" });
    expect(figureOf("1 200")).toMatchObject({ digits: "1200" });
    expect(figureOf("15 %")).toMatchObject({ digits: "15", percent: true });
  });
  test.each(["5 apples", "n/a", "", "1 2", "m12"])("or none: %s", (cell) => {
    expect(figureOf(cell)).toBeUndefined();
  });
});

describe("stray figures", () => {
  test("are those that no source holds", () => {
    expect(strayFigures("It is 397.8 or 400.", ["17% of 2,340 = 397.8"])).toEqual(["400"]);
  });
  test("are not rounded ones, other spellings, or the numbers of a list", () => {
    const sources = ["45 / 7 ≈ 6.4285714285714", "sum 1,234,567", "-20"];
    expect(strayFigures("1. About 6.43\n2. 1234567 in all\n3. 20 less", sources)).toEqual([]);
  });
  test("are not rounded further than to the nearest", () => {
    expect(strayFigures("6.42", ["6.4285714"])).toEqual(["6.42"]);
  });
});
