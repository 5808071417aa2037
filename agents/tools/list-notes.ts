/** The notes, decisions and preferences that were kept last. Granted to the librarian. */
import { z } from "zod";
import { clip, defineTool, stem, words, type MemoryKind } from "#core";

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
  async run({ only, limit }, { recall, ask }) {
    const kind = only ?? kindIn(ask.own ?? ask.words);
    const items = await recall.newest(limit ?? 10, kind === undefined ? KEPT : [kind]);
    if (items.length === 0) return "Nothing of the kind is stored yet.";
    return items
      .map(({ id, kind: what, text, at, project }) => {
        const place = typeof project === "string" ? ` in project ${clip(project, 80)}` : "";
        return `- ${clip(text, 300)} (${what}${place}, ${day(at)}) [m${id}]`;
      })
      .join("\n");
  },
});

const KINDS: ReadonlyMap<string, "decision" | "preference"> = new Map([
  [stem("decide"), "decision"],
  [stem("decision"), "decision"],
  [stem("prefer"), "preference"],
  [stem("preference"), "preference"],
]);

/** "What do I prefer?" asks for preferences alone; whoever names notes besides, or two kinds, asks for all. */
function kindIn(said: string): "decision" | "preference" | undefined {
  const stems = words(said).map(stem);
  const [kind, ...more] = new Set(stems.flatMap((each) => KINDS.get(each) ?? []));
  return more.length > 0 || stems.includes(stem("notes")) ? undefined : kind;
}

/** "21 Nov 2026" */
const day = (at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(at);
