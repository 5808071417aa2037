/** A chat model that says what a test tells it to say, line by line, through LangChain's real streaming path. */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import { chainOf } from "./chain.ts";

export type Call = { readonly name: string; readonly args: object | string };

export type Line =
  /** Streamed in pieces of ten characters. */
  | string
  | Error
  | { readonly calls: readonly Call[]; readonly text?: string }
  /** Pieces, then silence for ever (unless aborted), or a failure. */
  | { readonly pieces: readonly string[]; readonly end: "silence" | Error }
  /** Pieces, then an ordinary end, once `until` has resolved. No pieces: an empty stream. */
  | { readonly pieces: readonly string[]; readonly until?: Promise<void> }
  | { readonly refusal: string }
  | ((messages: readonly BaseMessage[]) => Line);

export const says = (text: string): string => JSON.stringify({ kind: "answer", text });

export type Scripted = {
  readonly model: BaseChatModel;
  readonly models: ChatModels;
  /** The messages of every call, in order. */
  readonly heard: readonly (readonly BaseMessage[])[];
  /** All that the model was ever shown, as one string. */
  readonly seen: () => string;
};

/** The last line is repeated when the script has run out. */
export function scripted(...lines: readonly Line[]): Scripted {
  const heard: BaseMessage[][] = [];
  const model = new ScriptedModel(lines, heard);
  return {
    model,
    heard,
    models: chainOf({ name: "scripted", model }),
    seen: () =>
      heard
        .flat()
        .map((message) => JSON.stringify(message.toDict()))
        .join("\n"),
  };
}

class ScriptedModel extends BaseChatModel {
  readonly #lines: readonly Line[];
  readonly #heard: BaseMessage[][];

  constructor(lines: readonly Line[], heard: BaseMessage[][]) {
    super({});
    this.#lines = lines;
    this.#heard = heard;
  }

  override _llmType(): string {
    return "scripted";
  }

  override bindTools(tools: BindToolsInput[]) {
    return this.withConfig({ tools } as object);
  }

  override async _generate(): Promise<ChatResult> {
    throw new Error("the run is expected to stream");
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    let line = this.#lines[Math.min(this.#heard.length, this.#lines.length - 1)] ?? "";
    this.#heard.push([...messages]);
    while (typeof line === "function") line = line(messages);
    if (line instanceof Error) throw line;
    const pieces =
      typeof line === "string" ? (line.match(/[\s\S]{1,10}/g) ?? [""]) : "pieces" in line ? line.pieces : [];
    for (const piece of pieces) {
      yield new ChatGenerationChunk({ text: piece, message: new AIMessageChunk(piece) });
      await runManager?.handleLLMNewToken(piece);
    }
    if (typeof line === "object" && "until" in line) await line.until;
    if (typeof line === "object" && "calls" in line) yield callChunk(line.calls, line.text ?? "", this.#heard.length);
    if (typeof line === "object" && "refusal" in line) yield refusalChunk(line.refusal);
    if (typeof line === "object" && "end" in line) await endBadly(line.end, options.signal);
  }
}

function callChunk(calls: readonly Call[], text: string, turn: number): ChatGenerationChunk {
  const tool_call_chunks = calls.map(({ name, args }, index) => ({
    type: "tool_call_chunk" as const,
    id: `call_${turn}_${index}`,
    index,
    name,
    args: typeof args === "string" ? args : JSON.stringify(args),
  }));
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, tool_call_chunks }) });
}

function refusalChunk(refusal: string): ChatGenerationChunk {
  return new ChatGenerationChunk({
    text: "",
    message: new AIMessageChunk({ content: "", additional_kwargs: { refusal } }),
  });
}

async function endBadly(end: "silence" | Error, signal: AbortSignal | undefined): Promise<void> {
  if (end !== "silence") throw end;
  await new Promise<void>((_, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}
