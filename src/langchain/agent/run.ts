/** The state of one step while it works: its clock, its counters and who speaks. Opened by the step runner. */
import type { AgentStep, Breach, FailCode, MemoryChange, Taint } from "#core";
import type { Calling, Speaker } from "../call/calling.ts";
import { createCosts, type Purse } from "../call/costs.ts";
import { StepFault } from "../fault.ts";
import type { Link } from "../models/chat-models.ts";
import { createFailedCalls, type FailedCalls } from "./failed-calls.ts";

/** What a call needs, and what an agent's conversation with its model comes to besides. */
export interface Run extends Calling {
  readonly step: AgentStep;
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
  brief: boolean;
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
  const costs = createCosts(step, {
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
    costs,
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
