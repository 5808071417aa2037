/** Code beside an agent's file, `agents/<domain>/<id>.ts`, for the agents whose prompt alone is not enough. */
import type { MemoryChange } from "./memory.ts";
import type { Reply } from "./reply.ts";
import type { AgentStep } from "./step.ts";

/** What an agent's code may do: answer by rule before any model is asked, and check what a model answered. */
export interface AgentCode {
  readonly kind: "agent-code";
  /** A reply settles the step without a model; undefined passes on to the model. Never throws for ordinary input. */
  before?(step: AgentStep): Promise<CodedReply | undefined>;
  /**
   * Looks at an answer and at what the run's tools returned; gives a reason to refuse it, or undefined. Pure. The reason
   * is read by the model once as a repair, and by the person when the repair fails too.
   */
  check?(step: AgentStep, answer: string, results: readonly string[]): string | undefined;
}

export type CodedReply = {
  readonly reply: Reply;
  readonly changes?: readonly MemoryChange[];
  /** What it looked up by itself and quotes: its answer may rest on it, as on a tool's result. */
  readonly results?: readonly string[];
  /**
   * Every word of it that is to be done stands in what this person themselves said: nothing of what others said, of what was
   * found, remembered or answered went into it. Left out: it rests on all that the step was given.
   */
  readonly ownWish?: true;
};

export const defineAgentCode = (code: Omit<AgentCode, "kind">): AgentCode => ({ kind: "agent-code", ...code });
