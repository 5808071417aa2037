/** What holds for every model call: cancellation, budget, one repair of broken tool calls, and the chain behind the model. */
import { AIMessage, AIMessageChunk, HumanMessage } from "@langchain/core/messages";
import { ask } from "../call/ask.ts";
import { overTokens } from "../call/budget.ts";
import { fallBehind, lighten } from "./chain.ts";
import { promptTokens, type Request } from "../call/request.ts";
import type { Run } from "./run.ts";
import { speak } from "../call/speak.ts";
import { textOf } from "../text-of.ts";

const BROKEN_CALL =
  "Your tool call could not be read: its arguments were not valid JSON. Call the tool again with valid JSON, or answer.";

export async function answer(run: Run, request: Request): Promise<AIMessage> {
  const message = await answerOnce(run, request);
  if (!hasBrokenCalls(message)) return message;

  run.witness.trace({ kind: "repaired", issues: ["bad_tool_call"] });
  const messages = [...request.messages, new HumanMessage(BROKEN_CALL)];
  const again = await answerOnce(run, { ...request, messages });
  if (hasBrokenCalls(again)) throw run.stop("bad_tool_call");
  return again;
}

/** One answer of whoever speaks; when a model fails before anything was shown, the next of its chain does. */
async function answerOnce(run: Run, request: Request): Promise<AIMessage> {
  run.signal.throwIfAborted();
  if (overBudget(run, request)) throw run.stop("budget");
  for (;;) {
    const { circuit } = run.speaker;
    if (!circuit) return askOffline(run, request);
    const asked = await ask(run, circuit, { ...request, messages: request.messages.slice(run.trimmed) });
    if (asked.kind === "answered") return asked.message;
    const tooLong = asked.kind === "failed" && asked.failure.kind === "too_long";
    if (tooLong && !overBudget(run, request) && lighten(run)) continue;
    fallBehind(run, asked);
  }
}

/** It reads the step itself, costs nothing and waits for nobody. */
async function askOffline(run: Run, request: Request): Promise<AIMessage> {
  const startedAt = run.clock.now().getTime();
  const { name } = run.speaker;
  run.spent.modelCalls += 1;
  const message = await speak(run, request, { signal: run.signal, heard: () => {} });
  run.signal.throwIfAborted();
  const tokens = promptTokens(request) + Math.ceil(textOf(message).length / 4);
  run.spent.tokens += tokens;
  const ms = run.clock.now().getTime() - startedAt;
  const outcome = message.tool_calls?.length ? "tools" : "text";
  run.witness.trace({ kind: "model_called", model: name, tokens, ms, outcome });
  return message;
}

/** A degraded answer is worth more than a budget kept: the offline model has none, and a chain that was begun is gone through. */
function overBudget(run: Run, request: Request): boolean {
  const { modelCalls } = run.step.left;
  if (!run.speaker.circuit) return false;
  return run.spent.modelCalls >= modelCalls || overTokens(run, request);
}

/** Streamed arguments are read leniently by LangChain: a call cut in the middle would pass as a whole one. */
function hasBrokenCalls(message: AIMessage): boolean {
  if (message.invalid_tool_calls?.length) return true;
  if (!AIMessageChunk.isInstance(message)) return false;
  return (message.tool_call_chunks ?? []).some((chunk) => !isJson(chunk.args || "{}"));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The question was whether it parses.
    return false;
  }
}
