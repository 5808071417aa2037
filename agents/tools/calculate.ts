/** Arithmetic, per cents and units, worked out by code. Granted to the analyst. */
import { z } from "zod";
import { defineTool } from "#core";
import { workOut } from "./figures/sums.ts";

export default defineTool({
  name: "calculate",
  description:
    "Works out arithmetic exactly: sums, products, powers, per cents, averages of listed numbers, and conversions of units; several at once, apart by commas, come back a line each. Use it for every figure that is not in a table and not a date.",
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
    "what is 12*9, 15% of 80 and 7+8?",
    "tell me what 17% of 80 is",
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
    return workOut(expression);
  },
});
