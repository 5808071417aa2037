/** Puts a wake-up call into the transaction that made it necessary. Implemented by the queue, used by intake and turns. */
import type { ConversationId, MessageId } from "#core";
import type { Tx } from "./database.ts";

export const CALL_KINDS = ["turn", "deliver"] as const;
export type CallKind = (typeof CALL_KINDS)[number];

export interface Calls {
  /** Committed or rolled back with the transaction. The same kind for the same message twice is one call. */
  send(tx: Tx, kind: CallKind, conversation: ConversationId, message: MessageId): Promise<void>;
}
