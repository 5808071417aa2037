/** Chat models that answer when the test lets them: for turns that must be caught in the middle. */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import { chainOf } from "./chain.ts";

export interface GatedModels {
  readonly models: ChatModels;
  /** How many calls stand at the gate. */
  waiting(): number;
  /** How many calls were made in all. */
  calls(): number;
  /** What each call was shown, as one string. */
  heard(): readonly string[];
  /** Lets everything through from now on, answering with this text. */
  openAll(text?: string): void;
}

export function createGatedModels(): GatedModels {
  const gate = Promise.withResolvers<void>();
  let text = "The answer.";
  let waiting = 0;
  let calls = 0;
  const heard: string[] = [];

  class GatedModel extends BaseChatModel {
    override _llmType(): string {
      return "gated";
    }

    override bindTools(): this {
      return this;
    }

    override async _generate(
      messages: BaseMessage[],
      options: BaseChatModelCallOptions,
      _run?: CallbackManagerForLLMRun,
    ): Promise<ChatResult> {
      calls += 1;
      heard.push(messages.map((message) => message.text).join("\n"));
      waiting += 1;
      try {
        await Promise.race([gate.promise, aborted(options.signal)]);
      } finally {
        waiting -= 1;
      }
      options.signal?.throwIfAborted();
      const content = JSON.stringify({ kind: "answer", text });
      return { generations: [{ text: content, message: new AIMessage(content) }] };
    }
  }

  return {
    models: chainOf({ name: "gated", model: new GatedModel({}) }),
    waiting: () => waiting,
    calls: () => calls,
    heard: () => heard,
    openAll(answer) {
      if (answer !== undefined) text = answer;
      gate.resolve();
    },
  };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
