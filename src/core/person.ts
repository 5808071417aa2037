/** People and their identities (accounts on platforms). Implemented in postgres/people/people.ts. */
import type { PersonId, TenantId } from "./ids.ts";

export type Role = "owner" | "member" | "guest";
export const ROLE_RANK: Readonly<Record<Role, number>> = { guest: 0, member: 1, owner: 2 };

export type Person = {
  readonly id: PersonId;
  readonly tenant: TenantId;
  /** How Nova addresses the person; unique in the tenant, compared without case. */
  readonly name: string;
  readonly role: Role;
};

/** An account on a platform, as the platform names it. */
export type ExternalId = { readonly platform: string; readonly scope: string; readonly id: string };

/** The scope of platforms whose accounts belong to no team. */
export const EVERYWHERE_SCOPE = "global";

/** As people write it: `slack:T024BE7LD/U023BECGF`, `discord:80351110224678912`. */
export const accountText = ({ platform, scope, id }: ExternalId): string =>
  scope === EVERYWHERE_SCOPE ? `${platform}:${id}` : `${platform}:${scope}/${id}`;

/** Reads what `accountText` writes; undefined for anything else. */
export function readAccount(text: string): ExternalId | undefined {
  const [, platform, scope = EVERYWHERE_SCOPE, id] =
    /^\s*([a-z][a-z0-9-]*):(?:([^\s/:,]+)\/)?([^\s/:,]+)\s*$/.exec(text) ?? [];
  return platform && id ? { platform, scope, id } : undefined;
}

export type Identified =
  | { readonly kind: "linked"; readonly person: Person }
  | { readonly kind: "unknown" }
  | { readonly kind: "blocked" };

export type Redeemed =
  | {
      readonly kind: "linked";
      readonly person: Person;
    }
  /** Wrong, used by another account, or past its time: deliberately one answer. */
  | { readonly kind: "refused" }
  /** The account is another person's: whoever talks somebody into sending a code does not get it. The code stays good. */
  | { readonly kind: "taken" }
  | { readonly kind: "blocked" };

export interface People {
  /** The owner of this installation, created with this name when there is none. */
  owner(name: string): Promise<Person>;
  /** Adds a person; a name already taken is a `bad_input` NovaError. */
  add(tenant: TenantId, name: string, role: Role): Promise<Person>;
  named(tenant: TenantId, name: string): Promise<Person | undefined>;
  all(tenant: TenantId): Promise<readonly Person[]>;
  identify(external: ExternalId): Promise<Identified>;
  /** Links an account to a person at once, without a code: for accounts that the installation itself vouches for. */
  link(external: ExternalId, person: PersonId): Promise<void>;
  /** A one-time code for this person, good until `expiresAt`. Only its hash is stored. */
  issueCode(person: PersonId, expiresAt: Date): Promise<string>;
  /**
   * Spends a code and links the account to its person, if it is nobody else's: a code works once. The account that has become
   * that person's gets the same answer again: deliveries are repeated.
   */
  redeem(code: string, external: ExternalId, now: Date): Promise<Redeemed>;
  /** Spends a code for a browser session; the token is returned once and only its hash is stored. */
  openSession(
    code: string,
    now: Date,
    expiresAt: Date,
  ): Promise<{ kind: "open"; token: string; person: Person } | { kind: "refused" }>;
  /** The person behind a session token, or undefined when it is unknown, closed or expired. */
  session(token: string, now: Date): Promise<Person | undefined>;
  closeSession(token: string): Promise<void>;
}
