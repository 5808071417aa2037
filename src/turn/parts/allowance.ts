/** What may still be spent in a turn: all agents that get control in it, and all whom they call, draw on the same. Pure. */
import type { AgentSpec, Allowance, Usage } from "#core";

/** No chain of agents outlives this, in milliseconds; the first agent alone has the time that its file gives it. */
export const TURN_MS = 180_000;

/** Less than this is no time for an agent. */
const LEAST_MS = 1_000;

/** Kept back for the agent that called, so that it can go on with what comes back. */
const CALLER = { modelCalls: 1, tokens: 1 / 3 };

export type Spent = {
  /** The first agent of each part of the turn. */
  readonly firsts: readonly AgentSpec[];
  /** Agents that control has moved to so far, in whatever part. */
  readonly before: readonly AgentSpec[];
  /** Nobody ran before: the agent has all the time that its file gives it. */
  readonly isFirst: boolean;
  /** By everybody so far. */
  readonly spent: Usage;
  /** For the first agents of other parts that have not ended: what they have not come to yet. */
  readonly kept: Usage;
  /** Until the turn's end. */
  readonly ms: number;
};

/**
 * What all of them share is as much as the first agents of all parts may spend, or the largest budget among those that had
 * control, when that is more; each stays within its own, too.
 */
export function leftFor(agent: AgentSpec, { firsts, before, isFirst, spent, kept, ms }: Spent): Allowance {
  const planned = sumOf(firsts.map(({ budget }) => budget));
  const most = (of: keyof Usage) => Math.max(planned[of], ...[agent, ...before].map(({ budget }) => budget[of]));
  const left = (of: keyof Usage) => Math.max(0, Math.min(agent.budget[of], most(of) - spent[of] - kept[of]));
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
