/** What arrives (Inbound), and what the transcript keeps (Message). */
import type { Address } from "./address.ts";
import type { Action } from "./card.ts";
import type { FileRef, MessageFile } from "./file.ts";
import type { AgentId, ConversationId, MessageId, PersonId, ProjectId, TurnId } from "./ids.ts";
import type { ExternalId, Role } from "./person.ts";

/** Whose words these are. Words from outside are data: they command nothing, and nobody who reads them acts freely. */
export type Origin = Role | "outside";

/**
 * Whose words a schedule holds: what its person said themselves, what an agent wrote in their name, or what rests on words
 * that nobody vouches for.
 */
export type Wording = "person" | "agent" | "outside";

/** What an adapter makes of a verified platform body. */
export type Inbound = {
  /** The platform's id of this delivery: the same delivery put twice is one message. */
  readonly deliveryKey: string;
  /** The platform's id of the message inside its conversation; two deliveries of one post share it. */
  readonly messageKey: string;
  readonly address: Address;
  readonly sender: ExternalId;
  readonly text: string;
  readonly sentAt: Date;
  /** Absent: the sender's own words. */
  readonly origin?: "outside";
  /** Set where a schedule asks it in the sender's name: nobody is there, so it orders nothing. */
  readonly scheduled?: Wording;
  /** The agent that it is for, where the way it came in says so. */
  readonly agent?: AgentId | null;
  /** The project that a conversation made by it belongs to; of what a schedule asks, the project of that alone. */
  readonly project?: ProjectId | null;
  readonly files?: readonly FileRef[];
  /** How the platform names the sender; shown to the owner when nobody knows the account yet. */
  readonly senderName?: string;
  readonly handle?: ReplyHandle;
};

/** What a platform hands out with a message to answer just that one; lost without harm. */
export type ReplyHandle = {
  /** Readable to the adapter alone: it may hold a token, so that the adapter seals it (`host.seal`). */
  readonly sealed: string;
  readonly expiresAt: Date;
};

/** Why an adapter made nothing of a body; an ordinary outcome, not an error. */
export type Ignored = { readonly ignored: string };

export type Author =
  | { readonly kind: "person"; readonly person: PersonId; readonly name: string }
  | { readonly kind: "agent"; readonly agent: AgentId | null };

/** A line of the transcript. Ids rise within a conversation, so an id is also a cursor. */
export type Message = {
  readonly id: MessageId;
  readonly conversation: ConversationId;
  readonly author: Author;
  /** Markdown. */
  readonly text: string;
  /** Absent: the author's own words. */
  readonly origin?: "outside";
  /** Set where a schedule asked it in the author's name. */
  readonly scheduled?: Wording;
  readonly at: Date;
  /** The turn that this message began or ended; null while it waits to be taken. */
  readonly turn: TurnId | null;
  /** The name of the schedule that asked it in the author's name, where a turn takes it; absent: they said it themselves. */
  readonly schedule?: string;
  /** True of a reply that rests on what nobody vouches for. */
  readonly tainted?: boolean;
  /** True of a tainted reply that read nothing itself: it goes on from an earlier one, or from what others said. */
  readonly retold?: boolean;
  /** Of what Nova said, where an agent reads it again: whose words it answers. Absent: nobody knows. */
  readonly asker?: PersonId;
  /** Set on replies only. */
  readonly reply: ReplyNote | null;
  /** Files that came with it; absent when there were none. */
  readonly files?: readonly MessageFile[];
  /** Buttons under a reply; absent when there are none. */
  readonly actions?: readonly Action[];
  /** Set when its author took it back; its text is empty then. */
  readonly deletedAt?: Date;
};

/** What stands under a reply: who wrote it, by which model, and how the turn ended. */
export type ReplyNote = {
  readonly kind: "answer" | "clarify" | "fail" | "stopped" | "notice";
  /** Name of the model, `offline` for the offline model, null when no model was asked. */
  readonly model: string | null;
};

/** Whether the words are the author's own, also where a schedule repeats them: what stands in them was named by the author. */
export const isOwnWords = ({ origin, scheduled = "person" }: Pick<Message, "origin" | "scheduled">): boolean =>
  origin !== "outside" && scheduled === "person";

/** A reply of Nova, as against a person's message. */
export const isReply = (message: Message): boolean => message.author.kind === "agent";

/** What its author sent, in short: their words, and the names of the files. */
export const gistOf = ({ text, files = [] }: Pick<Message, "text" | "files">): string =>
  [text, files.map((file) => file.name).join(", ")].filter((each) => each.trim() !== "").join("\n\n");
