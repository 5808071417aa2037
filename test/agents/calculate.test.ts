/** The calculator: exact, in people's notation, and deaf to everything that is not arithmetic. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NovaError } from "#core";
import calculate from "../../agents/tools/calculate.ts";
import { toolContext } from "../contract/context.ts";

const run = (expression: string) => calculate.run({ expression }, toolContext({ words: expression }));

describe("works out", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["what is 17% of 2,340?", "17% of 2,340 = 397.8"],
    ["0.1 + 0.2", "0.1 + 0.2 = 0.3"],
    ["(1200 + 350) * 3", "(1200 + 350) * 3 = 4650"],
    ["how much is $1,250 plus 8%", "$1,250 plus 8% = $1350"],
    ["1/3", "1/3 ≈ 0.33333333333333"],
    ["sum of 1,200, 300 and 45", "sum of 1,200, 300 and 45 = 1545"],
    ["average of 3, 4 and 8", "average of 3, 4 and 8 = 5"],
    ["max(1, 200, 3)", "max(1, 200, 3) = 200"],
    ["what percent of 120 is 30?", "what percent of 120 is 30 = 25%"],
    ["percentage change from 80 to 100", "percentage change from 80 to 100 = 25%"],
    ["20% off 80", "20% off 80 = 64"],
    ["increase 250 by 12%", "increase 250 by 12% = 280"],
    ["split 86.40 by 3", "split 86.40 by 3 = 28.8"],
    ["split a bill of 86.40 by 3", "split a bill of 86.40 by 3 = 28.8"],
    ["divide the rent of €900 between 4 people", "divide the rent of €900 between 4 people = €225"],
    ["whats 15% of $80?", "15% of $80 = $12"],
    ["how many hours are 450 minutes?", "450 minutes = 7.5 hours"],
    ["how many grams are in 2 pounds", "2 pounds = 907.18474 grams"],
    ["What's 3 x 4?", "3 x 4 = 12"],
    ["what is 5!?", "5! = 120"],
    ["square root of 1764", "square root of 1764 = 42"],
    ["5 ft + 3 in to cm", "5 ft + 3 in to cm = 160.02 cm"],
    ["20 °C to °F", "20 °C to °F = 68 °F"],
    ["2 GB to MB", "2 GB to MB = 2000 MB"],
    ["What's 1,234,567.89 * 2?", "1,234,567.89 * 2 = 2,469,135.78"],
  ];
  test.each(cases)("%s", async (asked, said) => {
    expect(await run(asked)).toBe(said);
  });
});

describe("refuses in words", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["hello there", /not a calculation/],
    ["1/0", /no finite result/],
    ["sqrt(-4)", /no real number/],
    ["5 kg + 3 m", /do not fit/],
    ["$5 + €3", /mixes \$ and €/],
    ["9^9^9^9", /no finite result/],
    ["1000!", /factorial/],
    ["(10^6)!", /factorial/],
    ["import('fs')", /not a calculation/],
    ['evaluate("1")', /not a calculation/],
    ['createUnit("foo")', /not a calculation/],
    ["cos.constructor('return process')()", /not a calculation/],
    ["a = 3", /not a calculation/],
    ["f(x) = x", /not a calculation/],
    ["[1, 2]", /not a calculation/],
    ["{a: 1}", /not a calculation/],
    ["1:1000000000", /not a calculation/],
    ["ones(10000, 10000)", /not a calculation/],
    ["5 ; 6", /not a calculation/],
    ["1".repeat(1_500), /longer than/],
    ["1+".repeat(400) + "1", /too many parts/],
  ];
  test.each(cases)("%s", async (asked, reason) => {
    await expect(run(asked)).rejects.toMatchObject({ name: "NovaError", message: expect.stringMatching(reason) });
  });
});

test.each(["A", "m3", "km"])("%s is a unit and no amount", async (text) => {
  await expect(run(text)).rejects.toThrow(NovaError);
});

test("any words end in a line or a refusal", async () => {
  const piece = fc.constantFrom(
    ..."0 1 9 99 1e300 . , + - * / ^ ! % ( ) of to km USD sqrt( exp( log( mod pi e $ € = ; [ ] ' the".split(" "),
  );
  const words = fc.oneof(
    fc.array(piece, { maxLength: 25 }).map((parts) => parts.join(" ")),
    fc.string({ maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(words, async (text) => {
      const outcome = await run(text).catch((error: unknown) => error);
      expect(typeof outcome === "string" || outcome instanceof NovaError).toBe(true);
    }),
    { numRuns: 400 },
  );
});
