/** What a model is sent in one call, as LangChain's middleware sees it, and how many tokens that is. */
import type { WrapModelCallHandler, WrapModelCallHook } from "langchain";
import { tokensIn } from "#core";

export type Request = Parameters<WrapModelCallHook>[0];
/** Sends a request to its model. */
export type Send = WrapModelCallHandler;

/** By Nova's own count: providers tell theirs only afterwards. */
export function promptTokens({ messages, systemPrompt }: Request): number {
  return messages.reduce((sum, message) => sum + tokensIn(message.text), tokensIn(systemPrompt));
}
