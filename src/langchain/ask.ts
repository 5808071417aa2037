/** One call of one model: reserved once, tried again where that may help, its failures named. Called by model-guard.ts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AIMessage } from "@langchain/core/messages";
import { z } from "zod";
import type { Tokens } from "#core";
import { attempt } from "./attempt.ts";
import type { Circuit } from "./circuit.ts";
import { diagnose } from "./diagnose.ts";
import { FAILURES, ModelFailure, type FailureKind } from "./failure.ts";
import type { Entry } from "./ledger.ts";
import { createPauses, patience } from "./pace.ts";
import { isUnfinished } from "./reply-text.ts";
import { promptTokens, type Request } from "./request.ts";
import type { Run } from "./run.ts";
import { speak } from "./speak.ts";
import { textOf } from "./text-of.ts";

export type Asked =
  | { readonly kind: "answered"; readonly message: AIMessage }
  | { readonly kind: "failed"; readonly failure: ModelFailure }
  /** Not asked: it failed too often, or in a way that does not pass by itself. */
  | { readonly kind: "resting"; readonly why: FailureKind; readonly ms: number }
  /** Not asked: the day's cap would be passed. */
  | { readonly kind: "refused" };

/** A provider may leave the counts out or give nonsense; then they are estimated. */
const usageSchema = z.object({ input_tokens: z.int().nonnegative(), output_tokens: z.int().positive() });

type Call = { readonly circuit: Circuit; readonly request: Request; readonly entry: Entry };

/** Throws when the run ends meanwhile, and when the model fails after the person has seen some of its answer. */
export async function ask(run: Run, circuit: Circuit, request: Request): Promise<Asked> {
  const { speaker, spent, step } = run;
  const before = circuit.resting();
  if (before) return { kind: "resting", ...before };
  const input = promptTokens(request);
  const most = { input, output: Math.max(0, step.agent.budget.tokens - spent.tokens - input) };
  const entry = await run.ledger.reserve(speaker.name, most);
  if (entry === "refused") return { kind: "refused" };
  run.signal.throwIfAborted();
  spent.modelCalls += 1;

  const asked = await tries(run, { circuit, request, entry });
  entry.end(asked.kind === "answered" ? "answered" : "failed");
  if (asked.kind === "failed" && run.shown) {
    run.show("");
    throw run.stop(asked.failure.kind === "stalled" ? "stalled" : "model_failed");
  }
  return asked;
}

async function tries(run: Run, { circuit, request, entry }: Call): Promise<Asked> {
  const { name } = run.speaker;
  const pauses = createPauses(run.pace);
  for (let made = 1; ; made += 1) {
    // Others may have found out meanwhile.
    const resting = circuit.resting();
    if (resting) return { kind: "resting", ...resting };
    try {
      const ill = circuit.health().state !== "closed";
      const message = await circuit.run(() => tryOnce(run, request, entry));
      if (ill) run.log.info("model.well_again", { model: name });
      return { kind: "answered", message };
    } catch (error) {
      if (!(error instanceof ModelFailure) || run.signal.aborted) throw error;
      report(run, error, circuit);
      const pauseMs = run.shown || circuit.resting() ? undefined : pauseBefore(run, error, { made, pauses });
      if (pauseMs === undefined) return { kind: "failed", failure: error };
      run.witness.trace({ kind: "retried", model: name, why: error.kind, afterMs: Math.round(pauseMs) });
      const asks = error.pauseMs !== undefined && pauseMs >= 1_000;
      run.witness.status(
        asks ? `${name} asks for a pause of ${Math.round(pauseMs / 1_000)} s` : `Asking ${name} again`,
      );
      await sleep(pauseMs, undefined, { signal: run.signal });
    }
  }
}

/** What the provider asks for counts, if an answer can still come after it. */
function pauseBefore(
  run: Run,
  { kind, pauseMs }: ModelFailure,
  { made, pauses }: { readonly made: number; readonly pauses: () => number },
): number | undefined {
  if (made > FAILURES[kind].retries) return undefined;
  const wanted = pauseMs ?? pauses();
  return wanted <= patience(run.left()) ? wanted : undefined;
}

async function tryOnce(run: Run, request: Request, entry: Entry): Promise<AIMessage> {
  const { name } = run.speaker;
  const startedAt = run.clock.now().getTime();
  const trace = (used: Tokens, end: { outcome: "text" | "tools" | "failed"; error?: string }): void => {
    const tokens = used.input + used.output;
    run.spent.tokens += tokens;
    const ms = run.clock.now().getTime() - startedAt;
    const micros = run.ledger.costOf(name, used);
    run.witness.trace({ kind: "model_called", model: name, tokens, ...used, micros, ms, ...end });
  };
  entry.asked(promptTokens(request));
  try {
    const message = await attempt(run, entry, (hearing) => speak(run, request, hearing));
    run.signal.throwIfAborted();
    if (message.response_metadata["finish_reason"] === undefined && isUnfinished(textOf(message))) {
      throw new ModelFailure("cut");
    }
    trace(entry.tried(reported(message) ?? estimated(message, entry)), {
      outcome: callsTools(message) ? "tools" : "text",
    });
    return message;
  } catch (error) {
    if (run.signal.aborted) {
      trace(entry.tried("estimate"), { outcome: "failed", error: "ended" });
      throw error;
    }
    const failure = diagnose(error);
    const used = entry.tried(FAILURES[failure.kind].costs ? "estimate" : "nothing");
    trace(used, { outcome: "failed", error: failure.kind });
    throw failure;
  }
}

const callsTools = (message: AIMessage): boolean =>
  Boolean(message.tool_calls?.length) || Boolean(message.invalid_tool_calls?.length);

function reported(message: AIMessage): Tokens | undefined {
  const usage = usageSchema.safeParse(message.usage_metadata);
  return usage.success ? { input: usage.data.input_tokens, output: usage.data.output_tokens } : undefined;
}

/** A model that does not stream was not heard piece by piece. */
function estimated(message: AIMessage, entry: Entry): "estimate" {
  if (!entry.heardAny()) entry.heard(textOf(message).length);
  return "estimate";
}

function report(run: Run, { kind, code }: ModelFailure, circuit: Circuit): void {
  const { remedy } = FAILURES[kind];
  const about = { model: run.speaker.name, agent: run.step.agent.id, code };
  if (remedy) run.log.warn(`model.${kind}`, { ...about, remedy });
  else run.log.warn("model.failed", { ...about, kind });
  const resting = circuit.resting();
  if (resting) run.log.warn("model.circuit_opened", { model: run.speaker.name, why: resting.why, ms: resting.ms });
}
