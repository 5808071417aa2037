/** A chat model behind an OpenAI-compatible address. Made by chat-models.ts, once for each name. */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseMessage, BaseMessageChunk } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { ChatOpenAI, ChatOpenAICompletions } from "@langchain/openai";
import { ModelFailure } from "./failure.ts";

export type ServerSettings = {
  readonly apiKey?: string | undefined;
  /** Base URL of an OpenAI-compatible server, ending in /v1. A server of one's own may need no key. */
  readonly baseUrl?: string | undefined;
};

/** No retries and no time limit of its own: the run owns the deadline and knows what was shown. */
export function createOpenAi(model: string, { apiKey, baseUrl }: ServerSettings): ChatOpenAI {
  const fields = {
    model,
    apiKey: apiKey ?? "none",
    maxRetries: 0,
    // Asks for the usage at the end of a stream; a server that does not know the option leaves it out.
    streamUsage: true,
    configuration: {
      ...(baseUrl ? { baseURL: baseUrl } : {}),
      fetch: fetchStream,
      // The client prints what it cannot parse, and that is the provider's text.
      logLevel: "off" as const,
    },
  };
  return new ChatOpenAI({ ...fields, completions: new Completions(fields) });
}

/** What a call may be given besides LangChain's own: its signal is the whole run's. */
export type CallOptions = {
  /** Aborts this try alone. */
  readonly silence?: AbortSignal;
};

type Options = ChatOpenAICompletions["ParsedCallOptions"] & CallOptions;
type Convert = ChatOpenAICompletions["_convertCompletionsDeltaToBaseMessageChunk"];

/** LangChain's own, which loses three things of a stream: its end's reason, a refusal, and the answer of a server that names no role. */
class Completions extends ChatOpenAICompletions {
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    { silence, ...options }: Options,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const signals = [options.signal, silence].filter((signal) => signal !== undefined);
    yield* super._streamResponseChunks(messages, { ...options, signal: AbortSignal.any(signals) }, runManager);
  }

  protected override _convertCompletionsDeltaToBaseMessageChunk(...given: Parameters<Convert>): BaseMessageChunk {
    const [delta, raw, role = "assistant"] = given;
    const chunk = super._convertCompletionsDeltaToBaseMessageChunk(delta, raw, role);
    const reason = raw.choices[0]?.finish_reason;
    if (reason) chunk.response_metadata["finish_reason"] = reason;
    if (delta["refusal"]) chunk.additional_kwargs["refusal"] = delta["refusal"];
    // Some servers number all their answers alike, and of two messages with one id the run keeps one.
    delete chunk.id;
    return chunk;
  }
}

/** The client takes a page or a plain object for a stream in which nothing happens; only here can it be told what came. */
const fetchStream: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!response.ok) return response;
  const type = response.headers.get("content-type") ?? "";
  const kind = /\bhtml\b/i.test(type) ? "web_page" : /\bapplication\/json\b/i.test(type) ? "malformed" : undefined;
  if (!kind) return response;
  await response.body?.cancel();
  throw new ModelFailure(kind);
};
