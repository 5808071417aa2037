/** What is kept for a time only, or stays open for a time only. Rows in postgres/cleaning.ts; turn/sweep.ts has it done once a day. */
export interface Cleaning {
  /** Removes or closes what has had its time, and says how many rows of what. */
  clean(now: Date): Promise<Readonly<Record<string, number>>>;
}
