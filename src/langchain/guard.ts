/** The one middleware of every agent run: each model call and each tool call passes through here. */
import { createMiddleware } from "langchain";
import { guardModelCalls } from "./model-guard.ts";
import type { Run } from "./run.ts";
import { guardToolCalls } from "./tool-guard.ts";

export function createGuard(run: Run) {
  return createMiddleware({
    name: "Guard",
    wrapModelCall: guardModelCalls(run),
    wrapToolCall: guardToolCalls(run),
  });
}
