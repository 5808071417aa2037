/** `nova console`: a one-time link that opens Nova in a browser as its owner. `nova link` makes the same kind. */
import { z } from "zod";
import { drawAddress, issueLink, oneTimeLink } from "./one-time-link.ts";
import { defineVerb } from "./verb.ts";
import { who } from "./who.ts";

export const console = defineVerb({
  name: "console",
  summary: "Print a one-time login link for the owner",
  forms: [
    {
      path: "console",
      summary: "Print a one-time login link for the owner (the same as `nova link`, without the code for channels)",
      examples: ["nova console", "nova console --json"],
      input: () => ({}),
    },
  ],
  input: z.object({}),
  output: oneTimeLink,
  run: async (_input, parts) => issueLink(await who(parts, undefined), parts),
  words: (issued, ink) => [`Open as ${ink.bold(issued.person.name)}:`, ...drawAddress(issued, ink)].join("\n"),
});
