/** What a model is sent in one call, and how many tokens that is. */
import type { BaseMessage } from "@langchain/core/messages";
import { tokensIn } from "#core";
import { textOf } from "./text-of.ts";

export type Request = {
  readonly systemPrompt: string;
  readonly messages: readonly BaseMessage[];
};

/** By Nova's own count: providers tell theirs only afterwards. */
export function promptTokens({ messages, systemPrompt }: Request): number {
  return messages.reduce((sum, message) => sum + tokensIn(textOf(message)), tokensIn(systemPrompt));
}
