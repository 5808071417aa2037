/** What is read of an agent's file, once: a spec never changes, and every message asks. Used by examples.ts, plan.ts and own-order.ts. */
import type { AgentSpec } from "#core";

export function ofAgent<T>(read: (agent: AgentSpec) => T): (agent: AgentSpec) => T {
  const known = new WeakMap<AgentSpec, { readonly read: T }>();
  return (agent) => {
    const before = known.get(agent);
    if (before) return before.read;
    const now = { read: read(agent) };
    known.set(agent, now);
    return now.read;
  };
}
