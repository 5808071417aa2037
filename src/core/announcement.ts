/** What Nova says unasked: that a decision is due, a reminder, a message on somebody's behalf. Rows in postgres/announcements.ts. */
import type { Address } from "./address.ts";
import type { Action } from "./card.ts";
import type { AgentId, MessageId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";

export type Announcement = {
  /** Said once: the same key again is `seen`. */
  readonly key: string;
  readonly to: Person;
  /** Null: in private, where they were heard last and can be written to. */
  readonly address: Address | null;
  /** Markdown. */
  readonly text: string;
  readonly actions?: readonly Action[];
  /** Null: Nova itself. */
  readonly agent: AgentId | null;
};

export type Announced =
  | { readonly kind: "said" | "seen"; readonly turn: TurnId; readonly message: MessageId }
  /** They were never heard anywhere that can be written to. */
  | { readonly kind: "unreachable" };

export interface Announcements {
  /** Stores it and wakes its delivery in one transaction. */
  say(announcement: Announcement): Promise<Announced>;
  /** Looks for one by its key, for whoever has to know whether it was said. */
  said(key: string, to: Person): Promise<MessageId | undefined>;
  /**
   * Gives a reply or announcement other words and buttons, also where it was sent already: a part that says so goes out
   * behind it. The same words again change nothing.
   */
  amend(message: MessageId, to: { readonly text: string; readonly actions: readonly Action[] }): Promise<void>;
}
