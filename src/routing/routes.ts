/** The routes that the exact stage hands out: certain, and without candidates. */
import type { AgentSpec, CommandName, Route, RouteAsk, StageResult } from "#core";

/** What a rule of the exact stage says: a route, or undefined when it has no opinion. */
export type Rule = (ask: RouteAsk, agents: readonly AgentSpec[]) => Route | undefined;

export function toAgent(agent: AgentSpec, words: string, reason: string): Route {
  return exact({ kind: "agent", agent: agent.id }, words, reason);
}

export function toCommand(name: CommandName, rest: string, words: string): Route {
  return exact({ kind: "command", name, rest }, words, `\`/${name}\` is a command that Nova answers itself.`);
}

export function toQuestion(question: string, options: readonly AgentSpec[], words: string): Route {
  const to: Route["to"] = { kind: "clarify", question, options: options.map((agent) => agent.id) };
  return exact(to, words, "What was asked for is not clear yet.");
}

export function toRefusal(reason: string, words: string): Route {
  return exact({ kind: "refuse", reason }, words, reason);
}

/** What was said in another thread than it belongs to. */
export const saidBeside = (route: Route, { beside }: Pick<RouteAsk, "beside">): Route =>
  beside
    ? {
        ...route,
        beside: beside.turn,
        reason: `${route.reason} That was asked in another thread (\`t${beside.turn}\`).`,
      }
    : route;

export const settled = (route: Route): StageResult => ({ kind: "settled", route });

/** For instance `a`, `b` or `c`. */
export function either(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} or ${items.at(-1) ?? ""}`;
}

function exact(to: Route["to"], words: string, reason: string): Route {
  return { to, confidence: 1, stage: "exact", candidates: [], reason, words };
}
