/** What is noted of the messages that show an unfinished reply, so that later processes and send.ts go on in them. */
import { z } from "zod";

const noted = z.object({
  /** In the order in which they are read. */
  ts: z.array(z.string().min(1)).max(50),
  /** The last of them may still be open for more. */
  streaming: z.boolean().default(false),
  /** Milliseconds: since then another message may stand there that nobody noted any more. */
  begun: z.number().optional(),
});
export type DraftNote = z.infer<typeof noted>;

export const writeNote = (note: DraftNote): string => JSON.stringify(note);

export function readNote(text: string | null): DraftNote {
  try {
    return noted.parse(JSON.parse(text ?? ""));
  } catch {
    return { ts: [], streaming: false };
  }
}
