/** What was said in the conversation before a turn, read once for the route and the step. Made by turn.ts. */
import type { Message, TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import { forAgents } from "./commands/identity-words.ts";

export interface Past {
  /** The newest so many messages, oldest first. */
  newest(limit: number): Promise<readonly Message[]>;
}

/** Most messages that anyone asks for. */
const MOST = 20;

export function createPast(
  turn: Pick<TakenTurn, "id" | "conversation" | "person">,
  crew: Pick<Crew, "transcript">,
): Past {
  let read: Promise<readonly Message[]> | undefined;
  return {
    async newest(limit) {
      read ??= crew.transcript.before(turn.conversation, turn.person, turn.id, MOST);
      return (await read)
        .slice(-Math.min(limit, MOST))
        .map((message) => ({ ...message, text: forAgents(message.text) }));
    },
  };
}
