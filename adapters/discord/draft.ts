/** What is shown of a reply while it is made: who is at work, and the end of what is written so far. Pure. */
import { splitMarkdown } from "#core";
import { z } from "zod";
import { dialect } from "./dialect.ts";

/** Two of these and the line under them fit into a message. */
const PIECE = { ...dialect, limit: 900 };

export type Sight = { readonly name: string; readonly line: string | null; readonly draft: string };

/** At most 2,000 characters. */
export function sightOf({ name, line, draft }: Sight): string {
  const who = dialect.text(name.slice(0, 40).toWellFormed(), false);
  if (draft.trim() === "") return `-# ${who} ${line === null ? "is at work" : `· ${clipped(line)}`}…`;
  const pieces = splitMarkdown(draft, PIECE);
  const shown = pieces.slice(-2).join("\n\n");
  return `${pieces.length > 2 ? "…\n\n" : ""}${shown}\n-# ${who} is writing…`;
}

const clipped = (line: string): string => dialect.text(line.replace(/\s+/g, " ").slice(0, 40).toWellFormed(), false);

const noted = z.object({ ids: z.array(z.string()) });

/** What is noted of a turn: which messages show its unfinished reply. */
export const noteOf = (message: string): string => JSON.stringify({ ids: [message] });

export function messageIn(note: string | null): string | null {
  if (note === null) return null;
  try {
    return noted.parse(JSON.parse(note)).ids[0] ?? null;
  } catch {
    return null;
  }
}
