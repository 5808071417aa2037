/** Wake-up calls for conversations. Kept by pg-boss in postgres/queue/queue.ts; the work itself is what the rows hold. */
import type { ConversationId } from "./ids.ts";

/** `turn`: messages wait. `deliver`: replies are to leave. `effect`: proposals and effects have something to come. */
export const CALL_KINDS = ["turn", "deliver", "effect"] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** Why the signal of a call is aborted when this process stops. Any other reason means that the call was lost. */
export class QueueStopping extends Error {
  override readonly name = "QueueStopping";
  constructor() {
    super("the service is stopping");
  }
}

export interface Queue {
  /**
   * Starts serving all kinds of calls, one call per conversation and kind at a time, across processes. A handler that
   * throws is called again with back-off; after the last try `dead` is called, itself until it succeeds, and then the
   * conversation is free. A handler that throws once its signal was aborted with QueueStopping hands its call back: it
   * comes again at once, here after the next start or in another process, and this does not count as a try.
   */
  serve(handlers: {
    readonly turn: (conversation: ConversationId, signal: AbortSignal) => Promise<void>;
    readonly deliver: (conversation: ConversationId, signal: AbortSignal) => Promise<void>;
    readonly effect: (conversation: ConversationId, signal: AbortSignal) => Promise<void>;
    readonly dead: (kind: CallKind, conversation: ConversationId) => Promise<void>;
  }): Promise<void>;
  /** With `delayMs` the call comes that much later, and is not sent while another one is still to come. */
  wake(kind: CallKind, conversation: ConversationId, delayMs?: number): Promise<void>;
  /**
   * Wakes those of these conversations that nothing else will: no call is under way or to come, and no dead one is still
   * to be told. Returns them. Safe from many processes at once.
   */
  rouse(kind: CallKind, conversations: readonly ConversationId[]): Promise<readonly ConversationId[]>;
  /**
   * Takes no more calls of this kind, waits for running handlers at most `graceMs`, then aborts them; what has not ended
   * soon after is handed back over its head.
   */
  finish(kind: CallKind, graceMs: number): Promise<void>;
  /** Finishes all kinds at once, and lets go of the database. */
  stop(graceMs: number): Promise<void>;
}
