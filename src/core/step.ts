/** One agent run inside a turn: what it is given, what comes back, and the port that runs it. */
import type { AgentId } from "./ids.ts";
import type { AgentSpec } from "./agent.ts";
import type { StepAsk } from "./ask.ts";
import type { MemoryChange, Recalled } from "./memory.ts";
import type { Message } from "./message.ts";
import type { EffectDefinition } from "./effect.ts";
import type { JsonObject } from "./json.ts";
import type { Reply } from "./reply.ts";
import type { Place } from "./scope.ts";
import type { ModelCall } from "./spending.ts";
import type { ToolContext, ToolDefinition } from "./tool.ts";
import type { TraceEvent } from "./trace.ts";
import type { Taint } from "./trust.ts";

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
  /** Verbs that it may propose. */
  readonly effects: readonly EffectDefinition[];
  /** Agents that it may hand over to or call, as this person may meet them. */
  readonly colleagues: readonly Colleague[];
  /** What another agent gave it, by this agent's input contract; absent when the person's words are all. */
  readonly given?: Given;
  /** What the turn has done so far, oldest first: so that nothing is done twice. */
  readonly before: readonly StepNote[];
  /** What the step has read before it began that nobody vouches for. */
  readonly taints: readonly Taint[];
  /** What may still be spent of the turn's budget: delegates, later steps and the other parts of a plan share it. */
  readonly left: Allowance;
  /** The offline model stands in from the beginning, and why, as people read it: "this could not go to another agent". */
  readonly standIn?: string;
  /**
   * What of an input does not fit the contract of the colleague that it is to go to, as sentences for a repair; nothing for
   * whoever is no colleague. Absent: there are none.
   */
  readonly misfits?: (to: string, input: JsonObject) => readonly string[];
  /** Looks at a reply before anybody reads it; codes and sentences of what is wrong. Pure. Absent: nothing is looked at. */
  readonly check?: (reply: Reply, ground: Ground) => readonly Breach[];
  /** All that a tool gets, but for the call's own signal. */
  readonly context: Omit<ToolContext, "signal" | "stage">;
};

/** Quoted data, whatever it says of itself; the person's own words are in `ask`. */
export type Given = {
  readonly by: AgentId;
  /** `delegate`: the input is all that there is to work on, and the answer goes back to `by`. */
  readonly how: "handoff" | "delegate";
  readonly input: JsonObject;
};

export type Allowance = {
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly tokens: number;
  /** Milliseconds; absent: as long as the agent's file allows. */
  readonly ms?: number;
};

/** Another agent, as a step is told of it. */
export type Colleague = {
  readonly id: AgentId;
  readonly purpose: string;
  readonly how: "handoff" | "delegate";
  /** The JSON schema of its input contract. */
  readonly input: JsonObject;
};

/** What a run has come to by the time it answers: what its answer may rest on. */
export type Ground = {
  /** What its tools and delegates returned, in order. */
  readonly results: readonly string[];
  /** Tools that failed, and of which nothing came later: what they would have found is not known. Absent: none. */
  readonly failed?: readonly string[];
  /** What it staged: "noted" and "forgotten" are true by these. */
  readonly changes: readonly MemoryChange[];
  /** It has read what nobody vouches for. Absent: it has not, or no model speaks. */
  readonly tainted?: boolean;
};

/** What the answer check found. */
export type Breach = {
  readonly code: "figure" | "done_claim" | "quote" | "scope" | "firm" | "tool_failed" | "link";
  /** For the model's repair and, when that fails, for the person. */
  readonly message: string;
  /** As they stand in the answer: what has no ground. Of `tool_failed` the names of the tools, of `link` the addresses. */
  readonly words: readonly string[];
};

/** What an earlier step of the turn came to, for the ones behind it. */
export type StepNote = {
  readonly agent: AgentId;
  readonly reply: Reply;
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
  /** What the tools returned, in order: what an answer may rest on. */
  readonly results: readonly string[];
  /** Where it read what nobody vouches for, those from before it included. */
  readonly taints: readonly Taint[];
  /** What the answer check found last and the repair did not mend; the turn weakens or fails the answer. */
  readonly breaches: readonly Breach[];
  /** What it found first and the repair did mend; absent when there was nothing. */
  readonly mended?: readonly Breach["code"][];
  /** Tools that were asked for and are not the agent's to use, or nobody's. */
  readonly missing: readonly string[];
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
