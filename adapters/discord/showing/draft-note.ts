/** What is noted of the message that shows an unfinished reply, so that a later process goes on in it. Used by canvas.ts and showing.ts. */
import { z } from "zod";

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
