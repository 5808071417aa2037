/** Lets a model use its tools until it answers, as LangChain's agent. Called by converse.ts when a model first wants one. */
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { createAgent, createMiddleware } from "langchain";
import { answer } from "./model-guard.ts";
import type { Request } from "../call/request.ts";
import type { Run } from "./run.ts";
import type { ToolGuard } from "./tool-guard.ts";
import { bindTools } from "./tools.ts";

export type Round = {
  readonly request: Request;
  /** The answer to it, which asks for a tool. */
  readonly wanting: AIMessage;
  readonly guard: ToolGuard;
};

/** Gives all messages of the request and those that followed. The model is asked under the same rules as before. */
export async function useTools(run: Run, { request, wanting, guard }: Round): Promise<BaseMessage[]> {
  let inHand: AIMessage | undefined = wanting;
  const middleware = createMiddleware({
    name: "Guard",
    async wrapModelCall({ messages }) {
      const given = inHand ?? (await answer(run, { ...request, messages }));
      inHand = undefined;
      return given;
    },
    wrapToolCall: guard,
  });
  const agent = createAgent({ model: run.speaker.model, tools: bindTools(run), middleware: [middleware] });
  const { modelCalls, toolCalls } = run.step.left;
  // Two graph steps a round; the guard's budgets end a run long before this does.
  const limits = { signal: run.signal, recursionLimit: 4 * (modelCalls + toolCalls) + 20 };
  const ended = await agent.invoke({ messages: [...request.messages] }, limits);
  return ended.messages;
}
