/** Who calls a model, as far as a call needs to know: an agent's run, or the router with its question. Read by ask.ts and its parts. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Clock, FailCode, Log, StepWitness } from "#core";
import type { StepFault } from "../fault.ts";
import type { Circuit } from "../models/circuit.ts";
import type { CallFor, Costs } from "./costs.ts";
import type { Pace } from "./pace.ts";

/** The model that answers. Without a circuit: `offline`, which costs nothing and is the last link of every chain. */
export type Speaker = {
  readonly name: string;
  readonly model: BaseChatModel;
  readonly circuit?: Circuit;
  /** The most tokens that it is asked to answer with. */
  readonly longest?: number;
};

export interface Calling {
  readonly step: CallFor;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
  readonly costs: Costs;
  /** Aborts on cancellation, deadline and `stop`. */
  readonly signal: AbortSignal;
  /** Silent from the abort on, but for what calls came to. */
  readonly witness: StepWitness;
  readonly spent: { modelCalls: number; toolCalls: number; tokens: number };
  readonly speaker: Speaker;
  /** The answer is to be short, because the model could not read all that was sent. */
  readonly brief: boolean;
  /** Milliseconds until the deadline. */
  left(): number;
  /** Ends all of it: everything that listens to the signal stops. Returns the fault, to be thrown. */
  stop(code: FailCode): StepFault;
  /** Shows a draft; the same one is not shown twice. */
  show(text: string): void;
  /** True when the person sees a part of an answer. */
  readonly shown: boolean;
}
