/** When something is to happen, and the rhythm of a person's days. Used by schedules. */

export type When =
  /** Once. */
  | { readonly kind: "at"; readonly at: Date }
  /**
   * From a beginning, every so many milliseconds; at least a minute. With a zone whole days are counted on its calendar, so
   * that "every two days at nine" stays nine.
   */
  | { readonly kind: "every"; readonly everyMs: number; readonly from: Date; readonly zone?: string }
  /** Five fields, read in the zone: across a change of clocks "at nine" stays nine. */
  | { readonly kind: "cron"; readonly cron: string; readonly zone: string };

/** Of a person: where their days begin, and when they are not to be disturbed. */
export type Rhythm = {
  /** IANA name. */
  readonly zone: string;
  /** False: nobody set it, and it is the zone of the machine. */
  readonly own: boolean;
  /** Minutes from midnight in the zone; may go over midnight. Null: no quiet hours. */
  readonly quiet: { readonly from: number; readonly to: number } | null;
};

/** Where and when the words are read. */
export type Here = {
  /** IANA name. */
  readonly zone: string;
  readonly now: Date;
};

export type ReadWhen =
  /** `skipped`: the time of day that was meant, where the clocks skip it on that day; `when` is the next valid one. */
  | { readonly kind: "when"; readonly when: When; readonly zone: string; readonly skipped?: string }
  /** Each option is words that read for certain. */
  | { readonly kind: "unclear"; readonly question: string; readonly options: readonly string[] }
  /** The words as a whole are no time. */
  | { readonly kind: "none" };
