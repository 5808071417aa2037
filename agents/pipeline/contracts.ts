/** What pipeline agents take and give. Named in their front matter, checked when one is called with typed input. */
import { z } from "zod";

export const Words = z.strictObject({
  words: z.string().trim().min(1).max(60_000).describe("What is to be told, and to whom, in the person's own words."),
});

export const Text = z.strictObject({
  text: z.string().trim().min(1).max(60_000).describe("What was proposed, or what is still to be said, in Markdown."),
});
