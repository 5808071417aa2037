/** What Nova does at a time: reminds, or works on words as if they were said then. Rows in postgres/schedules.ts. */
import type { Address } from "./address.ts";
import type { Rhythm, When } from "./calendar/when.ts";
import type { PersonId, ProjectId, ScheduleId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";

export type Schedule = {
  readonly id: ScheduleId;
  readonly person: Person;
  readonly project: ProjectId | null;
  /** Unique among a person's that are not done, compared without case. */
  readonly name: string;
  /** `remind` says the words to the person; `ask` works on them as if the person had said them. */
  readonly does: "remind" | "ask";
  readonly words: string;
  readonly when: When;
  /** Where it speaks; null: in private, where the person was heard last. */
  readonly address: Address | null;
  readonly state: "active" | "paused" | "done";
  /** Null when nothing is to come. */
  readonly nextAt: Date | null;
  readonly createdAt: Date;
  /** Runs in a row that failed; the person is told of the third, and of every tenth after it. */
  readonly failures: number;
};

export type NewSchedule = Pick<Schedule, "person" | "project" | "name" | "does" | "words" | "when" | "address"> & {
  /** The same key twice is one schedule. */
  readonly key: string;
};

export type ScheduleRun = {
  readonly dueAt: Date;
  readonly startedAt: Date;
  /** `quiet`: put off to the end of the quiet hours; `missed`: Nova was off, and it was too late to be of use. */
  readonly outcome: "said" | "asked" | "quiet" | "missed" | "failed";
  readonly code: string | null;
  readonly turn: TurnId | null;
};

export interface Schedules {
  /** A name that the person has in use is a `bad_input`, and so is a time that never comes. */
  add(schedule: NewSchedule): Promise<Schedule>;
  keyed(key: string, person: Person): Promise<Schedule | undefined>;
  /** A person's own; the owner's are not everybody's. Without those that are done, unless `all`. */
  list(person: Person, query?: { readonly all?: boolean }): Promise<readonly Schedule[]>;
  runs(id: ScheduleId, person: Person, limit: number): Promise<readonly ScheduleRun[]>;
  /** Undefined when there is none of this person. A resumed one goes on from now: what was missed is not made up for. */
  change(id: ScheduleId, person: Person, to: "active" | "paused" | "removed"): Promise<Schedule | undefined>;
  rhythm(person: PersonId): Promise<Rhythm>;
  setRhythm(person: Person, rhythm: Rhythm): Promise<void>;
}
