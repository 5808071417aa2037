/**
 * What Nova says unasked: that a decision is due, a reminder, a message on somebody's behalf. Rows in
 * postgres/turns/announcements.ts.
 */
import type { Address } from "./address.ts";
import type { Action } from "./card.ts";
import type { AgentId, MessageId, PersonId, TurnId } from "./ids.ts";
import type { RenderedPart } from "./outbox.ts";
import type { Person } from "./person.ts";

export type Announcement = {
  /** Said once in a tenant: the same key again is `seen`. */
  readonly key: string;
  readonly to: Person;
  /** Null: in private, where they were heard last and can be written to. So too where the address is not theirs any more. */
  readonly address: Address | null;
  /** Markdown. */
  readonly text: string;
  readonly actions?: readonly Action[];
  /** Null: Nova itself. */
  readonly agent: AgentId | null;
  /** Set where it holds words of somebody else: who reads them again in the transcript takes them for data. */
  readonly origin?: "outside";
  /** Nova's own sentence, its commands among it, that names what rests on words which nobody vouches for. */
  readonly tainted?: boolean;
  /** It quotes what somebody else asked for and is for the person's eyes: no agent reads it again in the transcript. */
  readonly aside?: boolean;
};

export type Announced =
  | { readonly kind: "said" | "seen"; readonly turn: TurnId; readonly message: MessageId }
  /** They are blocked, or were never heard anywhere that can be written to. */
  | { readonly kind: "unreachable" };

/** Who wrote what Nova said. */
export type Writer = {
  /** Null: Nova itself. */
  readonly agent: AgentId | null;
  /** Null when no model was asked. */
  readonly model: string | null;
  /** Set where it holds words of somebody else. */
  readonly origin?: "outside";
};

/** What is shown in place of what a message said before. */
export type Amendment = {
  readonly text: string;
  readonly actions: readonly Action[];
  /** It holds words of others from now on: who reads it again in the transcript vouches for nothing of it. */
  readonly tainted?: true;
};

/** For whoever has something to say. Made by turn/announce.ts. */
export interface Announcements {
  /** Stores it and wakes its delivery in one transaction. */
  say(announcement: Announcement): Promise<Announced>;
  /** Looks for one by its key, for whoever has to know whether it was said. */
  said(key: string, to: Person): Promise<MessageId | undefined>;
  /**
   * Gives a reply or announcement other words and buttons, also where it was sent already: a part that says so goes out
   * behind it. The same words again change nothing, and so does a message that is not there.
   */
  amend(message: MessageId, to: Amendment): Promise<void>;
}

/** Where it is kept; puts no word into a platform's dialect itself. */
export interface AnnouncementStore {
  say(announcement: Announcement, render: (address: Address) => readonly RenderedPart[]): Promise<Announced>;
  said: Announcements["said"];
  /** Where they would be told in private just now; undefined when there is nowhere. */
  whereTo(person: Person): Promise<Address | undefined>;
  /**
   * `render` is told who wrote the message, and how many parts are shown already; null: none yet, so there may be any
   * number.
   */
  amend(
    message: MessageId,
    to: Amendment,
    render: (address: Address, shown: number | null, by: Writer) => readonly RenderedPart[],
  ): Promise<void>;
}

/** A channel that people can be written to by, unasked. */
export type Reach = {
  readonly platform: string;
  /** `rings` where the person was heard; `page`: seen when they look there. */
  readonly how: "rings" | "page";
  /** False: it is only switched on elsewhere, or later. */
  readonly running: boolean;
  /** The private place of somebody with an account there who was never heard; absent: there is none. */
  readonly home?: (person: PersonId) => Address;
};
