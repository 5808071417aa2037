/** A tool reads; it never changes anything outside its turn. One file in agents/tools, granted to agents by name. */
import type { z } from "zod";
import type { Clock } from "./clock.ts";
import type { MemoryChange, Recall } from "./memory.ts";
import type { Operations } from "./operations.ts";
import type { ProjectsSeen } from "./project.ts";
import type { Agenda } from "./schedule.ts";
import type { AgentSpec } from "./agent.ts";
import type { StepAsk } from "./ask.ts";

/** Ports bound to this turn's person and scope: a tool cannot name another person, whatever the model says. */
export type ToolContext = {
  readonly ask: StepAsk;
  readonly recall: Recall;
  readonly operations: Operations;
  /** The person's own reminders and schedules. */
  readonly agenda: Agenda;
  /** The projects that this person knows of, and which of them the turn works in. */
  readonly projects: () => Promise<ProjectsSeen>;
  /** Agents that this person may meet. */
  readonly roster: readonly AgentSpec[];
  readonly clock: Clock;
  /** Stages a change of memory; it is written when the turn settles, or not at all. */
  stage(change: MemoryChange): void;
  readonly signal: AbortSignal;
};

export type ToolDefinition<Input extends z.ZodObject = z.ZodObject> = {
  readonly kind: "tool";
  /** snake_case, unique over all tools. */
  readonly name: string;
  /** What it returns and when to use it; models choose by this. */
  readonly description: string;
  /** Utterances that call for it; the offline model chooses by these. */
  readonly examples: readonly string[];
  /** No field may name a person, tenant, project or branch: those are bound by the run. */
  readonly input: Input;
  readonly timeoutMs: number;
  /** Of a tool that reads the message itself: the field that is told which part is meant, where a message asks for more. */
  readonly part?: string;
  /** True: it returns words that nobody vouches for, such as a page's. */
  readonly outside?: boolean;
  /** True: it may stage changes of memory, so that who is granted it runs beside nobody. */
  readonly stages?: boolean;
  /**
   * Returns text for the model: at most 8,000 characters, the caller cuts the rest. A refusal that the model should
   * read is a NovaError; any other throw reaches the model as one fixed sentence.
   */
  run(input: z.infer<Input>, context: ToolContext): Promise<string>;
};

export const defineTool = <Input extends z.ZodObject>(
  definition: Omit<ToolDefinition<Input>, "kind">,
): ToolDefinition<Input> => ({ kind: "tool", ...definition });
