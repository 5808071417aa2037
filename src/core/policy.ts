/** What the kernel is asked and answers. Implemented as pure functions in src/policy, over closed types. */
import type { AgentSpec } from "./agent.ts";
import type { Effect, Landing } from "./effect.ts";
import type { ProjectId } from "./ids.ts";
import type { Origin } from "./message.ts";
import type { Role } from "./person.ts";
import type { Stakes, Trust } from "./trust.ts";

/**
 * Where a change lands, seen from where its turn works; each is wider than the one before. `within`: there, or among the
 * person's own rows of no project. `named`: in another place that they may work in, and that stands in their own words.
 * `across`: in such a place that they did not name. `beyond`: where they or the agent have nothing to change.
 */
export const EXTENTS = ["within", "named", "across", "beyond"] as const;
export type Extent = (typeof EXTENTS)[number];

/** All of it by ids that code has bound; nothing here is read from a model. */
export type ScopeAsk = {
  /** Where the turn works, and for whom. */
  readonly run: Landing;
  readonly lands: Landing;
  /** The projects that the person may work in. */
  readonly open: readonly ProjectId[];
  /** What the agent's file lets it read: one that knows the conversation alone changes nothing elsewhere. */
  readonly reads: AgentSpec["reads"];
  /** It changes a row that is there, found by code among all of the person's own: no agent has to know the place for that. */
  readonly existing: boolean;
  /** The person named the place where it lands, or what is there, in their own words. */
  readonly named: boolean;
};

export type PolicyAsk = {
  /** The agent's for this verb in this scope. */
  readonly trust: Trust;
  readonly stakes: Stakes;
  /** Whose words the turn answers. */
  readonly origin: Origin;
  /** The person on whose behalf it is. */
  readonly role: Role;
  /** The step has read words that nobody vouches for. */
  readonly tainted: boolean;
  /** `none`: it goes nowhere; `own_words`: the person named where it goes; `unnamed`: they did not. */
  readonly destination: "none" | "own_words" | "unnamed";
  /** Where the change lands. What goes out to others has a destination, and lands where its turn works. */
  readonly scope: Extent;
  /** The agent's file grants the verb, and the verb is open to the domain. */
  readonly granted: boolean;
};

/** `unweighed`: what was asked is none of the known cases, or the kernel failed; nothing is done then. */
export const DENIALS = ["not_granted", "scope", "origin", "role", "watch_only", "read_only", "unweighed"] as const;
export type Denial = (typeof DENIALS)[number];

export type Verdict =
  | { readonly kind: "allow" }
  /** Done at once and told: reversible and inside the envelope. */
  | { readonly kind: "tell" }
  /** A person decides; `fresh`: in a fresh login or on a terminal, typing what it is about. */
  | { readonly kind: "approve"; readonly fresh: boolean; readonly because: readonly Cause[] }
  /** Shown as a draft; nobody can carry it out from here. */
  | { readonly kind: "draft" }
  | { readonly kind: "deny"; readonly why: Denial };

/** Why a person has to look. */
export type Cause = "trust" | "stakes" | "taint" | "destination" | "scope" | "origin";

export type DecideAsk = {
  readonly role: Role;
  /** Who decides is who asked for it. */
  readonly own: boolean;
  /** Who decides is named as an approver. */
  readonly named: boolean;
  readonly stakes: Stakes;
  readonly tainted: boolean;
  /** False: its card holds something that nobody can see for certain. */
  readonly readable: boolean;
  /** How it was said: on a channel's card, by the operator at the terminal, or by no person at all. */
  readonly via: "card" | "terminal" | "agent";
};

/** An effect in the one form in which it is stored, shown and carried out. */
export type Canonical =
  /** `digest`: SHA-256 of its canonical JSON (RFC 8785), 64 hexadecimal digits. */
  | { readonly kind: "canonical"; readonly effect: Effect; readonly digest: string }
  /** `reason`: a sentence for people. */
  | { readonly kind: "refused"; readonly reason: string };

/** None of these throws: what cannot be weighed is denied. */
export interface Policy {
  weigh(ask: PolicyAsk): Verdict;
  scopeOf(ask: ScopeAsk): Extent;
  /** Whether this person may decide on a proposal in this way. */
  mayDecide(ask: DecideAsk): "yes" | "terminal_only" | "no";
  /** The same for the same effect, whatever the order of its fields; whoever carries one out compares the digests. */
  canonical(effect: Effect): Canonical;
}
