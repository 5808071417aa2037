/** What holds for every model call: cancellation, budget, one repair of broken tool calls, the fall to `offline`. */
import { AIMessage, AIMessageChunk, HumanMessage } from "@langchain/core/messages";
import type { WrapModelCallHandler, WrapModelCallHook } from "langchain";
import { z } from "zod";
import { tokensIn } from "#core";
import { failureCode } from "./failure-code.ts";
import { createOfflineModel } from "./offline/offline-model.ts";
import type { Run } from "./run.ts";

type Request = Parameters<WrapModelCallHook>[0];

/** A provider may leave the count out or give nonsense; then it is estimated. */
const usageSchema = z.object({ total_tokens: z.int().positive() });

const BROKEN_CALL =
  "Your tool call could not be read: its arguments were not valid JSON. Call the tool again with valid JSON, or answer.";

export function guardModelCalls(run: Run): WrapModelCallHook {
  return async (request, handler) => {
    const message = await call(run, request, handler);
    if (!hasBrokenCalls(message)) return message;

    run.witness.trace({ kind: "repaired", issues: ["bad_tool_call"] });
    const messages = [...request.messages, new HumanMessage(BROKEN_CALL)];
    const again = await call(run, { ...request, messages }, handler);
    if (hasBrokenCalls(again)) throw run.stop("bad_tool_call");
    return again;
  };
}

/** One answer of whoever speaks; when a provider fails before anything was shown, the offline model speaks instead. */
async function call(run: Run, request: Request, handler: WrapModelCallHandler): Promise<AIMessage> {
  run.signal.throwIfAborted();
  if (overBudget(run, request)) throw run.stop("budget");
  run.spent.modelCalls += 1;
  const startedAt = run.clock.now().getTime();
  const traced = { kind: "model_called" as const, model: run.speaker.name };
  const elapsed = () => run.clock.now().getTime() - startedAt;
  run.heard();
  try {
    const message = await handler({ ...request, model: run.speaker.model });
    run.signal.throwIfAborted();
    const tokens = tokensOf(message, request);
    run.spent.tokens += tokens;
    const outcome = message.tool_calls?.length || hasBrokenCalls(message) ? "tools" : "text";
    run.witness.trace({ ...traced, tokens, ms: elapsed(), outcome });
    return message;
  } catch (error) {
    const code = failureCode(error);
    run.witness.trace({ ...traced, tokens: 0, ms: elapsed(), outcome: "failed", error: code });
    if (run.signal.aborted) throw error;
    run.log.warn("model.failed", { model: run.speaker.name, agent: run.step.agent.id, code });
    if (run.speaker.offline) throw error;
    if (run.shown) throw run.stop("model_failed");
    fallToOffline(run, code);
  } finally {
    run.quiet();
  }
  return call(run, request, handler);
}

export function fallToOffline(run: Run, why: string): void {
  run.show("");
  run.fallen = run.speaker.name;
  run.speaker = { name: "offline", model: createOfflineModel(run.step), offline: true };
  run.witness.trace({ kind: "fallback", why, to: "offline" });
}

/** The offline model costs nothing, and a degraded answer is worth more than a budget kept. */
function overBudget({ speaker, spent, step }: Run, request: Request): boolean {
  if (speaker.offline) return false;
  const { modelCalls, tokens } = step.agent.budget;
  return spent.modelCalls >= modelCalls || spent.tokens + promptTokens(request) > tokens;
}

function tokensOf(message: AIMessage, request: Request): number {
  const reported = usageSchema.safeParse(message.usage_metadata);
  return reported.success ? reported.data.total_tokens : promptTokens(request) + tokensIn(message.text);
}

function promptTokens(request: Request): number {
  return request.messages.reduce((sum, message) => sum + tokensIn(message.text), tokensIn(request.systemPrompt));
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
