/**
 * What is to be done about proposals and effects without anybody asking: carrying out, ending what nobody decided, telling
 * people. Rows in postgres/effects.
 */
import type { Proposal } from "./approval.ts";
import type { Action } from "./card.ts";
import type { Effect, Grounds } from "./effect.ts";
import type { ConversationId, MessageId, PersonId, ProposalId, TenantId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";

/** An approved effect in the hands of the executor. Its `epoch` goes with every write; a later claim makes this one worthless. */
export type Claim = {
  /** The same for the same effect of the same proposal for ever. */
  readonly key: string;
  readonly proposal: ProposalId;
  readonly tenant: TenantId;
  readonly turn: TurnId;
  readonly conversation: ConversationId;
  /** Who asked for it. */
  readonly person: PersonId;
  readonly approvedAt: Date;
  readonly effect: Effect;
  readonly grounds: Grounds;
  /** Of what was decided on. */
  readonly digest: string;
  readonly epoch: number;
  /** How often it was claimed before. */
  readonly attempts: number;
  /** An earlier claim has not ended: it may have happened. */
  readonly resumed: boolean;
};

export type ClaimEnd =
  | { readonly state: "done"; readonly told: string }
  | { readonly state: "failed"; readonly code: string; readonly told: string }
  | { readonly state: "unknown"; readonly code: string }
  /** It certainly did not happen, and is tried again. */
  | { readonly state: "waiting"; readonly code: string; readonly afterMs: number };

export interface Ledger {
  /**
   * The oldest approved effect of the conversation that has not ended and is due, claimed before anything is done; undefined
   * when there is none, or when another claim is held. What waits for its next try holds nobody back.
   */
  claim(conversation: ConversationId): Promise<Claim | undefined>;
  /** Holds a claim for some seconds more. False when it is lost: nothing may be done any more. */
  hold(claim: Claim): Promise<boolean>;
  /** How it ended; people are told of it. Lost when it was claimed again since: nothing is written then. */
  record(claim: Claim, end: ClaimEnd): Promise<"recorded" | "lost">;
  /** Ends the oldest effect of the conversation that has not ended and is due: unknown if it was ever claimed, else failed. */
  giveUp(conversation: ConversationId, code: string): Promise<void>;
}

/** Something that was carried out, with its words: for the answer check alone, and never for logs. */
export type Deed = {
  readonly verb: string;
  /** The turn that asked for it. */
  readonly turn: TurnId;
  /** Names, texts and the receipt, cut to what a sentence about it could take up. */
  readonly words: string;
};

/** What was carried out, for whoever says so. Rows in postgres/effects/deeds.ts. */
export interface Deeds {
  /** The newest of what was done for this person in the conversation within a day. */
  doneIn(conversation: ConversationId, person: Person): Promise<readonly Deed[]>;
}

/**
 * Looks once more at what is about to be done and has certainly not happened so far, since much may have changed after it was
 * approved. Undefined: it may be done. `told` is a sentence for people. Made by turn/approval/standing.ts.
 */
export type Standing = (claim: Claim) => Promise<{ readonly code: string; readonly told: string } | undefined>;

/** Carries out what is approved. The only one who opens performers; implemented in src/effects. */
export interface Executor {
  /** Everything of the conversation that is due, one after another. Throws when the ledger is away: nothing is done then. */
  carryOut(conversation: ConversationId, signal: AbortSignal): Promise<void>;
}

/** What people have to be told of a proposal. */
export type Untold = {
  readonly proposal: Proposal;
  /** `news`: it waits since now, was changed, decided, or carried out. `reminder`: it waits still. */
  readonly why: "news" | "reminder";
  /** Which of its changes is the last that this tells of. */
  readonly change: number;
  /** The messages that show it, each with all that it shows. */
  readonly cards: readonly ShownCard[];
  /**
   * Whom it has to come to in private: the owner and whoever is named for it, but not who asked. Where it was asked for they
   * may have spoken, and yet not see it.
   */
  readonly elsewhere: readonly Person[];
};

/** A message that shows proposals, as it reads now. */
export type ShownCard = {
  readonly message: MessageId;
  readonly text: string;
  readonly actions: readonly Action[];
  /** The part of the text that is the card; null: nobody knows. */
  readonly card: string | null;
  readonly proposals: readonly Proposal[];
};

export interface ProposalWatch {
  /** Ends those of the conversation whose time is over; nobody has denied them. */
  expire(conversation: ConversationId): Promise<void>;
  /** Oldest first. Whoever tells says so afterwards, so that it is told again rather than never. */
  untold(conversation: ConversationId): Promise<readonly Untold[]>;
  told(untold: Untold): Promise<void>;
  /** Notes which part of a message is the card from now on. */
  drawn(message: MessageId, card: string, person: Pick<Person, "tenant">): Promise<void>;
  /** In how many milliseconds there is something to be done here, 0 for at once; undefined when there is nothing to come. */
  dueIn(conversation: ConversationId): Promise<number | undefined>;
  /** Conversations with something to be done now. */
  due(): Promise<readonly ConversationId[]>;
}
