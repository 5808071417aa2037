/** One call of one model: reserved before, tried again where that may help, its failures named. Called by model-guard.ts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AIMessage } from "@langchain/core/messages";
import { z } from "zod";
import type { Tokens } from "#core";
import { attempt } from "./attempt.ts";
import { mostOf, overTokens, shrinking } from "./budget.ts";
import type { Calling } from "./calling.ts";
import { opensAtOnce, type Circuit, type Passage, type Resting } from "../models/circuit.ts";
import { diagnose } from "../models/diagnose.ts";
import { FAILURES, ModelFailure } from "../models/failure.ts";
import type { PaidCall, Refusal } from "./costs.ts";
import { createPauses, patience } from "./pace.ts";
import { isUnfinished } from "../reply-text.ts";
import type { Request } from "./request.ts";
import { speak } from "./speak.ts";
import { textOf } from "../text-of.ts";

export type Asked =
  | { readonly kind: "answered"; readonly message: AIMessage }
  | { readonly kind: "failed"; readonly failure: ModelFailure }
  /** Not asked: it failed too often, or in a way that does not pass by itself, or it asks for a long pause. */
  | ({ readonly kind: "resting" } & Resting)
  /** Not asked: a cap of the day, everybody's or the agent's own, would be passed, also by a short answer. */
  | { readonly kind: "refused"; readonly whose: "everybody" | "agent" };

/** A provider may leave the counts out or give nonsense; then they are estimated. */
const usageSchema = z.object({ input_tokens: z.int().nonnegative(), output_tokens: z.int().positive() });

type Call = { readonly circuit: Circuit; readonly passage: Passage; readonly request: Request };
type Paid = { readonly call: PaidCall; readonly most: Tokens };

/** Throws when the run ends meanwhile, and when the model fails after the person has seen some of its answer. */
export async function ask(run: Calling, circuit: Circuit, request: Request): Promise<Asked> {
  const resting = await outwait(run, circuit);
  if (resting) return { kind: "resting", ...resting };
  const passage = circuit.enter();
  if ("why" in passage) return { kind: "resting", ...passage };
  const asked = await tries(run, { circuit, passage, request }).finally(() => passage.left());
  if (asked.kind === "failed" && run.shown) {
    run.show("");
    const { kind } = asked.failure;
    throw run.stop(kind === "stalled" ? "stalled" : "model_failed");
  }
  return asked;
}

/** A pause that the provider asked anybody for is kept by all, if an answer can still come after it. */
async function outwait(run: Calling, circuit: Circuit): Promise<Resting | undefined> {
  const pauses = createPauses(run.pace);
  for (;;) {
    const resting = circuit.resting();
    const ms = circuit.pauseMs();
    if (resting || ms === 0) return resting;
    if (ms > patience(run.left())) return { why: "rate_limited", ms };
    tellPause(run, ms);
    // All who waited for its end would come at once.
    await sleep(ms + pauses(), undefined, { signal: run.signal });
  }
}

