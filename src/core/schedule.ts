/**
 * What Nova does at a time: reminds, or works on words as if they were said then. Rows in
 * postgres/schedules/schedules.ts.
 */
import type { Address } from "./address.ts";
import type { Rhythm, When } from "./calendar/when.ts";
import type { MessageId, PersonId, ProjectId, RunId, ScheduleId, TurnId } from "./ids.ts";
import type { Wording } from "./message.ts";
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
  /** Whose words they are: what an agent wrote names nothing in the person's stead. */
  readonly wording: Wording;
  readonly when: When;
  /** Where it speaks; null: in private, where the person was heard last. */
  readonly address: Address | null;
  /** True: it speaks in quiet hours, too. */
  readonly urgent: boolean;
  readonly state: "active" | "paused" | "done";
  /**
   * Why it is not active, where neither its person nor its own end made it so: nothing is done for a guest, or who is
   * blocked.
   */
  readonly because: "removed" | "blocked" | "guest" | null;
  /** Null when nothing is to come. */
  readonly nextAt: Date | null;
  readonly createdAt: Date;
  /**
   * Runs in a row that failed; the person is told of the third, and of every tenth after it. Of a single one of the
   * first.
   */
  readonly failures: number;
};

export type NewSchedule = Pick<
  Schedule,
  "person" | "project" | "name" | "does" | "words" | "wording" | "when" | "address" | "urgent"
> & {
  /** The same key twice is one schedule. */
  readonly key: string;
};

/** What of a schedule is to be otherwise from now on; what is left out stays as it is. */
export type ScheduleRevision = Partial<Pick<Schedule, "name" | "words" | "wording" | "when">> & {
  /** It does not come before then, and goes on as ever from there. */
  readonly notBefore?: Date;
};

export type ScheduleRun = {
  readonly id: RunId;
  readonly dueAt: Date;
  readonly startedAt: Date;
  /** `quiet`: put off to the end of the quiet hours; `missed`: Nova was off, and it was too late to be of use. */
  readonly outcome: RunOutcome;
  /** Why it failed, for instance `unreachable`, or the code that the turn of the asked words ended with. */
  readonly code: string | null;
  readonly turn: TurnId | null;
};

export type RunOutcome = "said" | "asked" | "quiet" | "missed" | "failed";

export interface Schedules {
  /** A name that the person has in use is a `bad_input`, and so is a time that never comes. */
  add(schedule: NewSchedule): Promise<Schedule>;
  keyed(key: string, person: Person): Promise<Schedule | undefined>;
  /** A person's own; the owner's are not everybody's. Without those that are done, unless `all`. */
  list(person: Person, query?: { readonly all?: boolean }): Promise<readonly Schedule[]>;
  /** Newest first. */
  runs(id: ScheduleId, person: Person, limit: number): Promise<readonly ScheduleRun[]>;
  /** What a run of this person was about, and the message that it said; undefined when there is none. */
  ofRun(
    run: RunId,
    person: Person,
  ): Promise<{ readonly schedule: Schedule; readonly dueAt: Date; readonly message: MessageId | null } | undefined>;
  /**
   * Undefined when there is none of this person, or it is over and was to be removed. A resumed one goes on from now:
   * what was missed is not made up for.
   */
  change(id: ScheduleId, person: Person, to: "active" | "paused" | "removed"): Promise<Schedule | undefined>;
  /** Undefined when there is none of this person that still stands. A paused one stays paused. */
  revise(id: ScheduleId, person: Person, to: ScheduleRevision): Promise<Schedule | undefined>;
  rhythm(person: PersonId): Promise<Rhythm>;
  /** What is left out stays as it is. */
  setRhythm(person: Person, rhythm: Partial<Pick<Rhythm, "zone" | "quiet">>): Promise<Rhythm>;
}

/** A person's own schedules, for tools and effects: nobody else's can be named. */
export interface Agenda {
  list(): Promise<readonly Schedule[]>;
  rhythm(): Promise<Rhythm>;
}

export const agendaOf = (schedules: Pick<Schedules, "list" | "rhythm">, person: Person): Agenda => ({
  list: () => schedules.list(person),
  rhythm: () => schedules.rhythm(person.id),
});
