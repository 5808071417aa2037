/** What the roof hands in to measure with: a memory that is thrown away, a learner, and an eye on how far it is. */
import type { Memory, Person, ProjectId } from "#core";

/** A database of its own, with nothing in it. */
export interface Scratch {
  readonly memory: Memory;
  person(name: string): Promise<Person>;
  /** Made when it is new. */
  project(name: string): Promise<ProjectId>;
  /** Called once when all is stored: a service would have done its upkeep by then. */
  settle(): Promise<void>;
}

/** Opens a scratch database, does the work and throws the database away. */
export type OnScratch = <T>(work: (scratch: Scratch) => Promise<T>) => Promise<T>;

export type LearnedExample = { readonly text: string; readonly label: string };

/** The product's classifier. */
export interface Learner {
  /**
   * `background`: texts that fit no label. The label of a text that nothing fits is undefined; confidence is 0 to 1.
   * `rest` is waited for between the halves of the work, which block everything else for seconds.
   */
  learn(
    examples: readonly LearnedExample[],
    background: readonly string[],
    rest: () => Promise<void>,
  ): Promise<(text: string) => { readonly label: string | undefined; readonly confidence: number }>;
}

export interface Watch {
  readonly signal: AbortSignal;
  /** Milliseconds since some moment. */
  elapsed(): number;
  status(line: string): void;
}

/** Between two things to do: says how far it is, and throws when it is to stop. */
export function watched(watch: Watch, what: string, { at, of }: { at: number; of: number }): void {
  watch.signal.throwIfAborted();
  watch.status(`${what}: ${at.toLocaleString("en-US")} of ${of.toLocaleString("en-US")}`);
}

/** To the microsecond: what is finer is noise. */
export const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
