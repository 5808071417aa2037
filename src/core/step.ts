/** One agent run inside a turn: what it is given, what comes back, and the port that runs it. */
import type { AgentId } from "./ids.ts";
import type { AgentSpec } from "./agent.ts";
import type { StepAsk } from "./ask.ts";
import type { MemoryChange, Recalled } from "./memory.ts";
import type { Message } from "./message.ts";
import type { Reply } from "./reply.ts";
import type { Place } from "./scope.ts";
import type { ModelCall } from "./spending.ts";
import type { ToolContext, ToolDefinition } from "./tool.ts";
import type { TraceEvent } from "./trace.ts";

export type AgentStep = {
  readonly agent: AgentSpec;
  readonly ask: StepAsk;
  /** What the step belongs to, and what it costs. */
  readonly where: Place;
  /** Earlier messages of the conversation, oldest first, cut to a budget; empty unless the agent reads it. */
  readonly history: readonly Message[];
  /** Undefined unless the agent reads memory. */
  readonly recalled: Recalled | undefined;
  readonly tools: readonly ToolDefinition[];
  /** All that a tool gets, but for the call's own signal. */
  readonly context: Omit<ToolContext, "signal" | "stage">;
};

export type Usage = { readonly modelCalls: number; readonly toolCalls: number; readonly tokens: number };

export type StepOutcome = {
  readonly agent: AgentId;
  readonly reply: Reply;
  readonly changes: readonly MemoryChange[];
  readonly usage: Usage;
  /** Calls of models that cost something, retries counted in; to be settled with the turn. */
  readonly calls: readonly ModelCall[];
  /** Name of the model that spoke last, `offline` for the offline model, null when code answered. */
  readonly model: string | null;
  /** Names of the tools that ran, in order. */
  readonly tools: readonly string[];
};

/** What a run lets others see while it works. */
export interface StepWitness {
  /** The whole visible text so far, not a delta. May shrink to "" when a draft is thrown away. */
  draft(text: string): void;
  /** A short present-tense line, for instance `Searching memory`. */
  status(line: string): void;
  trace(event: TraceEvent): void;
}

export interface StepRunner {
  /**
   * Never throws for a model's, tool's or timer's failure: those are `fail` replies. Throws only when `signal` aborts
   * (with the signal's reason), and when the database is away; what was spent is settled by then. Calls nothing after an
   * abort.
   */
  run(step: AgentStep, witness: StepWitness, signal: AbortSignal): Promise<StepOutcome>;
}
