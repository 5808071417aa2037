/** Lets whoever may change something run alone, also where parts of a plan run side by side. Made by plan.ts, asked by relay.ts. */
import { mayChange, type AgentSpec, type ToolDefinition } from "#core";

export interface OneWriter {
  /** Resolves when every other part has ended or waits as well: one at a time, in their order. Throws when `signal` aborts. */
  alone(part: number, signal: AbortSignal): Promise<void>;
  ended(part: number): void;
}

/** Whoever may ask for an effect, or keep or forget something. */
export const writes = (agent: AgentSpec, tools: ReadonlyMap<string, ToolDefinition>): boolean =>
  mayChange(agent) || agent.tools.some((name) => tools.get(name)?.stages === true);

/** `count`: of the parts that begin together. */
export function createOneWriter(count: number): OneWriter {
  const running = new Set(Array.from({ length: count }, (_, part) => part));
  const waiting = new Map<number, () => void>();
  let writer: number | undefined;
  const next = (): void => {
    const [first] = [...waiting].toSorted(([a], [b]) => a - b);
    if (running.size > 0 || !first) return;
    const [part, begin] = first;
    waiting.delete(part);
    running.add(part);
    writer = part;
    begin();
  };
  const ended = (part: number): void => {
    running.delete(part);
    waiting.delete(part);
    next();
  };
  return {
    ended,
    async alone(part, signal) {
      if (writer === part) return;
      const turn = Promise.withResolvers<void>();
      waiting.set(part, turn.resolve);
      running.delete(part);
      next();
      const leave = (): void => turn.resolve();
      signal.addEventListener("abort", leave, { once: true });
      if (signal.aborted) leave();
      await turn.promise;
      signal.removeEventListener("abort", leave);
      signal.throwIfAborted();
    },
  };
}
