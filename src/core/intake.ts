/** The door: where an inbound is stored before anyone is told that it arrived. Implemented in postgres/turns/intake.ts. */
import type { ConversationId, MessageId, TurnId } from "./ids.ts";
import type { Inbound } from "./message.ts";
import type { Person } from "./person.ts";

export type Accepted =
  | {
      readonly kind: "new";
      readonly message: MessageId;
      readonly conversation: ConversationId;
      readonly person: Person;
      /** Set when the message was a stop: the running turn that it joined and cancelled. */
      readonly stopped: TurnId | null;
    }
  | {
      readonly kind: "seen";
      readonly message: MessageId;
      readonly conversation: ConversationId;
      readonly person: Person;
    }
  /** No person is linked to the sender. */
  | { readonly kind: "unknown" }
  | { readonly kind: "blocked" };

export interface Intake {
  /**
   * Resolves the sender, finds or makes the conversation, stores the message and enqueues its turn, all in one
   * transaction. Idempotent by delivery key and by message key. With `stop` true the person's running turn in that
   * conversation is marked cancelled, and the message joins it; what waits behind it is taken next. When only messages
   * wait, they and the stop become a turn that is cancelled from its beginning.
   */
  put(inbound: Inbound, stop: boolean): Promise<Accepted>;
}

/** What an adapter is told after offering an inbound; everything except `accepted` is for the sender's eyes. */
export type Receipt =
  | {
      readonly kind: "accepted";
      readonly message: MessageId;
      readonly conversation: ConversationId;
      readonly person: Person;
      /** True when this delivery had been stored before. */
      readonly duplicate: boolean;
    }
  | { readonly kind: "unknown"; readonly hint: string | null }
  /**
   * The words were `/link CODE` and the code was good: the sender's account now belongs to this person. `moved` is true
   * when it was another person's before, which the sender is told without a name.
   */
  | { readonly kind: "linked"; readonly person: Person }
  | { readonly kind: "blocked" }
  | { readonly kind: "refused"; readonly code: "bad_input" | "too_large"; readonly reason: string };
