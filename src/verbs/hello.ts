/** Answers who is there: by this a second process knows that run.json still tells the truth. Not typed by people. */
import { z } from "zod";
import { defineVerb } from "./verb.ts";

export const hello = defineVerb({
  name: "hello",
  summary: "Say which Nova this is",
  forms: [],
  input: z.object({}),
  output: z.object({ nova: z.string() }),
  run: async (_input, parts) => ({ nova: parts.facts().version }),
  words: ({ nova }) => `Nova ${nova}`,
});
