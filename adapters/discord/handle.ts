/** What Discord hands out with a message to answer just that one. Closed in inbound/, opened where a part is sent. */
import { z } from "zod";
import type { OutPart, ReplyHandle, Seal } from "#core";

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
function openHandle(sealed: string, seal: Seal): Handle | undefined {
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

/** Those of a turn's messages that can still be read, oldest first. */
export const handlesOf = (part: OutPart, seal: Seal): readonly Handle[] =>
  part.handles.map((sealed) => openHandle(sealed, seal)).filter((handle) => handle !== undefined);

/** The oldest one that asks for something; a stop only when there is nothing else. */
export function mainCommand(handles: readonly Handle[]): CommandHandle | undefined {
  const commands = handles.filter((handle) => isCommand(handle));
  return commands.find(({ stop }) => !stop) ?? commands[0];
}

export const isCommand = (handle: Handle): handle is CommandHandle => handle.kind === "command";

export const isFresh = (handle: Handle, now: Date): boolean =>
  handle.kind === "command" && now.getTime() - handle.at < TOKEN_MS;
