/** What holds for every tool call: grants, repeats, arguments, failures in fixed words, results cut to size. */
import { ToolMessage } from "@langchain/core/messages";
import type { WrapToolCallHook } from "langchain";
import {
  clip,
  isAway,
  novaErrorIn,
  sentenceFor,
  wellFormed,
  withoutSecrets,
  type ErrorCode,
  type ToolDefinition,
  type TraceEvent,
} from "#core";
import type { Run } from "./run.ts";
import { NOTHING_FOUND, TOOL_FAILED, TOOL_TIMEOUT } from "../tool-words.ts";
import { ToolTimeout } from "./tools.ts";

const MAX_RESULT = 8_000;
const MAX_DENIALS = 2;
const MAX_SAME_CALLS = 2;

type Outcome = Extract<TraceEvent, { kind: "tool_called" }>["outcome"];

/** Sentences that the model reads in place of a result. */
const SENTENCES = {
  denied: "Not allowed: there is no such tool for you. Use only the tools you were given, or answer without.",
  loop: "Blocked: you made this very call twice already. Use what it returned, or answer without it.",
  spent: "No tool calls are left. Answer with what you have.",
} as const;

export type ToolGuard = WrapToolCallHook;

/** One for all tool calls of a run: it counts them. */
export function guardToolCalls(run: Run): ToolGuard {
  const calls = new Map<string, number>();
  let denials = 0;
  let newest: string | undefined;

  return async (request, handler) => {
    run.signal.throwIfAborted();
    const toolCall = { ...request.toolCall, args: readable(request.toolCall.args) };
    const { name, args, id } = toolCall;
    const startedAt = run.clock.now().getTime();
    const end = (outcome: Outcome, content: string) => {
      run.witness.trace({
        kind: "tool_called",
        tool: outcome === "denied" ? madeUp(name) : name,
        ms: run.clock.now().getTime() - startedAt,
        outcome,
        characters: content.length,
      });
      const status = outcome === "ok" ? ("success" as const) : ("error" as const);
      return new ToolMessage({ content, name, tool_call_id: id ?? name, status });
    };

    const definition = granted(run, name);
    if (!definition || !request.tool) {
      denials += 1;
      run.missing.push(madeUp(name));
      const told = end("denied", SENTENCES.denied);
      if (denials >= MAX_DENIALS) throw run.stop("denied");
      return told;
    }

    const key = `${name} ${canonical(args)}`;
    const made = (calls.get(key) ?? 0) + 1;
    calls.set(key, made);
    if (made > MAX_SAME_CALLS) {
      const told = end("loop", SENTENCES.loop);
      if (made > MAX_SAME_CALLS + 1) throw run.stop("loop");
      return told;
    }

    if (run.spent.toolCalls >= run.step.left.toolCalls) return end("refused", SENTENCES.spent);
    const input = definition.input.safeParse(args);
    if (!input.success) return end("refused", `The arguments do not fit. ${issuesOf(input.error.issues)}`);

    const call = { name, args, key, after: newest };
    newest = key;
    run.spent.toolCalls += 1;
    run.toolsRun.push(name);
    run.witness.status(`Using ${name.replaceAll("_", " ")}`);
    try {
      const message = await handler({ ...request, toolCall });
      run.signal.throwIfAborted();
      if (!ToolMessage.isInstance(message)) return message;
      const content = clip(message.text, MAX_RESULT);
      run.results.push(content);
      // What failed and was asked again has not failed in the end.
      run.failed.mend(call);
      if (definition.outside) run.taint({ by: "tool", name });
      return end("ok", content.trim() === "" ? NOTHING_FOUND : content);
    } catch (error) {
      // No model can make up for a database that is away: the turn is tried again.
      if (run.signal.aborted || isAway(error)) throw error;
      const [outcome, told] = failure(run, name, error);
      if (outcome !== "refused") run.failed.note(call);
      return end(outcome, told);
    }
  };
}

/** A name that the model invented goes into the trace only so far as one can read it. */
const madeUp = (name: string): string => clip(withoutSecrets(wellFormed(name).replaceAll(/\p{C}+/gu, " ")), 60);

/** What a tool stores must be storable; few arguments hold anything else. */
function readable(args: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(args);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return args;
  return JSON.parse(text, (_key, value: unknown) => (typeof value === "string" ? wellFormed(value) : value));
}

function granted(run: Run, name: string): ToolDefinition | undefined {
  if (!run.step.agent.tools.includes(name)) return undefined;
  return run.step.tools.find((definition) => definition.name === name);
}

/** Only a NovaError's own words may pass: any other text may hold a secret. */
function failure(run: Run, tool: string, error: unknown): [Outcome, string] {
  const known = novaErrorIn(error);
  // "There is no such turn" is an answer; that something is out of order is none.
  if (known && ANSWERS.has(known.code)) return ["refused", sentenceFor(error)];
  if (timedOut(error)) return ["timeout", TOOL_TIMEOUT];
  run.log.error("tool.failed", error, { tool, agent: run.step.agent.id });
  return ["failed", TOOL_FAILED];
}

const ANSWERS: ReadonlySet<ErrorCode> = new Set(["bad_input", "not_found", "forbidden", "too_large"]);

function timedOut(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) if (e instanceof ToolTimeout) return true;
  return false;
}

function issuesOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join(".") || "arguments"}: ${message}.`).join(" ");
}

/** The same value in the same words, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
