/**
 * What comes due: claims of schedules, and what people have to be told of them besides. Rows in
 * postgres/schedules/due.ts, worked on in turn/.
 */
import type { Address } from "./address.ts";
import type { Rhythm } from "./calendar/when.ts";
import type { MessageId, RunId, ScheduleId } from "./ids.ts";
import type { ExternalId, Person } from "./person.ts";
import type { RunOutcome, Schedule } from "./schedule.ts";

/** A due schedule in the hands of this process, or of another that may have died. */
export type DueRun = {
  readonly id: RunId;
  readonly schedule: Schedule;
  readonly dueAt: Date;
  /** Nova was not running when it was due. */
  readonly late: boolean;
  /** When it was due before quiet hours put it off. */
  readonly putOffFrom: Date | null;
};

export type DueAsk = {
  readonly schedule: Schedule;
  readonly dueAt: Date;
  readonly now: Date;
  readonly rhythm: Rhythm;
  readonly putOffFrom: Date | null;
  readonly isBlocked: boolean;
};

/** What is to become of a due schedule. `nextAt` null: it is done with this. */
export type DueStep =
  | { readonly kind: "run"; readonly late: boolean; readonly nextAt: Date | null }
  | { readonly kind: "quiet"; readonly until: Date }
  | { readonly kind: "missed"; readonly nextAt: Date | null }
  | { readonly kind: "pause"; readonly because: "blocked" | "guest" };

/** What a person has to be told of a run besides what it said; told again rather than never. */
export type RunNews = {
  readonly run: RunId;
  readonly schedule: Schedule;
  readonly dueAt: Date;
  readonly news: "missed" | "failing";
  readonly code: string | null;
};

export type RunEnd = {
  readonly outcome: RunOutcome;
  readonly code: string | null;
  readonly message: MessageId | null;
  /** It reached nobody, and comes again then; nobody is told of it until that is given up. */
  readonly again?: Date;
};

export interface DueSchedules {
  /** Active ones that are due, and those with a run that was left open for a while. */
  due(now: Date): Promise<readonly ScheduleId[]>;
  /**
   * A run that is to be carried out: one that was left open, else the next one that is due, noted before anything is done.
   * However many processes claim at once, one due time makes one run. Undefined when there is nothing to do, also
   * because `decide` put it off, missed it or paused it.
   */
  claim(schedule: ScheduleId, now: Date, decide: (ask: DueAsk) => DueStep): Promise<DueRun | undefined>;
  /** How a run ended; the first end counts. */
  end(run: DueRun, end: RunEnd): Promise<void>;
  /** Looks at how the turns of asked words ended, and counts those that failed. */
  judge(): Promise<void>;
  /** The oldest so many behind a run, or of all; none: that is all. */
  news(after: RunId | null): Promise<readonly RunNews[]>;
  told(runs: readonly RunNews[]): Promise<void>;
  /** Where words of this person can be asked in their name, and by which account; undefined when there is nowhere. */
  placeFor(
    person: Person,
    address: Address | null,
  ): Promise<{ readonly address: Address; readonly sender: ExternalId } | undefined>;
}

/**
 * Wake-up calls at the times of schedules. A call that comes too early or twice does no harm; one that is lost is made up
 * for.
 */
export interface Alarms {
  serve(handler: (schedule: ScheduleId) => Promise<void>): Promise<void>;
  /** Takes no more calls. */
  hush(): Promise<void>;
}
