/** What a person said about whom their words are for: the router goes by it and learns from it. Rows in postgres/labels.ts. */
import type { AgentId, LabelId, TenantId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";
import type { Place } from "./scope.ts";

export const LABEL_SOURCES = [
  /** The button under an answer, and the agent that was chosen then. */
  "wrong_agent",
  /** The answer to Nova's question which agent is meant. */
  "clarified",
  /** `/wrong <agent>`. */
  "command",
] as const;

export type NewLabel = {
  /** Those of the route. */
  readonly words: string;
  readonly wanted: AgentId;
  /** Who had answered; null when Nova had only asked. */
  readonly given: AgentId | null;
  readonly source: (typeof LABEL_SOURCES)[number];
};

export type RouteLabel = NewLabel & {
  readonly id: LabelId;
  /** The turn that the words were said in. */
  readonly turn: TurnId;
  readonly at: Date;
};

/** What the router may learn of it. */
export type Taught = { readonly agent: AgentId; readonly text: string };

export interface RouteLabels {
  /** At most 500 characters of the words are kept; what is said last of a turn counts. Nothing for words without a letter. */
  note(turn: TurnId, person: Person, label: NewLabel): Promise<void>;
  /** What this person said last of these very words, capitals and marks aside, as far as it can be seen there. */
  find(
    person: Person,
    where: Place,
    words: string,
  ): Promise<{ readonly agent: AgentId; readonly at: Date } | undefined>;
  /** A person's own, newest first. */
  list(person: Person, most: number): Promise<readonly RouteLabel[]>;
  /** False when the person has no such label. */
  remove(person: Person, label: LabelId): Promise<boolean>;
  /** Those of the owner and of members, newest first, without the people. */
  taught(tenant: TenantId, most: number): Promise<readonly Taught[]>;
}
