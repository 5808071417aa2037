/** What Nova remembers about something, with ids to cite. Granted to agents that answer from memory. */
import { z } from "zod";
import { MEMORY_KINDS, clip, defineTool } from "#core";

export default defineTool({
  name: "search_memory",
  description:
    "Searches the person's notes, decisions, preferences and earlier statements by words, and returns the best ones with their ids, kinds and dates. Use it when something that was said or noted before is asked for.",
  examples: [
    "what do you know about the office move",
    "what did we decide about the database",
    "when did I say the lease ends",
    "do you remember the name of Anna's dentist",
    "search my notes for invoices",
  ],
  input: z.object({
    query: z.string().min(1).max(500).describe("What is looked for, in the words that it may have been noted in."),
    kind: z.enum(MEMORY_KINDS).optional().describe("Only items of this kind, when one is asked for."),
    limit: z.number().int().min(1).max(20).optional().describe("Most items to return; 8 when left out."),
  }),
  timeoutMs: 5_000,
  async run({ query, kind, limit }, { recall, ask }) {
    const recalled = await recall.recall({
      query,
      limit: limit ?? 8,
      now: ask.now,
      turn: ask.turn,
      ...(kind === undefined ? {} : { kinds: [kind] }),
    });
    if (recalled.verdict === "none") return "Nothing is stored about that.";
    const lines = recalled.items.map(
      (item) => `- ${item.author}, ${day(item.at)}, ${item.kind}: “${clip(item.text, 600)}” [m${item.id}]`,
    );
    return [recalled.verdict === "weak" ? "Only loosely related:" : "Found:", "", ...lines].join("\n");
  },
});

/** "21 Nov 2026" */
const day = (at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(at);
