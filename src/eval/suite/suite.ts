/** What a suite of recall cases is made of. Filled in by the files beside it, run by own-recall.ts. */
import type { MemoryKind } from "#core";

/** When every question is asked: after the last line, on a Friday. */
export const ASKED_AT = new Date("2026-11-20T09:00:00Z");

/** `dev`: thresholds may be read off these. `held`: for measuring only. A cluster is wholly one or the other. */
export type Part = "dev" | "held";

export type SuiteLine = {
  /** Unique within the suite. */
  readonly ref: string;
  readonly kind: MemoryKind;
  readonly text: string;
  /** Who says it; the owner of the memory when left out. */
  readonly author?: string;
  readonly at: Date;
  /** Lines of one stream are each other's neighbours; a stream of its own when left out. */
  readonly stream?: string;
  /** The name of its project; of none when left out. */
  readonly project?: string;
};

/** What a case tries. */
export type CaseKind =
  | "note"
  | "decision"
  | "update"
  | "turn"
  | "same_word"
  | "time"
  | "typo"
  | "nothing"
  | "wrong_person";

export type SuiteCase = {
  readonly id: string;
  readonly kind: CaseKind;
  readonly question: string;
  /** Asked within this project; across all of them when left out. */
  readonly project?: string;
  /**
   * The lines that answer, in any order; of states that replaced each other the newest, unless the past is asked for.
   * Empty for `nothing`; for `wrong_person` the lines about the other one.
   */
  readonly expects: readonly string[];
};

/** Lines and questions that belong together, so that none of a cluster's words help on the other side of the split. */
export type Cluster = {
  readonly name: string;
  readonly part: Part;
  readonly lines: readonly SuiteLine[];
  readonly cases: readonly SuiteCase[];
};

/** One memory: all lines of all clusters of a part are stored together, and each is a distraction to the others. */
export type Suite = readonly Cluster[];