async function tries(run: Calling, { circuit, passage, request }: Call): Promise<Asked> {
  const { name } = run.speaker;
  const pauses = createPauses(run.pace);
  let paid = await pay(run, request);
  if ("refused" in paid) return { kind: "refused", whose: paid.refused };
  run.spent.modelCalls += 1;
  for (let made = 1; ; made += 1) {
    try {
      const message = await tryOnce(run, request, { ...paid, passage });
      paid.call.end("answered");
      passage.answered();
      if (passage.trial) run.log.info("model.well_again", { model: name });
      return { kind: "answered", message };
    } catch (error) {
      if (!(error instanceof ModelFailure) || run.signal.aborted) throw error;
      report(run, error, circuit.isNews(error.kind));
      const last = (): Asked => {
        passage.failed(error);
        const opened = circuit.resting();
        if (opened) run.log.warn("model.circuit_opened", { model: name, ...opened });
        return { kind: "failed", failure: error };
      };
      const atOnce = opensAtOnce(error) !== undefined;
      if (error.pauseMs !== undefined && !atOnce) circuit.askedForPause(error.pauseMs);
      const final = passage.trial || run.shown || atOnce;
      const pauseMs = final ? undefined : pauseBefore(run, error, { made, pauses });
      // What such a try may have cost is not covered a second time.
      const costs = FAILURES[error.kind].costs;
      if (costs || pauseMs === undefined) paid.call.end("failed");
      if (pauseMs === undefined || (costs && overTokens(run, request))) return last();

      run.witness.trace({ kind: "retried", model: name, why: error.kind, afterMs: Math.round(pauseMs) });
      if (error.pauseMs === undefined || pauseMs < 1_000) run.witness.status(`Asking ${name} again`);
      else tellPause(run, pauseMs);
      await sleep(pauseMs, undefined, { signal: run.signal });
      // Others may have found out meanwhile.
      const resting = await outwait(run, circuit);
      if (resting) {
        paid.call.end("failed");
        return { kind: "resting", ...resting };
      }
      if (costs) {
        const next = await pay(run, request);
        if ("refused" in next) return last();
        paid = next;
      }
    }
  }
}

/** A short answer of a model is worth more than none. */
async function pay(run: Calling, request: Request): Promise<Paid | Refusal> {
  let refusal: Refusal = { refused: "everybody" };
  for (const most of shrinking(mostOf(run, request))) {
    const call = await run.costs.reserve(run.speaker.name, most);
    run.signal.throwIfAborted();
    if (!("refused" in call)) return { call, most };
    refusal = call;
  }
  return refusal;
}

/** What the provider asks for counts, if an answer can still come after it. */
function pauseBefore(
  run: Calling,
  { kind, pauseMs }: ModelFailure,
  { made, pauses }: { readonly made: number; readonly pauses: () => number },
): number | undefined {
  if (made > FAILURES[kind].retries) return undefined;
  const wanted = pauseMs ?? pauses();
  return wanted <= patience(run.left()) ? wanted : undefined;
}

async function tryOnce(
  run: Calling,
  request: Request,
  { call, most, passage }: Paid & { readonly passage: Passage },
): Promise<AIMessage> {
  call.asked(most.input);
  try {
    const message = await attempt(run, { call, passage }, (hearing) =>
      speak(run, request, { ...hearing, mostOutput: most.output }),
    );
    run.signal.throwIfAborted();
    if (message.response_metadata["finish_reason"] === undefined && isUnfinished(textOf(message))) {
      throw new ModelFailure("cut");
    }
    call.tried(reported(message) ?? estimated(message, call), { outcome: callsTools(message) ? "tools" : "text" });
    return message;
  } catch (error) {
    if (run.signal.aborted) {
      call.tried("estimate", { outcome: "failed", error: "ended" });
      throw error;
    }
    const failure = diagnose(error);
    const used = FAILURES[failure.kind].costs ? "estimate" : "nothing";
    call.tried(used, { outcome: "failed", error: failure.kind });
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
function estimated(message: AIMessage, call: PaidCall): "estimate" {
  if (!call.heardAny()) call.heard(textOf(message).length);
  return "estimate";
}

/** One line for all the tries of a call, and for the calls of a minute: the rest only where everything is logged. */
function report(run: Calling, { kind, code }: ModelFailure, isNews: boolean): void {
  const { remedy } = FAILURES[kind];
  const level = isNews ? "warn" : "debug";
  const about = { model: run.speaker.name, agent: run.step.agent.id, code };
  if (remedy) run.log[level](`model.${kind}`, { ...about, remedy });
  else run.log[level]("model.failed", { ...about, kind });
}

function tellPause(run: Calling, ms: number): void {
  if (ms >= 1_000) run.witness.status(`${run.speaker.name} asks for a pause of ${Math.round(ms / 1_000)} s`);
}
