/** What general agents take and give. Named in their front matter, checked when one is called with typed input. */
import { z } from "zod";

export const Words = z.strictObject({
  words: z.string().trim().min(1).max(60_000).describe("What the person asks, in the person's own words."),
});

export const Text = z.strictObject({
  text: z.string().trim().min(1).max(60_000).describe("The answer, in Markdown."),
});
