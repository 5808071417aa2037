/** A turn: Nova's work on one or more waiting messages of one person. Rows in postgres/turns/turns.ts. */
import type { Address } from "./address.ts";
import type { Action } from "./card.ts";
import type { MessageFile } from "./file.ts";
import type { AgentId, BranchId, ConversationId, ItemId, MessageId, ProjectId, TurnId } from "./ids.ts";
import type { NewProposal } from "./approval.ts";
import type { NewMemory } from "./memory.ts";
import type { Message, Origin, ReplyNote } from "./message.ts";
import type { RenderedPart } from "./outbox.ts";
import type { Person } from "./person.ts";
import type { FailCode } from "./reply.ts";
import type { Route } from "./route.ts";
import type { ModelCall } from "./spending.ts";
import type { Signal } from "./signal.ts";
import type { StepOutcome, Usage } from "./step.ts";
import type { Noted } from "./trace.ts";

/** A turn in the hands of a worker. Its `epoch` goes with every write; a later take makes this hold worthless. */
export type TakenTurn = {
  readonly id: TurnId;
  readonly epoch: number;
  readonly conversation: ConversationId;
  /** Frozen when the turn is made; the reply goes here and nowhere else. */
  readonly address: Address;
  /** The one person whose messages these are. */
  readonly person: Person;
  /** Those of the conversation when the turn was made; where it has none, the project of the schedule that asks. */
  readonly project: ProjectId | null;
  readonly branch: BranchId | null;
  /** Whose words the messages hold: the person's, by their role, or an outsider's as soon as one of them does. */
  readonly origin: Origin;
  /** At least one, oldest first. Those that were deleted are left out, unless all were. */
  readonly messages: readonly Message[];
  /** When the first of them was stored: since then somebody waits. */
  readonly waitedFrom: Date;
  /** Whom the messages are addressed to, else the agent that the conversation is pinned to. */
  readonly pinned: AgentId | null;
  /** True when a stop reached the turn before this take; it is settled as stopped without a run. */
  readonly cancelled: boolean;
  /** How often the turn was taken before and not settled: crashes and lost leases. */
  readonly attempts: number;
};

export type StepRecord = {
  readonly agent: AgentId;
  readonly reply: string;
  readonly code: string | null;
  readonly model: string | null;
  readonly usage: Usage;
  readonly calls: readonly ModelCall[];
  readonly tools: readonly string[];
  readonly startedAt: Date;
  readonly endedAt: Date;
};

/** A step that is done, and where it stands in the turn. */
export type FinishedStep = {
  /**
   * Part and step, from 0: `0/1` is the second step, and `0/1.0` its first delegate; `2/0` begins a plan's third
   * part. `0/1s` ended its part in the place of what could not be done: no outcome of whom it should have gone to is there.
   */
  readonly place: string;
  readonly outcome: StepOutcome;
  readonly startedAt: Date;
  readonly endedAt: Date;
};

export type KeptSteps = { readonly route: Route; readonly steps: readonly FinishedStep[] };

/** All that a turn leaves behind, written in one transaction. */
export type Settlement = {
  readonly state: "done" | "failed" | "cancelled";
  readonly route: Route | null;
  readonly steps: readonly StepRecord[];
  /** The one visible result. `agent` is null when Nova itself speaks. */
  readonly reply: {
    readonly agent: AgentId | null;
    readonly text: string;
    readonly note: ReplyNote;
    /** True: it rests on what nobody vouches for. */
    readonly tainted?: boolean;
    /** True: and it read nothing of that itself, see Message. */
    readonly retold?: boolean;
  };
  /** Why no agent could, as the reply says it; absent where one could, or none was asked. */
  readonly failure?: FailCode;
  /** Buttons under the reply; none when left out. */
  readonly actions?: readonly Action[];
  /** What of the reply's text shows proposals, word by word: it is replaced there when something changes. Absent: nothing. */
  readonly card?: string;
  /** At least one, in order. */
  readonly parts: readonly RenderedPart[];
  readonly keep: readonly NewMemory[];
  readonly forget: readonly ItemId[];
  /** Items that the answer cites. */
  readonly cited: readonly ItemId[];
  /** Effects that were proposed; those that the trust rule decided are woken with the settlement. */
  readonly proposals?: readonly NewProposal[];
  readonly signals?: readonly Signal[];
  /** Set by /agent: pins the conversation, or with null frees it. Absent: unchanged. */
  readonly pin?: AgentId | null;
};

export type Settled =
  /** Done: nothing more waits in the conversation, and the call that it is served for has ended with the turn. */
  | { readonly kind: "settled"; readonly reply: Message; readonly done: boolean }
  /** A stop arrived first: nothing was written but what calls came to, and only a cancelled ending will be taken. */
  | { readonly kind: "stopped" }
  /** Another take raised the epoch: nothing was written but what calls came to. */
  | { readonly kind: "lost" };

