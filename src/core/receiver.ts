/** Where signed webhooks go, and how each one fares. Implemented in postgres/effects. */
import type { PersonId, TenantId } from "./ids.ts";
import type { Effect } from "./effect.ts";
import type { Person } from "./person.ts";

export type Receiver = {
  readonly id: string;
  /** Unique in the tenant: lower-case letters, digits and hyphens, at most 63. */
  readonly name: string;
  readonly url: string;
  readonly state: "active" | "disabled";
  /** A code: `gone` when it asked for no more, `failing` when nothing arrived for days. */
  readonly disabledWhy: string | null;
  readonly createdAt: Date;
  /** Since when every attempt failed, with no QUIET_MS in between; null while it works. */
  readonly failingSince: Date | null;
};

/** Longer than the longest pause before another attempt. Where so long nothing was tried, what failed before counts no more. */
export const QUIET_MS = 30 * 3_600_000;

export interface Receivers {
  /** In the order of their names. */
  all(tenant: TenantId): Promise<readonly Receiver[]>;
  named(tenant: TenantId, name: string): Promise<Receiver | undefined>;
  /** The secret, `whsec_…`, is shown this once. A name that is taken is a `bad_input`. */
  add(person: Person, name: string, url: string): Promise<{ readonly receiver: Receiver; readonly secret: string }>;
  /** A fresh secret; both sign until `graceUntil`. It is active again, too. Undefined when there is none. */
  rotate(
    tenant: TenantId,
    name: string,
    graceUntil: Date,
  ): Promise<{ readonly receiver: Receiver; readonly secret: string } | undefined>;
  /** What waits for it is given up, and is `untold`. False when there is none. */
  remove(tenant: TenantId, name: string): Promise<boolean>;
  /** Every secret that signs at this moment, newest first. */
  secrets(receiver: Receiver, tenant: TenantId): Promise<readonly string[]>;
}

export type WebhookPostState = "waiting" | "delivered" | "failed";

export type WebhookPost = {
  readonly id: string;
  readonly receiver: string;
  readonly event: string;
  readonly state: WebhookPostState;
  readonly attempts: number;
  /** How the last attempt ended: a status such as `503`, or a code. */
  readonly lastCode: string | null;
  readonly createdAt: Date;
  readonly lastAt: Date | null;
  /** Null when nothing is to come. */
  readonly nextAt: Date | null;
};

/** An attempt that this process alone may make. */
export type ClaimedPost = {
  readonly id: string;
  readonly tenant: TenantId;
  readonly person: PersonId;
  /** `failures`: how many attempts ended since `failingSince`; both tell nothing any more where it was quiet for long. */
  readonly receiver: Pick<Receiver, "id" | "name" | "url" | "failingSince"> & { readonly failures: number };
  /** The same over all attempts. */
  readonly webhookId: string;
  readonly event: string;
  readonly body: string;
  /** Attempts before this one; also the claim's number. */
  readonly attempts: number;
  /** Those since it was stored or replayed: they say where it stands in its schedule. */
  readonly tries: number;
  readonly secrets: readonly string[];
};

export type Attempted =
  | { readonly kind: "delivered"; readonly code: string }
  /** Tried again at this time; until `heldUntil` nothing else goes to the receiver either. */
  | { readonly kind: "later"; readonly code: string; readonly at: Date; readonly heldUntil: Date | null }
  /** Nova itself stopped in between: as if it had not been made, and made again. */
  | { readonly kind: "stopped"; readonly code: string; readonly at: Date }
  | { readonly kind: "failed"; readonly code: string }
  /** The receiver gets nothing more: what waits for it has failed. */
  | { readonly kind: "disabled"; readonly code: string; readonly why: string };

/** A post that was given up. */
export type GivenUp = {
  readonly id: string;
  readonly tenant: TenantId;
  /** Who asked for it. */
  readonly person: PersonId;
  readonly receiver: string;
  /** What the receiver is now. */
  readonly is: Receiver["state"] | "removed";
  readonly event: string;
  readonly attempts: number;
  /** `disabled` and `removed`: it had not failed by itself. */
  readonly code: string;
};

export interface WebhookPosts {
  /** Stored once by its key; undefined when the receiver is gone or disabled. */
  put(
    effect: Pick<Effect, "tenant" | "person" | "project" | "branch">,
    post: { readonly key: string; readonly receiver: string; readonly event: string; readonly body: string },
  ): Promise<"stored" | "seen" | undefined>;
  keyed(key: string, tenant: TenantId): Promise<WebhookPost | undefined>;
  /** Those that may be tried now, claimed for so long; at most `most`. */
  claim(now: Date, most: number, forMs: number): Promise<readonly ClaimedPost[]>;
  /** False when another process has claimed it since: nothing is written then. */
  record(claimed: ClaimedPost, attempted: Attempted): Promise<boolean>;
  /** Whatever was given up, by an attempt, with its receiver or without it, and nobody was told of; oldest first. */
  untold(): Promise<readonly GivenUp[]>;
  told(given: readonly GivenUp[]): Promise<void>;
  /** In how many milliseconds something is due, 0 for now; undefined when nothing waits. */
  dueIn(now: Date): Promise<number | undefined>;
  /** Newest first; of one receiver when it is named. */
  list(
    tenant: TenantId,
    query: { readonly receiver?: string; readonly limit: number },
  ): Promise<readonly WebhookPost[]>;
  /** Tried anew from the beginning, with the same id. Undefined when there is no such post that has ended. */
  replay(id: string, tenant: TenantId, now: Date): Promise<WebhookPost | undefined>;
}
