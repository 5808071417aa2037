/** Sends and ends wake-up calls within transactions. Implemented in queue.ts, used by the stores whose rows make work. */
import type { CallKind, ConversationId, MessageId } from "#core";
import type { WatchedTx } from "../engine/database.ts";

export interface Calls {
  /**
   * Committed or rolled back with the transaction. The same kind for the same message twice is one call; without
   * one it is a call of its own. Where this
   * process can serve it at once it is its own from the beginning, and served right behind the commit.
   */
  send(tx: WatchedTx, kind: CallKind, conversation: ConversationId, cause: MessageId | null): Promise<void>;
  /**
   * Ends with the transaction the call that this process serves for this conversation, if nothing more waits for it.
   * False: it has not ended, or is not served here. The transaction sees all of the conversation.
   */
  done(tx: WatchedTx, kind: CallKind, conversation: ConversationId): Promise<boolean>;
}