export interface Turns {
  /**
   * Takes the conversation's unfinished turn (raising its epoch), or makes one of its waiting messages: the oldest and
   * those of the same person behind it that belong together with it (see `together`). Undefined when nothing waits.
   */
  take(conversation: ConversationId): Promise<TakenTurn | undefined>;
  /** Takes the conversation's unfinished turn and never makes one. */
  retake(conversation: ConversationId): Promise<TakenTurn | undefined>;
  /** Appends to the trace. False when the hold is lost; nothing is written then. */
  trace(turn: TakenTurn, events: readonly Noted[]): Promise<boolean>;
  /** Keeps what was read of a message's files. False when the hold is lost; nothing is written then. */
  noteFiles(turn: TakenTurn, message: MessageId, files: readonly MessageFile[]): Promise<boolean>;
  /**
   * Keeps what a step came to that does not end the turn, so that no later take runs it again; its calls are settled with
   * it. False when the hold is lost; nothing is written then, but what calls came to.
   */
  noteStep(turn: TakenTurn, step: FinishedStep, route: Route): Promise<boolean>;
  /** The steps that earlier takes kept, in order, and the route that they belong to; undefined when there are none. */
  steps(turn: TakenTurn): Promise<KeptSteps | undefined>;
  /** Asks a running turn to stop, wherever it runs; it sees that at its next check. False when it does not run any more. */
  stop(turn: TurnId): Promise<boolean>;
  /** Those of the same person that run in other conversations of this turn's container and were asked before it. */
  runningBeside(turn: TakenTurn): Promise<readonly TurnId[]>;
  /**
   * Keeps the route of a turn that answers the question of this one, in its own conversation or beside it. False when
   * another turn was faster, or the hold is lost; nothing is written then.
   */
  answer(turn: TakenTurn, question: TurnId, route: Route): Promise<boolean>;
  /** Whether the hold is still good and whether a stop has arrived. */
  check(turn: TakenTurn): Promise<"held" | "stopped" | "lost">;
  /**
   * Reply, parts, steps, memory, pin, end and its trace, in one transaction; also enqueues the delivery. `events` are those
   * of the trace that were not written yet; they are when the turn is settled.
   */
  settle(turn: TakenTurn, settlement: Settlement, events?: readonly Noted[]): Promise<Settled>;
  /**
   * Hands the turn back unfinished, as the last thing that is done with a hold: the next take is no further attempt.
   * A suspect is one of several that were interrupted as often, and waits until it can run without them; that is not
   * traced. False when the hold was lost before.
   */
  release(turn: TakenTurn, why: "shutdown" | "suspect"): Promise<boolean>;
  /** Notes in the trace of an ended turn of this person what was learned of it; the same thing once. */
  learn(turn: TurnId, person: Person, what: string): Promise<void>;
  /** Conversations with waiting messages or unfinished turns: each needs a call. */
  unfinished(): Promise<readonly ConversationId[]>;
}

/** How far a message has come, for a sender who asks. */
export type MessageState = {
  readonly id: MessageId;
  readonly state: "waiting" | "running" | "done" | "failed" | "cancelled";
  readonly turn: TurnId | null;
  readonly reply: Message | null;
  /** How the reply's parts fare: the worst of them. Null while there is none. */
  readonly delivery: "ready" | "sending" | "sent" | "unknown" | "failed" | null;
  /** Why no agent could, as a code; absent where none of them said so. */
  readonly failure?: string;
  /** What was asked for and became no proposal, in order; absent where there is nothing of the kind. */
  readonly leftOut?: readonly LeftOut[];
  /** The agent that the message calls as a component; absent for every other message, and where nobody looks for it. */
  readonly called?: AgentId;
};

/** An effect that an agent asked for and that nobody will decide on. */
export type LeftOut = {
  readonly verb: string;
  /** `draft`, `denied_before`, or why it was refused: a Denial, `missing`, `input`, `unbound`, `uncanonical`. */
  readonly why: string;
};

/** A message that came in, and how far it has come. */
export type Arrived = { readonly message: Message; readonly state: MessageState };

/** A turn that has ended, for whoever presses a button under its reply. */
export type PastTurn = {
  readonly id: TurnId;
  readonly address: Address;
  readonly route: Route | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly reply: Message;
  readonly project: ProjectId | null;
  /** True when its words were handed to an agent since: by a button, or by answering Nova's question. */
  readonly handedOn: boolean;
};

/** A turn that has ended in another conversation, for whoever looks there for what words are about. */
export type PastExchange = {
  readonly turn: TurnId;
  readonly conversation: ConversationId;
  readonly route: Route;
  readonly at: Date;
  /** True: it ended with a question, and neither there nor beside it was anything said to it. */
  readonly isOpen: boolean;
};

