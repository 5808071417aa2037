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
    ["tell me what 17% of 80 is", "17% of 80 = 13.6"],
    ["could you tell me how much 3*4 is?", "3*4 = 12"],
    ["do you know what 12 times 7 makes?", "12 times 7 = 84"],
    ["what does 17% of 80 come to?", "17% of 80 = 13.6"],
    ["17% of 80 is what?", "17% of 80 = 13.6"],
    ["hi nova, what is 3*7?", "3*7 = 21"],
    ["good morning! what is 3*7?", "3*7 = 21"],
    ["tell me what percent 48 is of 640", "what percent 48 is of 640 = 7.5%"],
  ];
  test.each(cases)("%s", async (asked, said) => {
    expect(await run(asked)).toBe(said);
  });
});

describe("works several sums out, a line each", () => {
  const cases: readonly (readonly [string, ...string[]])[] = [
    ["what is 12*9, 15% of 80 and 7+8?", "12*9 = 108", "15% of 80 = 12", "7+8 = 15"],
    ["12*9\n7+8", "12*9 = 108", "7+8 = 15"],
    ["what is 2+2? and what is 3+3?", "2+2 = 4", "3+3 = 6"],
    ["what's 5 plus 6, then 7 times 8", "5 plus 6 = 11", "7 times 8 = 56"],
    // What lists its figures stays together.
    ["average of 3, 4 and 8 and 12*7", "average of 3, 4 and 8 = 5", "12*7 = 84"],
    ["sum of 3 and 4, and 1,200 * 2", "sum of 3 and 4 = 7", "1,200 * 2 = 2400"],
    ["add 3 and 4, and 12*7", "add 3 and 4 = 7", "12*7 = 84"],
    ["2 kg to pounds and 20 °C to °F", "2 kg to pounds ≈ 4.4092452436976 lb", "20 °C to °F = 68 °F"],
    // What is not worked out is told.
    [
      "what is 1/0, 2+2 and 5 kg + 3 m?",
      "Not worked out: “what is 1/0”. That calculation has no finite result of a sensible size.",
      "2+2 = 4",
      "Not worked out: “5 kg + 3 m”. That calculation has no result: its units or its parts do not fit together.",
    ],
    ["12*9 and 30", "12*9 = 108", "Not worked out: “30”. That is a figure and no calculation."],
    // Figures behind a sum go on with it.
    ["20% of 50 and 30", "20% of 50 = 10", "20% of 30 = 6"],
    ["what is 50% of 20, 30 and 40?", "50% of 20 = 10", "50% of 30 = 15", "50% of 40 = 20"],
    ["split 86.40 by 3 and 90 by 4", "split 86.40 by 3 = 28.8", "split 90 by 4 = 22.5"],
    ["average of 3, 4 and 8, and 12*9", "average of 3, 4 and 8 = 5", "12*9 = 108"],
    // What is told asks nothing.
    ["I earn 3,000 and spend 1,200. what is 3000-1200?", "3000-1200 = 1800"],
    ["call me on 555-1234 and work out 3*4", "3*4 = 12"],
    ["The rent is 900. what is 900*12?", "900*12 = 10,800"],
    ["12*9, and double it, thanks", "12*9 = 108", "Not worked out: “double it”."],
    ["what is 17% of 80, and send it to Ann", "17% of 80 = 13.6", "Not worked out: “send it to Ann”."],
  ];
  test.each(cases)("%s", async (asked, ...lines) => {
    expect((await run(asked)).split("\n")).toEqual(lines);
  });

  test.each(["3, 4 and 5", "pens and paper, 3", "1/0 and 5 ; 6"])("none of them: %s", async (asked) => {
    await expect(run(asked)).rejects.toThrow(NovaError);
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
