/** A part of what a turn was asked, and where it ended. Made by plan.ts, worked on by relay.ts. */
import type { AgentSpec, AgentStep, Closing, FinishedStep, Message, Signal, StepNote, StepOutcome } from "#core";
import type { OneWriter } from "./one-writer.ts";
import type { Pot } from "./pot.ts";

export type Part = {
  /** Where it stands in the plan, from 0. */
  readonly index: number;
  readonly agent: AgentSpec;
  readonly words: string;
  /** What it may spend, and the parts beside it. */
  readonly pot: Pot;
  /** The messages that the words are about, for their files. */
  readonly about: readonly Message[];
  /** What the parts before it came to. */
  readonly before: readonly StepNote[];
  readonly earlier: readonly StepOutcome[];
  /** Where others run beside it: asked before control moves to one that may change something. */
  readonly writer?: OneWriter;
  /** Shows a draft; absent: nobody sees it. */
  readonly show?: (text: string) => void;
};

/** A part that was reached when there was no time for it any more or nothing left to spend, or that was one too many. */
export type Unbegun = { readonly agent: AgentSpec; readonly why: "time" | "budget" | "many" };

/** Where it ended. */
export type Arrival = {
  /** The last step, as it was given out. */
  readonly step: AgentStep;
  readonly outcome: StepOutcome & { readonly reply: Closing };
  /** All runs, in order; the last one is the one that ended it. */
  readonly legs: readonly FinishedStep[];
  readonly signals: readonly Signal[];
  /** Control could go nowhere: the person may choose who is asked. */
  readonly isStranded: boolean;
};
