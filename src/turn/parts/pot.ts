/** What all parts of a turn may spend together, and what they have spent of it. Made by plan.ts. */
import type { AgentSpec, Allowance, Usage } from "#core";
import { leftFor, sumOf } from "./allowance.ts";

export interface Pot {
  /** How often control has moved in this turn. */
  readonly hops: number;
  /** What the agent could spend, had it control in this part now. `isFirst`: nobody ran before it. */
  left(part: number, agent: AgentSpec, time: { readonly isFirst: boolean; readonly ms: number }): Allowance;
  spend(part: number, used: Usage): void;
  /** Control moves on to this agent. */
  moved(to: AgentSpec): void;
  /** What was kept for the part and not spent is for the others. */
  end(part: number): void;
}

/** `firsts`: the first agent of each part; as much as its file gives it is kept for each. */
export function openPot(firsts: readonly AgentSpec[]): Pot {
  const parts = firsts.map(({ budget }) => ({ budget, spent: sumOf([]), isOpen: true }));
  const held: AgentSpec[] = [];
  return {
    get hops() {
      return held.length;
    },
    left: (part, agent, time) =>
      leftFor(agent, {
        ...time,
        firsts,
        before: held,
        spent: sumOf(parts.map(({ spent }) => spent)),
        kept: sumOf(parts.flatMap((each, i) => (i === part || !each.isOpen ? [] : [rest(each.budget, each.spent)]))),
      }),
    spend(part, used) {
      const one = parts[part];
      if (one) one.spent = sumOf([one.spent, used]);
    },
    moved: (to) => void held.push(to),
    end(part) {
      const one = parts[part];
      if (one) one.isOpen = false;
    },
  };
}

const rest = (budget: Usage, spent: Usage): Usage => ({
  modelCalls: Math.max(0, budget.modelCalls - spent.modelCalls),
  toolCalls: Math.max(0, budget.toolCalls - spent.toolCalls),
  tokens: Math.max(0, budget.tokens - spent.tokens),
});
