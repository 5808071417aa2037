/** Lets whoever speaks answer once: its pieces are heard, shown as a draft and put together. Called by ask.ts and model-guard.ts. */
import type { BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, SystemMessage, type AIMessage } from "@langchain/core/messages";
import type { Calling } from "./calling.ts";
import { createDraft } from "./draft.ts";
import { ModelFailure } from "../models/failure.ts";
import type { AnswerLimit } from "../models/openai.ts";
import type { Request, ToolDescription } from "./request.ts";
import { textOf } from "../text-of.ts";

export type Hearing = {
  /** Ends this try; what comes afterwards is not heard. */
  readonly signal: AbortSignal;
  /** A piece came, with so many characters of text or of a tool call; 0 when it is a mere sign of life. */
  readonly heard: (characters: number) => void;
  /** The most tokens that the answer may have; left out for who costs nothing. */
  readonly mostOutput?: number;
};

type CallOptions = Partial<BaseChatModelCallOptions> & {
  readonly tools?: readonly ToolDescription[];
} & AnswerLimit;

/** Streamed even when nobody watches: only so is a silent model noticed, and an answer that was cut off. */
export async function speak(
  run: Calling,
  request: Request,
  { signal, heard, mostOutput }: Hearing,
): Promise<AIMessage> {
  const { speaker } = run;
  const draft = createDraft(run);
  const pieces: AIMessageChunk[] = [];
  const { tools } = request;
  const options: CallOptions = { signal, ...(tools.length > 0 && { tools }), ...(mostOutput && { mostOutput }) };
  const messages = [new SystemMessage(request.systemPrompt), ...request.messages];
  // Behind `stream`, which sets up a context of LangChain's for each piece and watches the signal once more.
  for await (const piece of speaker.model._streamIterator(messages, options)) {
    signal.throwIfAborted();
    const text = textOf(piece);
    heard(text.length + argumentsIn(piece));
    draft.add(text);
    pieces.push(piece);
  }
  if (pieces.length === 0) throw new ModelFailure("empty_stream");
  return whole(pieces);
}

/** Characters of tool calls, which are no text. */
function argumentsIn({ tool_call_chunks: calls = [] }: AIMessageChunk): number {
  return calls.reduce((sum, { name, args }) => sum + (name ?? "").length + (args ?? "").length, 0);
}

/** Text is joined at once, because LangChain would build a whole message anew for each piece of it. */
function whole(pieces: readonly AIMessageChunk[]): AIMessage {
  const [first, ...others] = pieces.filter((piece) => !isText(piece));
  const rest = others.reduce((sum, piece) => sum.concat(piece), first ?? new AIMessageChunk(""));
  rest.content = pieces.map(textOf).join("");
  return rest;
}

function isText(piece: AIMessageChunk): boolean {
  return (
    !piece.tool_call_chunks?.length &&
    !piece.usage_metadata &&
    !("finish_reason" in piece.response_metadata) &&
    Object.keys(piece.additional_kwargs).length === 0
  );
}
