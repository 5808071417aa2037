/** Spans of turns that did not go straight: retries, failures, hand-backs, and a second take elsewhere. */
import { beforeEach, expect, test } from "vitest";
import {
  conversationId,
  turnId,
  type Address,
  type Message,
  type OutPart,
  type TakenTurn,
  type TraceEvent,
} from "#core";
import type { Span } from "../../src/telemetry/span.ts";
import { createSpanIds } from "../../src/telemetry/span-ids.ts";
import { createSpans, type Spans } from "../../src/telemetry/spans.ts";

const AT = new Date("2026-11-21T10:00:00.000Z");
const later = (ms: number): Date => new Date(AT.getTime() + ms);

let sent: Span[];
let minted: number;
const process = (): Spans =>
  createSpans(
    createSpanIds("here", () => Buffer.from((minted += 1).toString(16).padStart(16, "0"), "hex")),
    { put: (span) => void sent.push(span) },
  );
beforeEach(() => {
  sent = [];
  minted = 0;
});

const taken = (epoch = 1): TakenTurn => {
  const part: Partial<TakenTurn> = {
    id: turnId("7"),
    epoch,
    attempts: epoch - 1,
    conversation: conversationId("3"),
    address: { platform: "test" } as Address,
    messages: [{} as Message, {} as Message],
    waitedFrom: AT,
  };
  return part as TakenTurn;
};

/** Each event 100 ms after the one before. */
function tell(spans: Spans, turn: TakenTurn, events: readonly TraceEvent[], from = 100): void {
  for (const [index, event] of events.entries()) spans.traced(turn, event, later(from + 100 * index));
}
const named = (name: string): Span => {
  const found = sent.find((span) => span.name === name);
  if (!found) throw new Error(`no span ${name} among ${sent.map((span) => span.name).join(", ")}`);
  return found;
};

const TAKEN: TraceEvent = { kind: "taken", messages: ["1", "2"], epoch: 1 };
const ROUTED: TraceEvent = {
  kind: "routed",
  to: "concierge",
  stage: "words",
  confidence: 0.9,
  reason: "you said lamp",
  candidates: [],
};
const STARTED: TraceEvent = { kind: "step_started", agent: "concierge", model: "main" };
const CALLED = { kind: "model_called", model: "m", tokens: 30, ms: 40 } as const;

test("retries stand in the call that they led to, and what it used is told apart", () => {
  tell(process(), taken(), [
    TAKEN,
    ROUTED,
    STARTED,
    { kind: "retried", model: "m", why: "rate_limited", afterMs: 20 },
    { ...CALLED, input: 20, output: 10, micros: 42, outcome: "text" },
  ]);
  expect(named("chat m")).toMatchObject({
    kind: "client",
    startedAt: later(460),
    endedAt: later(500),
    attributes: { "gen_ai.usage.input_tokens": 20, "gen_ai.usage.output_tokens": 10, "nova.model.cost_micros_usd": 42 },
    moments: [{ name: "retried", attributes: { "nova.why": "rate_limited", "nova.retry.after_ms": 20 } }],
    error: null,
  });
});

test("a failed call, tool, step and turn each say so by their code", () => {
  tell(process(), taken(), [
    TAKEN,
    ROUTED,
    STARTED,
    { ...CALLED, tokens: 0, outcome: "failed", error: "server_error" },
    { kind: "skipped", model: "n", why: "circuit_open" },
    { kind: "tool_called", tool: "calculate", ms: 5, outcome: "timeout", characters: 9 },
    { kind: "tool_called", tool: "made up", ms: 5, outcome: "denied", characters: 9 },
    { kind: "step_ended", agent: "concierge", reply: "fail", code: "model_failed", tokens: 0 },
    { kind: "settled", state: "failed", parts: 1 },
  ]);
  const codes = sent.map(({ name, error, attributes }) => [name, error, attributes["error.type"]]);
  expect(codes).toEqual([
    ["route", null, undefined],
    ["chat m", "server_error", "server_error"],
    ["execute_tool calculate", "timeout", "timeout"],
    ["execute_tool", "denied", "denied"],
    ["invoke_agent concierge", "model_failed", "model_failed"],
    ["settle", null, undefined],
    ["turn", "model_failed", "model_failed"],
  ]);
  expect(JSON.stringify(sent)).not.toMatch(/made up|lamp/);
  expect(named("invoke_agent concierge").moments).toMatchObject([{ name: "skipped" }]);
});

test("the turn begins when its first message was stored, and holds what stood around", () => {
  tell(process(), taken(), [TAKEN, ROUTED, STARTED, { kind: "settled", state: "cancelled", parts: 1 }]);
  expect(named("turn")).toMatchObject({ startedAt: AT, endedAt: later(400), kind: "consumer", error: null });
  expect(named("turn").attributes).toMatchObject({
    "nova.turn.state": "cancelled",
    "messaging.batch.message_count": 2,
  });
  expect(named("settle").parent).toBe(named("turn").id);
});

test("what one process began and another ended is one trace under one turn", () => {
  tell(process(), taken(1), [TAKEN, ROUTED, { kind: "released", why: "shutdown" }]);
  const second: TraceEvent = { kind: "taken", messages: ["1", "2"], epoch: 2 };
  tell(process(), taken(2), [second, ROUTED, { kind: "settled", state: "done", parts: 1 }], 1_000);
  const third = process();
  third.delivered({ turn: turnId("7"), ordinal: 0, attempts: 1, address: { platform: "test" } } as OutPart, {
    event: { kind: "delivered", part: 0, outcome: "ready", code: "rate_limited" },
    startedAt: later(2_000),
    endedAt: later(2_010),
  });

  expect(new Set(sent.map(({ trace }) => trace)).size).toBe(1);
  const roots = sent.filter(({ parent }) => parent === null);
  expect(roots.map(({ name, attributes }) => [name, attributes["nova.turn.epoch"]])).toEqual([["turn", 2]]);
  expect(sent.filter(({ parent }) => parent === roots[0]?.id).map(({ name }) => name)).toEqual([
    "route",
    "release",
    "route",
    "settle",
    "deliver test",
  ]);
  expect(named("deliver test")).toMatchObject({
    kind: "producer",
    attributes: { "nova.part.attempt": 2, "nova.outcome": "ready" },
    error: "rate_limited",
  });
});

test("a turn that the database took from under the watcher leaves nothing open", () => {
  const spans = process();
  spans.traced(taken(), { kind: "step_ended", agent: "concierge", reply: "answer", tokens: 0 }, AT);
  spans.traced(taken(), { kind: "settled", state: "failed", parts: 1 }, AT);
  expect(sent.map(({ name, error }) => [name, error])).toEqual([
    ["settle", null],
    ["turn", "failed"],
  ]);
});
