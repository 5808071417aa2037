/** The state of one step while it works: its clock, its counters and who speaks. Opened by the step runner. */
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AgentStep, Breach, Clock, FailCode, Log, MemoryChange, StepWitness, Taint } from "#core";
import type { Link } from "../models/chat-models.ts";
import type { Circuit } from "../models/circuit.ts";
import { createFailedCalls, type FailedCalls } from "./failed-calls.ts";
import { StepFault } from "../fault.ts";
import { createLedger, type Ledger, type Purse } from "../call/ledger.ts";
import type { Pace } from "../call/pace.ts";

/** The model that answers. Without a circuit: `offline`, which costs nothing and is the last link of every chain. */
export type Speaker = {
  readonly name: string;
  readonly model: BaseChatModel;
  readonly circuit?: Circuit;
  /** The most tokens that it is asked to answer with. */
  readonly longest?: number;
};

export interface Run {
  readonly step: AgentStep;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
  readonly ledger: Ledger;
  /** Aborts on cancellation, deadline and `stop`. */
  readonly signal: AbortSignal;
  /** Silent from the abort on, but for what calls came to. */
  readonly witness: StepWitness;
  readonly spent: { modelCalls: number; toolCalls: number; tokens: number };
  /** Names of the tools that ran, in order. */
  readonly toolsRun: string[];
  /** What the tools returned, in order. */
  readonly results: string[];
  /** Calls of tools that failed and did not return anything later. */
  readonly failed: FailedCalls;
  readonly changes: MemoryChange[];
  /** What of the answer has no ground, and what of the first one had none before it was mended. */
  readonly breaches: Breach[];
  readonly mended: Breach["code"][];
  /** What was read so far that nobody vouches for. */
  readonly taints: Taint[];
  taint(taint: Taint): void;
  /** Tools that were asked for and denied. */
  readonly missing: string[];
  speaker: Speaker;
  /** Who is asked when the speaker fails, before the offline model. */
  behind: readonly Link[];
  /** Who should have answered and did not, in order, and what the person reads of it; null when what is left of the day's budget does not cover it. */
  readonly fallen: { readonly model: string; readonly says: string | null }[];
  /** How many of the oldest messages are left out, because the model could not read them all. */
  trimmed: number;
  /** The answer is to be short from now on, for the same reason. */
  brief: boolean;
  /** Milliseconds until the deadline. */
  left(): number;
  /** Ends the run: everything that listens to the signal stops. Returns the fault, to be thrown. */
  stop(code: FailCode): StepFault;
  /** Shows a draft; the same one is not shown twice. */
  show(text: string): void;
  /** True when the person sees a part of an answer. */
  readonly shown: boolean;
  close(): void;
}

export type RunParts = Pick<Run, "step" | "clock" | "log" | "pace" | "speaker" | "behind" | "witness"> & {
  readonly purse: Purse | undefined;
  /** The caller's own signal. */
  readonly cancel: AbortSignal;
};

export function openRun({ cancel, witness, purse, ...parts }: RunParts): Run {
  const { clock, log, step } = parts;
  const spent = { modelCalls: 0, toolCalls: 0, tokens: 0 };
  const ledger = createLedger(step, {
    purse,
    clock,
    log,
    tell(tried) {
      spent.tokens += tried.tokens;
      witness.trace(tried);
    },
  });
  const ending = new AbortController();
  const signal = AbortSignal.any([cancel, ending.signal]);
  const mostMs = Math.min(step.agent.timeoutMs, step.left.ms ?? Infinity);
  const endsAt = clock.now().getTime() + mostMs;
  const deadline = setTimeout(() => stop("timeout"), mostMs);
  const taints = [...step.taints];
  let draft = "";

  const stop = (code: FailCode): StepFault => {
    const fault = new StepFault(code);
    ending.abort(fault);
    return fault;
  };

  return {
    ...parts,
    ledger,
    signal,
    witness: {
      draft: (text) => void (signal.aborted || witness.draft(text)),
      status: (line) => void (signal.aborted || witness.status(line)),
      trace: (event) => void (cancel.aborted || witness.trace(event)),
    },
    spent,
    toolsRun: [],
    results: [],
    failed: createFailedCalls(),
    changes: [],
    breaches: [],
    mended: [],
    taints,
    taint({ by, name }) {
      if (!taints.some((known) => known.by === by && known.name === name)) taints.push({ by, name });
    },
    missing: [],
    fallen: [],
    trimmed: 0,
    brief: false,
    left: () => endsAt - clock.now().getTime(),
    stop,
    show(text) {
      if (text === draft || signal.aborted) return;
      draft = text;
      witness.draft(text);
    },
    get shown() {
      return draft !== "";
    },
    close: () => clearTimeout(deadline),
  };
}