/** The message key of the words of a turn when they are asked again of another agent: that happens once. */
export const againKey = (turn: TurnId): string => `use:${turn}`;

/** Where somebody was heard on a platform, for a channel that looks for what it missed. */
export type Heard = {
  readonly container: string;
  /** Null as well when places are asked for and not conversations. */
  readonly root: string | null;
  /** The newest key that the platform gave; null when nothing but commands and clicks came in. */
  readonly key: string | null;
  /** When something came in last. */
  readonly at: Date;
  /** Since when the person has their newest account on the platform: what was written before was no person's. */
  readonly linkedAt: Date;
};

export type HeardQuery = {
  /** Heard at or after this, and before that: what comes in while one looks tells nothing of what was missed. */
  readonly from: Date;
  readonly to: Date;
  readonly each: "place" | "conversation";
  readonly most: number;
};

/** What was said. Read by turns, by /why and by channels that show history. */
export interface Transcript {
  /**
   * The newest `limit` messages of the turns before this one, oldest first, with what was read of their files, of older
   * ones only the beginnings, and without those that were deleted or said aside. Counted by turns, not by message ids: what
   * was written while the last answer was on its way follows that answer.
   */
  before(conversation: ConversationId, person: Person, turn: TurnId, limit: number): Promise<readonly Message[]>;
  /** The same with the messages of this turn, which has ended: they are the newest of them, whatever was said since. */
  upTo(conversation: ConversationId, person: Person, turn: TurnId, limit: number): Promise<readonly Message[]>;
  /** The reply of the turn that took this message; undefined while there is none, or when it is not this person's. */
  replyTo(message: MessageId, person: Person): Promise<Message | undefined>;
  /** Whether something of the turn is approved and being done, or done and not told yet: its reply will read otherwise. */
  isUnderWay(turn: TurnId, person: Person): Promise<boolean>;
  /** Of what this person said at this platform and scope; undefined for every other message, also one that is not there. */
  stateOf(
    message: MessageId,
    person: Person,
    at: Pick<Address, "platform" | "scope">,
  ): Promise<MessageState | undefined>;
  /** The newest `limit` of what this person said at this platform and scope, in whichever conversations, oldest first. */
  cameIn(at: Pick<Address, "platform" | "scope">, person: Person, limit: number): Promise<readonly Arrived[]>;
  /**
   * Private places or conversations of one platform and scope, whoever's they are, the one that was heard last first.
   * Without those of people who have no account there any more or are blocked, and those that only commands are given in.
   */
  heardAt(at: Pick<Address, "platform" | "scope">, query: HeardQuery): Promise<readonly Heard[]>;
  /** Messages after a cursor, oldest first, at most `limit`; with no cursor the newest `limit`. */
  at(address: Address, person: Person, after: MessageId | null, limit: number): Promise<readonly Message[]>;
  /** The route of the last turn before this one that was no command, for /why and stickiness. */
  lastRoute(
    conversation: ConversationId,
    person: Person,
    before: TurnId,
  ): Promise<{ readonly turn: TurnId; readonly route: Route; readonly at: Date } | undefined>;
  /**
   * The same of this person's turns in the other conversations of this turn's container, for /why where nothing was
   * answered yet. Before others only of those in shared ones.
   */
  lastRouteBeside(turn: TakenTurn): ReturnType<Transcript["lastRoute"]>;
  /**
   * What this person was answered in the other conversations of this turn's container since then, in the same project and
   * branch and, before others, only in shared ones; the newest first, at most twenty. Without commands and what was taken back.
   */
  exchangesBeside(turn: TakenTurn, since: Date): Promise<readonly PastExchange[]>;
  /** The turn in another conversation that has answered the question of this one, also while it runs. */
  answeredBeside(
    question: TurnId,
    person: Person,
  ): Promise<{ readonly turn: TurnId; readonly route: Route } | undefined>;
  /** `another's` for a turn that the person can only read along with; undefined while it runs, and when there is none. */
  turnOf(turn: TurnId, person: Person): Promise<PastTurn | "another's" | undefined>;
}

/** What channels show of a reply while it is being written, so that a restart or another process goes on with it. */
export interface Drafts {
  /** What was noted for the turn; null when nothing was. */
  of(turn: TurnId): Promise<string | null>;
  /**
   * Notes where the unfinished reply is shown: the adapter's own words, readable to it alone and without secrets. False
   * when the turn does not run in this process any more; nothing is noted then.
   */
  note(turn: TurnId, draft: string): Promise<boolean>;
}

/** Where the notes are kept: rows in postgres/turns/draft-notes.ts. turn/held-drafts.ts makes Drafts of it. */
export interface DraftNotes {
  of(turn: TurnId): Promise<string | null>;
  /** A compare-and-set on the epoch, as all that is written of a turn. */
  note(turn: TakenTurn, draft: string): Promise<boolean>;
}
