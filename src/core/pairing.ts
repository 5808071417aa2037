/** Strangers who ask to be let in, and the owner's word on it. Implemented in postgres/people/pairing.ts. */
import type { PersonId } from "./ids.ts";
import type { ExternalId, Person } from "./person.ts";

/** What an account that nobody is linked to asked for. */
export type Pairing = {
  readonly account: ExternalId;
  /** As the platform names the sender: a stranger's words, one short line. */
  readonly name: string | null;
  /** Names the request, for instance `K7QX2M`; grants nothing to whoever knows it. */
  readonly code: string;
  readonly askedAt: Date;
};

export type Approved =
  | {
      readonly kind: "approved";
      readonly account: ExternalId;
      readonly person: Person;
      /** True when nobody of that name was known before. */
      readonly added: boolean;
    }
  /** The name of somebody new is this person's already; the request goes on waiting. */
  | { readonly kind: "taken"; readonly person: Person }
  /** Nobody of that name is known who could be joined; the request goes on waiting. */
  | { readonly kind: "nobody" }
  /** An owner's accounts are joined by a code of theirs alone; the request goes on waiting. */
  | { readonly kind: "owners" }
  /** No request waits under this code: it never did, is too old, or was decided. */
  | { readonly kind: "none" };

/** Who is behind an account that asks. */
export type PairingAs =
  | { readonly kind: "new"; readonly name: string; readonly role: "member" | "guest" }
  /** Somebody who is known, by another account or by none yet, and keeps the role. */
  | { readonly kind: "known"; readonly name: string };

export interface Pairings {
  /**
   * Notes that an unknown account asks. The code of its request, to be told at most once an hour: undefined when it was
   * given out since, or when the owner turned the account away. Requests are forgotten after a week; of more than a hundred
   * the oldest are, so that strangers cannot fill the table.
   */
  ask(account: ExternalId, name: string | null): Promise<string | undefined>;
  /** What waits for a decision, newest first. */
  waiting(): Promise<readonly Pairing[]>;
  /**
   * Links the request's account, and nothing else, to somebody new or to somebody known, whichever is said: a name that is
   * mistyped or happens to be another's gives nobody's memory away. Decided once however many decide at the same time, and
   * only by an owner: a `forbidden` NovaError for everyone else. Somebody who is blocked is a `bad_input` NovaError, and the
   * request goes on waiting.
   */
  approve(code: string, who: PairingAs, by: PersonId): Promise<Approved>;
  /** Turns the request away: its account gets no hint for a week. Undefined when none waits under this code. */
  reject(code: string, by: PersonId): Promise<Pairing | undefined>;
}
