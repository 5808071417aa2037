/** What an answer rests on: the remembered items that it cites, as the person who asked may read them. Called by press.ts. */
import { clip, itemId, wholeOf, type MemoryItem, type PastTurn, type Person } from "#core";
import type { Crew } from "./crew.ts";

export type Sources =
  | { readonly kind: "sources"; readonly text: string }
  | { readonly kind: "none"; readonly why: string };

const QUOTED = 300;

export async function sourcesOf(
  turn: PastTurn,
  person: Person,
  crew: Pick<Crew, "memory" | "operations">,
): Promise<Sources> {
  const cited = await citedIn(turn, person, crew);
  const memory = crew.memory.as(person);
  const items = await Promise.all(cited.map(async (id) => ({ id, item: await memory.get(itemId(id)) })));
  if (items.length === 0) return { kind: "none", why: "This answer cites nothing that is remembered." };
  if (items.every(({ item }) => item === undefined)) {
    return { kind: "none", why: "What this answer cites was forgotten since." };
  }
  const lines = items.map(({ id, item }) => `- **[m${id}]** ${item ? told(item) : "was forgotten since."}`);
  return { kind: "sources", text: ["**What this answer rests on**", "", ...lines].join("\n") };
}

/**
 * What the answer names of what was recalled for it, in the order of the answer. The trace says what was recalled:
 * it outlives what is forgotten, and what a model made up is not in it.
 */
async function citedIn(
  turn: PastTurn,
  person: Person,
  { operations }: Pick<Crew, "operations">,
): Promise<readonly string[]> {
  const told = await operations.as(wholeOf(person)).turn(turn.id);
  const recalled = new Set(told?.events.flatMap(({ event }) => (event.kind === "recalled" ? event.items : [])));
  const named = Array.from(turn.reply.text.matchAll(/\[m(\d{1,18})\]/g), ([, id = ""]) => id);
  return [...new Set(named)].filter((id) => recalled.has(id));
}

function told({ kind, at, author, text }: MemoryItem): string {
  return `${KINDS[kind]}, ${day.format(at)}, ${inline(author, QUOTED)}: “${inline(text, QUOTED)}”`;
}

const KINDS: Readonly<Record<MemoryItem["kind"], string>> = {
  turn: "said",
  note: "note",
  update: "update",
  decision: "decision",
  fact: "fact",
  preference: "preference",
  task: "task",
};

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Remembered words are shown as they are: they format nothing and link nowhere of their own. */
const inline = (text: string, most: number): string =>
  clip(text.replaceAll(/\s+/g, " ").trim(), most).replace(/[\\`*_[\]<>~|&]/g, "\\$&");
