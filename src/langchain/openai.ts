/** A chat model behind an OpenAI-compatible address. Made by chat-models.ts, once for each name. */
import type { BaseMessageChunk } from "@langchain/core/messages";
import { ChatOpenAI, ChatOpenAICompletions } from "@langchain/openai";
import { readToItsEnd } from "./body.ts";
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

type Convert = ChatOpenAICompletions["_convertCompletionsDeltaToBaseMessageChunk"];

/** LangChain's own, which loses two things of a stream: a refusal, and the answer of a server that names no role. */
class Completions extends ChatOpenAICompletions {
  protected override _convertCompletionsDeltaToBaseMessageChunk(...given: Parameters<Convert>): BaseMessageChunk {
    const [delta, raw, role = "assistant"] = given;
    const chunk = super._convertCompletionsDeltaToBaseMessageChunk(delta, raw, role);
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
  if (kind) {
    await response.body?.cancel();
    throw new ModelFailure(kind);
  }
  return response.body ? new Response(readToItsEnd(response.body), response) : response;
};
