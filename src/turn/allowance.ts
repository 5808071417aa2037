/** What may still be spent by a part of a turn: all agents that get control in it, and all whom they call, draw on the same. Pure. */
import type { AgentSpec, Allowance, Usage } from "#core";

/** No chain of agents outlives this, in milliseconds; the first agent alone has the time that its file gives it. */
export const TURN_MS = 180_000;

/** Less than this is no time for an agent. */
const LEAST_MS = 1_000;

/** Kept back for the agent that called, so that it can go on with what comes back. */
const CALLER = { modelCalls: 1, tokens: 1 / 3 };

export type Spent = {
  /** Agents that had control before. */
  readonly before: readonly AgentSpec[];
  /** Nobody ran before: the agent has all the time that its file gives it. */
  readonly isFirst: boolean;
  /** By everybody so far. */
  readonly spent: Usage;
  /** Until the turn's end. */
  readonly ms: number;
};

/** The largest budget among the agents that had control is what all of them share; each stays within its own, too. */
export function leftFor(agent: AgentSpec, { before, isFirst, spent, ms }: Spent): Allowance {
  const most = (of: keyof Usage) => Math.max(...[agent, ...before].map(({ budget }) => budget[of]));
  const left = (of: keyof Usage) => Math.max(0, Math.min(agent.budget[of], most(of) - spent[of]));
  return {
    modelCalls: left("modelCalls"),
    toolCalls: left("toolCalls"),
    tokens: left("tokens"),
    ms: isFirst ? agent.timeoutMs : Math.min(agent.timeoutMs, Math.max(0, ms)),
  };
}

/** What each of several calls may use that run side by side: together no more than there is. */
export function shareOf(left: Allowance, calls: number): Allowance {
  return {
    modelCalls: Math.floor((left.modelCalls - CALLER.modelCalls) / calls),
    toolCalls: 0,
    tokens: Math.floor((left.tokens * (1 - CALLER.tokens)) / calls),
    ...(left.ms === undefined ? {} : { ms: left.ms }),
  };
}

/** Undefined when an agent can begin with it. */
export function lacks({ modelCalls, tokens, ms = Infinity }: Allowance): "budget" | "time" | undefined {
  if (modelCalls < 1 || tokens < 1) return "budget";
  return ms < LEAST_MS ? "time" : undefined;
}

export const sumOf = (all: readonly Usage[]): Usage =>
  all.reduce(
    (sum, { modelCalls, toolCalls, tokens }) => ({
      modelCalls: sum.modelCalls + modelCalls,
      toolCalls: sum.toolCalls + toolCalls,
      tokens: sum.tokens + tokens,
    }),
    { modelCalls: 0, toolCalls: 0, tokens: 0 },
  );
