/** What Discord hands out with a message to answer just that one. Closed where it comes in, opened where it is used. */
import { z } from "zod";
import type { ReplyHandle, Seal } from "#core";

const handleSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("command"),
    /** Its token opens the one reply that it was deferred with. */
    interaction: z.string(),
    token: z.string(),
    /** Who gave the command. */
    user: z.string(),
    /** Milliseconds; Discord forgets the token fifteen minutes later. */
    at: z.number(),
    /** The reply was deferred for the asker's eyes alone. */
    hidden: z.boolean(),
    /** The app is not a member there: it was installed by the user, and a few follow-ups are all that it may send. */
    visitor: z.boolean(),
    /** A `/stop`: its own answer is one short sentence. */
    stop: z.boolean(),
  }),
  /** A message that mentions us: the reply refers to it. */
  z.object({ kind: z.literal("mention"), channel: z.string(), message: z.string() }),
]);

export type Handle = z.infer<typeof handleSchema>;
export type CommandHandle = Extract<Handle, { kind: "command" }>;

/** A minute before Discord forgets the token nothing is begun with it any more. */
export const TOKEN_MS = 14 * 60_000;
/** Longer than the token lives: it also tells whom to write to when the token is gone. */
const KEPT_MS = 24 * 60 * 60_000;

export const closeHandle = (handle: Handle, seal: Seal, now: Date): ReplyHandle => ({
  sealed: seal.close(JSON.stringify(handle)),
  expiresAt: new Date(now.getTime() + KEPT_MS),
});

/** Undefined for what was closed under another token, or by another version. */
export function openHandle(sealed: string, seal: Seal): Handle | undefined {
  const text = seal.open(sealed);
  if (text === undefined) return undefined;
  return handleSchema.safeParse(jsonOf(text)).data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
