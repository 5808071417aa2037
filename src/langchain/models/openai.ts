/** A chat model behind an OpenAI-compatible address. Made by chat-models.ts, once for each name. */
import type { BaseMessageChunk } from "@langchain/core/messages";
import { ChatOpenAI, ChatOpenAICompletions, ChatOpenAIResponses } from "@langchain/openai";
import { readToItsEnd } from "./body.ts";
import { ModelFailure } from "./failure.ts";
import { isOpenAi } from "./prices.ts";

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
  const limit = isOpenAi(baseUrl ?? null) ? "max_completion_tokens" : "max_tokens";
  return new ChatOpenAI({ ...fields, completions: new Completions(fields, limit), responses: new Responses(fields) });
}

/** An option of each call: the most tokens that the answer may have, thoughts included. */
export type AnswerLimit = { readonly mostOutput?: number };

/** OpenAI's thinking models refuse the old name, and many servers of one's own know no other. */
type LimitField = "max_completion_tokens" | "max_tokens";

type Invocation = ChatOpenAICompletions["invocationParams"];
type Convert = ChatOpenAICompletions["_convertCompletionsDeltaToBaseMessageChunk"];

/** LangChain's own, which knows no limit for a single call, and loses two things of a stream: a refusal, and the answer of a server that names no role. */
class Completions extends ChatOpenAICompletions {
  readonly #limit: LimitField;

  constructor(fields: ConstructorParameters<typeof ChatOpenAICompletions>[0], limit: LimitField) {
    super(fields);
    this.#limit = limit;
  }

  /** LangChain takes a limit for all calls only, and chooses its name by the model's. */
  override invocationParams(...given: Parameters<Invocation>): ReturnType<Invocation> {
    const options: (AnswerLimit & Parameters<Invocation>[0]) | undefined = given[0];
    const mostOutput = options?.mostOutput;
    const { max_tokens: _old, max_completion_tokens: _new, ...params } = super.invocationParams(...given);
    return mostOutput === undefined ? params : { ...params, [this.#limit]: mostOutput };
  }

  protected override _convertCompletionsDeltaToBaseMessageChunk(...given: Parameters<Convert>): BaseMessageChunk {
    const [delta, raw, role = "assistant"] = given;
    const chunk = super._convertCompletionsDeltaToBaseMessageChunk(delta, raw, role);
    if (delta["refusal"]) chunk.additional_kwargs["refusal"] = delta["refusal"];
    // Some servers number all their answers alike, and of two messages with one id the run keeps one.
    delete chunk.id;
    return chunk;
  }
}

type ResponsesInvocation = ChatOpenAIResponses["invocationParams"];

/** What LangChain asks some of OpenAI's newest models by; only the limit is added. */
class Responses extends ChatOpenAIResponses {
  override invocationParams(...given: Parameters<ResponsesInvocation>): ReturnType<ResponsesInvocation> {
    const options: (AnswerLimit & Parameters<ResponsesInvocation>[0]) | undefined = given[0];
    const params = super.invocationParams(...given);
    return options?.mostOutput === undefined ? params : { ...params, max_output_tokens: options.mostOutput };
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
