/** Where the answer of a turn was weak, kept for the review of runs: codes and counts, never a person's words. Rows in postgres/signals.ts. */
import type { AgentId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";
import type { Scope } from "./scope.ts";

export const SIGNALS = [
  /** The answer check found something; `code` says what, `outcome` whether it was mended, weakened or failed. */
  "breach",
  /** The person said that it was wrong, or that another agent should have answered. */
  "correction",
  /** A tool or effect was asked for that the agent does not hold, or nobody has. */
  "missing_tool",
  /** A hand-off, tool or proposal was refused. */
  "refused",
] as const;

export type Signal = {
  readonly kind: (typeof SIGNALS)[number];
  readonly agent: AgentId | null;
  /** For instance `figure`, `done_claim`, `fetch_page`. At most 100 characters. */
  readonly code: string;
  /** At most 100 characters. */
  readonly outcome: string | null;
};

export interface Signals {
  /** Adds to those of an ended turn; the same one twice is one. */
  add(turn: TurnId, person: Person, signal: Signal): Promise<void>;
  /** Newest first. */
  list(scope: Scope, limit: number): Promise<readonly (Signal & { readonly turn: TurnId; readonly at: Date })[]>;
}
