/** A LangChain chat model made of rules: no weights, no network, no cost. The last link of every chain of models. */
import { setImmediate } from "node:timers/promises";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { tokensIn, type AgentStep } from "#core";
import { decide, type Decision } from "./decide.ts";

/** Most pieces of one answer: enough to be seen growing, few enough to cost nothing. */
const MAX_PIECES = 48;

type CallOptions = BaseChatModelCallOptions & { readonly tools?: BindToolsInput[] };

export function createOfflineModel(step: AgentStep): BaseChatModel {
  return new OfflineModel(step);
}

class OfflineModel extends BaseChatModel<CallOptions> {
  readonly #step: AgentStep;

  constructor(step: AgentStep) {
    super({});
    this.#step = step;
  }

  override _llmType(): string {
    return "offline";
  }

  /** The step's tools are known already; binding them is what allows calling them. */
  override bindTools(tools: BindToolsInput[]) {
    return this.withConfig({ tools });
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const decision = this.#decide(messages, options);
    const text = textOf(decision);
    const message = new AIMessageChunk({ content: text }).concat(ending(decision, messages));
    return { generations: [{ text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const decision = this.#decide(messages, options);
    for (const piece of pieces(textOf(decision))) {
      // Others get their turn between two pieces, so that a draft is seen growing.
      await setImmediate(undefined, options.signal ? { signal: options.signal } : {});
      yield new ChatGenerationChunk({ text: piece, message: new AIMessageChunk(piece) });
      await runManager?.handleLLMNewToken(piece);
    }
    yield new ChatGenerationChunk({ text: "", message: ending(decision, messages) });
  }

  #decide(messages: readonly BaseMessage[], options: CallOptions): Decision {
    const tools = options.tools ? this.#step.tools : [];
    return decide({ ...this.#step, tools }, messages);
  }
}

/** The same JSON that other models must write, so that one way of reading serves all. */
function textOf(decision: Decision): string {
  return decision.kind === "reply" ? JSON.stringify(decision.reply) : "";
}

/** The last piece: tool calls, if any, and what the answer would have cost. */
function ending(decision: Decision, messages: readonly BaseMessage[]): AIMessageChunk {
  const input_tokens = messages.reduce((sum, message) => sum + tokensIn(message.text), 0);
  const output_tokens = tokensIn(textOf(decision));
  const calls = decision.kind === "call" ? decision.calls : [];
  const message = new AIMessageChunk({
    content: "",
    tool_call_chunks: calls.map(({ tool, args }, index) => ({
      type: "tool_call_chunk" as const,
      id: `offline_${messages.length}_${index}`,
      index,
      name: tool,
      args: JSON.stringify(args),
    })),
  });
  return Object.assign(message, {
    usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
  });
}

/** Word by word, or in larger pieces when the text is long. */
function pieces(text: string): string[] {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  const size = Math.ceil(words.length / MAX_PIECES);
  const joined: string[] = [];
  for (let i = 0; i < words.length; i += size) joined.push(words.slice(i, i + size).join(""));
  return joined;
}
