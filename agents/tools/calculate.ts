/** Arithmetic, per cents and units, worked out by code. Granted to the analyst. */
import { z } from "zod";
import { defineTool } from "#core";
import { evaluate } from "./figures/arithmetic.ts";
import { readExpression } from "./figures/expression.ts";

export default defineTool({
  name: "calculate",
  description:
    "Works out arithmetic exactly: sums, products, powers, per cents, averages of listed numbers, and conversions of units. Use it for every figure that is not in a table and not a date.",
  examples: [
    "what is 17% of 2,340?",
    "(1200 + 350) * 3",
    "how much is $1,250 plus 8%",
    "convert 5 km to miles",
    "what percent of 120 is 30",
    "average of 3, 4 and 8",
    "72 fahrenheit to celsius",
    "square root of 1764",
    "12 times 49.90",
    "split 86.40 by 3",
  ],
  input: z.object({
    expression: z
      .string()
      .min(1)
      .max(1_000)
      .describe("The calculation, in signs or as it was asked, for instance `17% of 2,340` or `5 km to miles`."),
  }),
  timeoutMs: 2_000,
  async run({ expression }) {
    const read = readExpression(expression);
    const value = `${read.currency}${evaluate(read.expression)}${read.unit}`.replace(/^(\p{Sc})≈ /u, "≈ $1");
    return value.startsWith("≈") ? `${read.asked} ${value}` : `${read.asked} = ${value}`;
  },
});
