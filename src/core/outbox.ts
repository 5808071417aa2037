/** Replies on their way out. Rows in postgres/turns/outbox.ts; the loop that sends them is turn/delivery.ts. */
import type { Address } from "./address.ts";
import type { Action } from "./card.ts";
import type { AgentId, ConversationId, MessageId, PartId, TurnId } from "./ids.ts";
import type { ReplyNote } from "./message.ts";
import type { Person } from "./person.ts";
import type { TraceEvent } from "./trace.ts";

/** One message to send, already in the platform's dialect and within its limits. */
export type RenderedPart = { readonly body: string };

export type OutPart = RenderedPart & {
  readonly id: PartId;
  readonly turn: TurnId;
  readonly conversation: ConversationId;
  /** The transcript line that this is a part of. */
  readonly message: MessageId;
  readonly ordinal: number;
  /** How many parts the reply has. A notice that one may be missing follows them: its ordinal is at least this. */
  readonly of: number;
  readonly address: Address;
  readonly person: Person;
  readonly agent: AgentId | null;
  readonly note: ReplyNote;
  readonly at: Date;
  /** Buttons to show under it: the last part of a reply has those of the reply. */
  readonly actions: readonly Action[];
  /** The handles of the turn's messages that are still good, sealed as the adapter gave them, oldest message first. */
  readonly handles: readonly string[];
  /** What the adapter noted of the message that it shows the unfinished reply in; null when there is none. */
  readonly draft: string | null;
  /**
   * The platform's id of a message that this part replaces, words and buttons; null for a new message. What cannot be
   * replaced any more, because it is gone or too old, is no loss: the adapter calls it sent, and nobody is told. Doing it
   * twice shows it once.
   */
  readonly amends: string | null;
  /** How often it was claimed before: every claim is another, and only the latest one's send is recorded. */
  readonly attempts: number;
};

export type SendResult =
  | { readonly kind: "sent"; readonly externalId: string }
  /** The platform certainly did not take it. */
  | { readonly kind: "not_sent"; readonly retry: boolean; readonly afterMs?: number; readonly code: string }
  /** The platform may have taken it. Sent again only if the adapter's sends are idempotent. */
  | { readonly kind: "unknown"; readonly code: string };

export type PartState = "sent" | "unknown" | "failed" | "ready";

/** How a part stands after a send; one that is given up is not tried again. */
export function stateAfter(result: SendResult, giveUp: boolean): PartState {
  switch (result.kind) {
    case "sent":
      return "sent";
    case "unknown":
      return "unknown";
    case "not_sent":
      return giveUp ? "failed" : "ready";
  }
}

/** The same, as the turn's trace has it. */
export function deliveredEvent(
  part: Pick<OutPart, "ordinal">,
  result: SendResult,
  giveUp: boolean,
): Extract<TraceEvent, { kind: "delivered" }> {
  const code = result.kind === "sent" ? {} : { code: result.code };
  return { kind: "delivered", part: part.ordinal, outcome: stateAfter(result, giveUp), ...code };
}

export interface Outbox {
  /**
   * The first unsent part of the conversation, claimed for sending; undefined when all is sent or when the first part
   * must wait for its time: none overtakes it. A part that an earlier process left claimed comes back with `resumed`
   * true: its fate is unknown.
   */
  next(conversation: ConversationId): Promise<{ readonly part: OutPart; readonly resumed: boolean } | undefined>;
  /** In how many milliseconds the first unsent part may be tried, 0 for at once; undefined when all is sent. */
  dueIn(conversation: ConversationId): Promise<number | undefined>;
  /**
   * Records how a send ended. A part that is given up does not hold back the ones after it; one that is not is tried
   * again after the result's `afterMs`. `notice` is word for the person that this part is or may be missing: it is sent behind
   * the turn's parts, once a turn, and never on account of a notice. Lost when the part was claimed again since, because
   * this process stood still, or when its fate is known: nothing is written then. Done: nothing is left to send in the
   * conversation, and the call that it is served for has ended with this.
   */
  record(
    part: OutPart,
    result: SendResult,
    giveUp: boolean,
    notice?: readonly RenderedPart[],
  ): Promise<"recorded" | "done" | "lost">;
  /** Conversations whose first part that is neither sent nor given up may be tried now. */
  unsent(): Promise<readonly ConversationId[]>;
}
