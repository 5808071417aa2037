/** The notes, decisions and preferences that were kept last. Granted to the librarian. */
import { z } from "zod";
import { clip, defineTool, type MemoryKind } from "#core";

/** What people keep on purpose, all of which they call notes; statements made in passing are found by searching. */
const KEPT: readonly MemoryKind[] = ["note", "decision", "preference"];

export default defineTool({
  name: "list_notes",
  description:
    "Lists the newest notes, decisions and preferences of the person with their ids and dates. Use it when a list is asked for and no subject is named.",
  examples: [
    "list my notes",
    "show me the last decisions",
    "what have I asked you to remember",
    "which preferences of mine are stored",
    "show my newest notes",
  ],
  input: z.object({
    only: z.enum(["decision", "preference"]).optional().describe("Only these; everything kept when left out."),
    limit: z.number().int().min(1).max(50).optional().describe("Most items to list; 10 when left out."),
  }),
  timeoutMs: 5_000,
  async run({ only, limit }, { recall }) {
    const items = await recall.newest(limit ?? 10, only === undefined ? KEPT : [only]);
    if (items.length === 0) return "Nothing of the kind is stored yet.";
    return items.map((item) => `- ${clip(item.text, 300)} (${item.kind}, ${day(item.at)}) [m${item.id}]`).join("\n");
  },
});

/** "21 Nov 2026" */
const day = (at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(at);
