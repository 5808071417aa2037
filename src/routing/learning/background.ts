/** What people also type and no agent of Nova is for: the examples of "none of them". Read by examples.ts. */
import { CHATTER } from "./background/chatter.ts";
import { ERRANDS } from "./background/errands.ts";

/**
 * Some 290 lines of our own. Kept out is what an agent is or will be for: business records of every kind, plans and their
 * steps, reminders, facts from outside with their sources, documents, translation, practice of a language, connections,
 * messages to others, changes of Nova itself.
 */
export const BACKGROUND: readonly string[] = Object.values({ ...ERRANDS, ...CHATTER }).flatMap((lines) =>
  lines
    .trim()
    .split("\n")
    .map((line) => line.trim()),
);
