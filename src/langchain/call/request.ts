/** What a model is sent in one call, and how many tokens that is. */
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { tokensIn } from "#core";
import { textOf } from "../text-of.ts";

/** What a model is told of a tool: its name, its purpose, its arguments as a JSON schema. */
export type ToolDescription = ReturnType<typeof convertToOpenAITool>;

export type Request = {
  readonly systemPrompt: string;
  readonly messages: readonly BaseMessage[];
  readonly tools: readonly ToolDescription[];
};

/** By Nova's own count, tools and their calls included: providers tell theirs only afterwards. */
export function promptTokens({ messages, systemPrompt, tools }: Request): number {
  const fixed = tools.reduce((sum, tool) => sum + toolTokens(tool), tokensIn(systemPrompt));
  return messages.reduce((sum, message) => sum + tokensIn(textOf(message)) + callTokens(message), fixed);
}

function callTokens(message: BaseMessage): number {
  if (!AIMessage.isInstance(message)) return 0;
  const { tool_calls: calls = [], invalid_tool_calls: broken = [] } = message;
  return [...calls, ...broken].reduce((sum, { name, args }) => sum + tokensIn(JSON.stringify({ name, args })), 0);
}

const counted = new WeakMap<ToolDescription, number>();

/** A description is the same object for every call: agent/tools.ts. */
function toolTokens(tool: ToolDescription): number {
  const known = counted.get(tool) ?? tokensIn(JSON.stringify(tool));
  counted.set(tool, known);
  return known;
}
