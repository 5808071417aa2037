/** A message that its author changed or took back after it was sent. Stored as a version; it opens no turn. */
import type { Address } from "./address.ts";
import type { ExternalId } from "./person.ts";

export type Revision = {
  /** The platform's id of this delivery: the same one put twice is one version. */
  readonly deliveryKey: string;
  /** That of the message, as its inbound had it. */
  readonly messageKey: string;
  readonly address: Address;
  /** Null only of a deletion whose author the platform does not tell: its word for it is proof enough. */
  readonly sender: ExternalId | null;
  /** The new text; null when the message was deleted. */
  readonly text: string | null;
  readonly at: Date;
};

export type Revised =
  /** `read` is true when a turn had taken the message before: what was answered is answered. */
  | { readonly kind: "revised"; readonly read: boolean }
  /** Stored before, or no change. */
  | { readonly kind: "seen" }
  /** No such message of this account: an edit that came before its message, or of what was never stored. */
  | { readonly kind: "unknown" };

/** Rows in postgres/turns/revisions.ts. */
export interface Revisions {
  /**
   * Resolves the sender and stores the version, in one transaction. Idempotent by delivery key, by text, and by time: one
   * that is older than what is stored changes nothing. While the message waits, its turn reads the newest text. What was
   * deleted is read by no later turn, and what memory kept of this message alone is forgotten.
   */
  revise(revision: Revision): Promise<Revised>;
}
