/** Keeps the turns of conversations through the product's own write path: a person each. Called by recall.ts and abstain.ts. */
import { clip, type ItemId, type Recall } from "#core";
import type { Conversation } from "./conversation-file.ts";
import { watched, type Scratch, type Watch } from "./scratch.ts";

export type KeptConversation = {
  readonly conversation: Conversation;
  readonly recall: Recall;
  /** The turns that said what an item holds: several, when they said the same in the same words. */
  readonly turnsOf: ReadonlyMap<ItemId, readonly string[]>;
};

export type KeptConversations = {
  readonly kept: readonly KeptConversation[];
  readonly turns: number;
  readonly ms: number;
};

/** Most characters of an item of memory. */
const LONGEST_ITEM = 20_000;

/** A session is a stream, the speaker the author, the session's time the time, and a caption part of the words. */
export async function keepConversations(
  conversations: readonly Conversation[],
  scratch: Scratch,
  watch: Watch,
): Promise<KeptConversations> {
  const began = watch.elapsed();
  const all = conversations.flatMap(({ sessions }) => sessions.flatMap(({ turns }) => turns)).length;
  let at = 0;
  const kept: KeptConversation[] = [];
  for (const conversation of conversations) {
    const person = await scratch.person(conversation.id);
    const turnsOf = new Map<ItemId, readonly string[]>();
    for (const session of conversation.sessions) {
      for (const { id, speaker, text, caption } of session.turns) {
        watched(watch, "Storing turns", { at: at++, of: all });
        const words = clip(caption === undefined ? text : `${text}\n[${caption}]`, LONGEST_ITEM);
        if (words.trim() === "") continue;
        const item = await scratch.memory.add(person, {
          kind: "turn",
          text: words,
          author: speaker,
          trust: "member",
          happenedAt: session.at,
          stream: `${conversation.id}/${session.n}`,
          message: null,
        });
        turnsOf.set(item.id, [...(turnsOf.get(item.id) ?? []), id]);
      }
    }
    kept.push({ conversation, recall: scratch.memory.as(person), turnsOf });
  }
  await scratch.settle();
  return { kept, turns: all, ms: Math.round(watch.elapsed() - began) };
}
