/** The state of one step while it works: its clock, its counters and who speaks. Opened by the step runner. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AgentStep, Clock, FailCode, Log, MemoryChange, ModelCall, StepWitness } from "#core";
import { StepFault } from "./fault.ts";

/** The model that answers. `offline` costs nothing, reaches nothing and is the last link of every chain. */
export type Speaker = { readonly name: string; readonly model: BaseChatModel; readonly offline: boolean };

export interface Run {
  readonly step: AgentStep;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts on cancellation, deadline, silence of the model and `stop`. */
  readonly signal: AbortSignal;
  /** Silent from the abort on. */
  readonly witness: StepWitness;
  readonly spent: { modelCalls: number; toolCalls: number; tokens: number };
  /** Calls that cost something, in order. */
  readonly calls: ModelCall[];
  /** Names of the tools that ran, in order. */
  readonly toolsRun: string[];
  /** What the tools returned, in order. */
  readonly results: string[];
  readonly changes: MemoryChange[];
  speaker: Speaker;
  /** Name of the model that the offline model had to stand in for; the person is told. */
  fallen: string | null;
  /** Ends the run: everything that listens to the signal stops. Returns the fault, to be thrown. */
  stop(code: FailCode): StepFault;
  /** Starts the wait for the model's next piece anew. */
  heard(): void;
  /** No model is awaited now. */
  quiet(): void;
  /** Shows a draft; the same one is not shown twice. */
  show(text: string): void;
  /** True when the person sees a part of an answer. */
  readonly shown: boolean;
  close(): void;
}

export type RunParts = {
  readonly step: AgentStep;
  readonly speaker: Speaker;
  readonly clock: Clock;
  readonly log: Log;
  readonly witness: StepWitness;
  /** The caller's own signal. */
  readonly cancel: AbortSignal;
};

export function openRun({ step, speaker, clock, log, witness, cancel }: RunParts): Run {
  const ending = new AbortController();
  const signal = AbortSignal.any([cancel, ending.signal]);
  const deadline = setTimeout(() => stop("timeout"), step.agent.timeoutMs);
  let silence: NodeJS.Timeout | undefined;
  let draft = "";

  const stop = (code: FailCode): StepFault => {
    const fault = new StepFault(code);
    ending.abort(fault);
    return fault;
  };
  const quiet = () => clearTimeout(silence);

  return {
    step,
    clock,
    log,
    signal,
    witness: {
      draft: (text) => void (signal.aborted || witness.draft(text)),
      status: (line) => void (signal.aborted || witness.status(line)),
      trace: (event) => void (cancel.aborted || witness.trace(event)),
    },
    spent: { modelCalls: 0, toolCalls: 0, tokens: 0 },
    calls: [],
    toolsRun: [],
    results: [],
    changes: [],
    speaker,
    fallen: null,
    stop,
    quiet,
    heard() {
      quiet();
      if (!signal.aborted) silence = setTimeout(() => stop("stalled"), step.agent.idleMs);
    },
    show(text) {
      if (text === draft || signal.aborted) return;
      draft = text;
      witness.draft(text);
    },
    get shown() {
      return draft !== "";
    },
    close() {
      quiet();
      clearTimeout(deadline);
    },
  };
}
