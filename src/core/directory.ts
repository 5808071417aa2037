/** Who is known, by which accounts, and from whom nothing is taken. Implemented in postgres/people/directory.ts. */
import type { PersonId, TenantId, TurnId } from "./ids.ts";
import type { ExternalId, Person } from "./person.ts";

export type Account = ExternalId & { readonly state: "linked" | "blocked"; readonly linkedAt: Date };

export type Known = {
  readonly person: Person;
  /** True when nothing is taken from them, whichever account they write from. */
  readonly blocked: boolean;
  readonly accounts: readonly Account[];
};

/** A person, or one account of whoever has it. */
export type Whom = PersonId | ExternalId;

export type Claimed = {
  /** Not linked: they stay blocked. */
  readonly blocked: readonly ExternalId[];
  /** Linked, and until now somebody else's. */
  readonly moved: readonly { readonly account: ExternalId; readonly from: PersonId }[];
};

export interface Directory {
  /** Everybody, in the order in which they came. */
  known(tenant: TenantId): Promise<readonly Known[]>;
  /** The accounts from which a person wrote what the turn is about. */
  wroteFrom(turn: { readonly id: TurnId; readonly person: Person }): Promise<readonly ExternalId[]>;
  /** Accounts of nobody from which nothing is taken. */
  shutOut(): Promise<readonly ExternalId[]>;
  /**
   * Links accounts that the installation's settings name, whoever had them before: settings are the operator's own word.
   * Returns what the operator may not expect.
   */
  claim(accounts: readonly ExternalId[], person: PersonId): Promise<Claimed>;
  /**
   * Takes an account away from its person, also in the middle of a turn: what it still waits for is not answered. Returns
   * whose it was; undefined when it was nobody's. A blocked one stays blocked. With the account of the page its person is
   * signed out of all browsers; one that the installation vouches for anew each time is a `bad_input` NovaError.
   */
  unlink(account: ExternalId): Promise<Person | undefined>;
  /**
   * From now on nothing is taken from them, what waits or runs is not answered, and browsers are signed out. The owner, and
   * an account of the owner, is a `forbidden` NovaError.
   */
  block(whom: Whom): Promise<void>;
  /** False when they were not blocked. */
  unblock(whom: Whom): Promise<boolean>;
  /** Holds from the next turn that is taken. The owner's role is a `forbidden` NovaError. */
  changeRole(person: PersonId, role: "member" | "guest"): Promise<Person>;
}
