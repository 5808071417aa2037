/** What a tab was told of each reply, so that one that reads otherwise by now is told again. Used by stream.ts. */
import { createHash } from "node:crypto";
import { isReply, type Message, type MessageId } from "#core";

export interface Heard {
  note(message: Message): void;
  /** Replies that this tab has, as far as anybody knows, with other words or buttons. */
  changed(page: readonly Message[]): readonly Message[];
  /** True while a card stands there that somebody has to decide on, perhaps elsewhere. */
  waits(): boolean;
}

export function createHeard(): Heard {
  const said = new Map<MessageId, string>();
  const waiting = new Set<MessageId>();
  return {
    note(message) {
      if (!isReply(message)) return;
      said.set(message.id, keyOf(message));
      if (message.actions?.some(({ style }) => style !== undefined)) waiting.add(message.id);
      else waiting.delete(message.id);
    },
    changed: (page) => page.filter((message) => isReply(message) && said.get(message.id) !== keyOf(message)),
    waits: () => waiting.size > 0,
  };
}

const keyOf = ({ text, actions = [] }: Message): string =>
  createHash("sha256")
    .update(JSON.stringify([text, actions]))
    .digest("base64url");
