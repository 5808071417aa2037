/** Wake-up calls for conversations. Kept by pg-boss in postgres/queue.ts; the work itself is what the rows hold. */
import type { ConversationId } from "./ids.ts";

export interface Queue {
  /**
   * Starts serving both kinds of calls, one call per conversation and kind at a time, across processes. A handler that
   * throws is called again with back-off; after the last try `onDead` is called once and the conversation is free.
   */
  serve(handlers: {
    readonly turn: (conversation: ConversationId, signal: AbortSignal) => Promise<void>;
    readonly deliver: (conversation: ConversationId, signal: AbortSignal) => Promise<void>;
    readonly dead: (kind: "turn" | "deliver", conversation: ConversationId) => Promise<void>;
  }): Promise<void>;
  wake(kind: "turn" | "deliver", conversation: ConversationId): Promise<void>;
  /** Takes no more calls of this kind, waits for running handlers at most `graceMs`, then aborts them. */
  finish(kind: "turn" | "deliver", graceMs: number): Promise<void>;
  /** Finishes both kinds at once, and lets go of the database. */
  stop(graceMs: number): Promise<void>;
}
