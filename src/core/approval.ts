/** Effects that wait for a person: proposals, decisions, and what came of them. Rows in postgres/effects/proposals.ts. */
import type { Address } from "./address.ts";
import type { Card, Pressed } from "./card.ts";
import type { CardLine, Effect } from "./effect.ts";
import type { AgentId, MessageId, PersonId, ProposalId, TurnId } from "./ids.ts";
import type { JsonObject } from "./json.ts";
import type { Person } from "./person.ts";
import type { Cause } from "./policy.ts";
import type { Stakes, Taint, Trust } from "./trust.ts";

/** Nova's work stops at `pending`; a person's decision or the trust rule makes it `approved`. */
export type ProposalState = "pending" | "approved" | "denied" | "expired" | "withdrawn";
/** What became of the approved effect. `claimed`: on its way. `unknown`: may have happened, and a person was told. */
export type EffectState = "waiting" | "claimed" | "done" | "failed" | "unknown";

export type NewProposal = {
  /** Reserved before, so that the card's buttons can name it. */
  readonly id: ProposalId;
  readonly agent: AgentId;
  /** Those that handed the wish on before it came to the agent: none of them may do more through it than by itself. */
  readonly handedBy: readonly AgentId[];
  /** What the agent filled in; a person may change it, and then it is bound anew. */
  readonly input: JsonObject;
  readonly effect: Effect;
  readonly digest: string;
  /** What the agent says about it, Markdown, at most 2,000 characters; shown below the card and marked as such. */
  readonly said: string;
  readonly stakes: Stakes;
  readonly trust: Trust;
  readonly taints: readonly Taint[];
  /** Empty when the trust rule has decided. */
  readonly because: readonly Cause[];
  /** Decided by the trust rule: carried out at once and told. */
  readonly decided: boolean;
  /** The very same that waits for a person, and need not any more: it is withdrawn with this. */
  readonly replaces?: ProposalId;
  /** Whoever may decide besides the owner and, where the kernel allows it, the person who asked. */
  readonly approvers: readonly PersonId[];
  readonly expiresAt: Date;
};

export type Proposal = Omit<NewProposal, "decided" | "replaces"> & {
  readonly turn: TurnId;
  readonly person: Person;
  /** Where it was asked for, and where its card stands. */
  readonly address: Address;
  readonly createdAt: Date;
  /** Raised by every edit; an older card decides nothing. */
  readonly version: number;
  /** The name of who changed it last, where that is not who asked. Absent: nobody has, or they did so themselves since. */
  readonly changedBy?: string;
  /** Somebody other than who asked has changed it at any time: words in it may be theirs still. */
  readonly othersWords?: true;
  readonly state: ProposalState;
  readonly decision: {
    /** Null: the trust rule, or time. */
    readonly by: Person | null;
    readonly at: Date;
    /** `slack`, `web`, `terminal`, `rule`, `expiry`. */
    readonly via: string;
  } | null;
  /** Null until it is approved. */
  readonly fate: { readonly state: EffectState; readonly told: string | null; readonly at: Date } | null;
  /** Messages that show its card, to be kept true. */
  readonly shownIn: readonly MessageId[];
};

export type Decision = {
  readonly proposal: ProposalId;
  /** Of the effect that the card showed; an edited one has another. */
  readonly digest: string;
  readonly verdict: "approve" | "deny";
  readonly by: Person;
  /** A platform's name or `terminal`. */
  readonly via: string;
};

export type Decided =
  | { readonly kind: "decided"; readonly proposal: Proposal }
  /** Somebody, or time, was faster. */
  | { readonly kind: "late"; readonly proposal: Proposal }
  /** The effect was changed since the card was drawn. */
  | { readonly kind: "changed"; readonly proposal: Proposal }
  | { readonly kind: "not_found" };

export interface Proposals {
  /** Fresh ids, in order. */
  reserve(count: number): Promise<readonly ProposalId[]>;
  /** What this person may see of it: their own, those they may decide on, and all for the owner. */
  get(id: ProposalId, viewer: Person): Promise<Proposal | undefined>;
  /** Pending ones that this person may see, oldest first; with `all` the newest `limit` of every state. */
  list(viewer: Person, query?: { readonly all?: boolean; readonly limit?: number }): Promise<readonly Proposal[]>;
  /** Of each of these effects the newest proposal that is pending or was denied at or after `since`, where there is one. */
  alike(digests: readonly string[], person: Person, since: Date): Promise<readonly Proposal[]>;
  /** Those whose cards a message shows, and may show still, that this person may see; oldest first. */
  shownIn(message: MessageId, viewer: Person): Promise<readonly (Proposal & Pick<ShownProposal, "isTold">)[]>;
  /**
   * One compare-and-set: pending, not expired, the same digest. Whether the person may is asked before. With an approval the
   * effect is woken in the same transaction. Any number at once: one wins.
   */
  decide(decision: Decision): Promise<Decided>;
  /** Another effect in its place, with a digest of its own; the old card decides nothing from then on. */
  edit(
    id: ProposalId,
    digest: string,
    edited: { readonly input: JsonObject; readonly effect: Effect; readonly digest: string; readonly stakes: Stakes },
    by: Person,
  ): Promise<Decided>;
  /** Notes that a message shows its card. */
  shown(proposal: Pick<Proposal, "id" | "person">, message: MessageId): Promise<void>;
}

/** A proposal as people read it; the agent's own words stand below, marked as such. */
export type ProposalCard = {
  readonly title: string;
  readonly lines: readonly CardLine[];
  /** False: something in it cannot be shown for certain; it is not decided by a click. */
  readonly readable: boolean;
};

/** A proposal as it stands now, for programs: what it is about, in the words of its card, and how far it has come. */
export type ShownProposal = Pick<Proposal, "id" | "state" | "expiresAt" | "fate"> & {
  readonly title: string;
  /** False: the messages that show it do not say yet how it stands. */
  readonly isTold: boolean;
};

/** Somebody's word on a proposal: by a button, a command or the terminal. */
export type Say = {
  readonly proposal: ProposalId;
  readonly verdict: "approve" | "deny";
  /** How the digest of the effect begins that they were shown: 16 hexadecimal digits at least. */
  readonly digest: string;
  readonly by: Person;
  /** A platform's name or `terminal`. */
  readonly via: string;
  /** What they typed, where something has to be typed. */
  readonly typed?: string;
};

/**
 * Decisions with everything checked that there is to check; the one way to `Proposals.decide`. Made by
 * turn/approval/decide.ts.
 */
export interface Approvals {
  /** Never throws: where nothing can be looked up or written, nothing is decided, and the answer says so. */
  say(say: Say): Promise<Pressed>;
  /** What has to be typed on a terminal to approve it; null: a yes will do. */
  mustType(proposal: Proposal): string | null;
}

/** The same, and what a person needs for it who sits at no card: the operator's verbs. Made by turn/approval/decisions.ts. */
export interface Decisions extends Approvals {
  /** Written by code from the stored effect. */
  cardOf(proposal: Proposal): ProposalCard;
  /** As this person would read it in a conversation. */
  show(proposal: Proposal, reader: Person): Promise<Card>;
  mayDecide(proposal: Proposal, person: Person, via: string): "yes" | "terminal_only" | "no";
  /** Binds anew what is changed, by the names of the fields. Never throws. */
  change(say: Omit<Say, "verdict" | "typed">, fields: Readonly<Record<string, string>>): Promise<Pressed>;
}
