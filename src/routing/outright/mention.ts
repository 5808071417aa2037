/** `@agent words`: the person says who is to answer. A rule of the exact stage. */
import type { AgentSpec, Route, RouteAsk } from "#core";
import { leadingName, nearNames } from "../names.ts";
import { either, toAgent, toQuestion, toRefusal } from "../routes.ts";

const SHOWN = 40;

export function mention(ask: RouteAsk, agents: readonly AgentSpec[]): Route | undefined {
  const text = /^\s*@(?<text>[\p{L}\p{N}][\s\S]*)$/u.exec(ask.words)?.groups?.["text"];
  if (text === undefined) return undefined;
  const named = leadingName(text, agents);
  if (!named) return toRefusal(stranger(text, agents), ask.words);
  const words = named.rest.replace(/^[:,;.!?]?\s*/, "");
  if (words === "") return toQuestion(`What is the ${named.agent.name} to do?`, [named.agent], "");
  return toAgent(named.agent, words, `You asked for the ${named.agent.name} by name.`);
}

function stranger(text: string, agents: readonly AgentSpec[]): string {
  const name = (/^[\p{L}\p{N}_.-]+/u.exec(text)?.[0] ?? "").replace(/[.-]+$/, "").slice(0, SHOWN);
  const near = nearNames(name, agents).map((id) => `@${id}`);
  if (near.length > 0) return `I know no agent called “${name}”. Did you mean ${either(near)}?`;
  const all = agents.map((agent) => `@${agent.id}`);
  return `I know no agent called “${name}”. ${all.length > 0 ? `There are ${all.join(", ")}.` : "None is on call."}`;
}
