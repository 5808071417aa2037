/** What was said in a conversation before a turn, or up to one, read once for the route and the step. Made by turn.ts and beside.ts. */
import type { ConversationId, Message, Person, TakenTurn, TurnId } from "#core";
import type { Crew } from "./crew.ts";
import { forAgents } from "./commands/identity-words.ts";

export interface Past {
  /** The newest so many messages, oldest first. */
  newest(limit: number): Promise<readonly Message[]>;
}

/** Most messages that anyone asks for. */
const MOST = 20;

export const createPast = (
  { id, conversation, person }: Pick<TakenTurn, "id" | "conversation" | "person">,
  { transcript }: Pick<Crew, "transcript">,
): Past => readOnce(() => transcript.before(conversation, person, id, MOST));

/** To the end of this turn and no further: what others said since is nothing that its question was about. */
export const createPastOf = (
  { turn, conversation }: { readonly turn: TurnId; readonly conversation: ConversationId },
  person: Person,
  { transcript }: Pick<Crew, "transcript">,
): Past => readOnce(() => transcript.upTo(conversation, person, turn, MOST));

function readOnce(read: () => Promise<readonly Message[]>): Past {
  let said: Promise<readonly Message[]> | undefined;
  return {
    async newest(limit) {
      said ??= read();
      return (await said)
        .slice(-Math.min(limit, MOST))
        .map((message) => ({ ...message, text: forAgents(message.text) }));
    },
  };
}
