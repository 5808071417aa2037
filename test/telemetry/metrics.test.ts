/** Numbers of what is told, and what a look at the surroundings costs when they do not answer. */
import { expect, test } from "vitest";
import { turnId, type TakenTurn, type TraceEvent } from "#core";
import { createFolding } from "../../src/telemetry/folding.ts";
import { createMetrics, type Metrics } from "../../src/telemetry/metrics.ts";
import { createSurroundings } from "../../src/telemetry/surroundings.ts";
import { readExposition } from "./exposition.ts";
import { sights } from "./sights.ts";

const AT = new Date("2026-11-21T10:00:00.000Z");
const later = (ms: number): Date => new Date(AT.getTime() + ms);
const aTurn = (): TakenTurn => ({ id: turnId("7"), waitedFrom: AT }) as TakenTurn;

const read = async (metrics: Metrics) => readExposition((await metrics.text()).body);
const fresh = (more = {}): Metrics => createMetrics(createSurroundings(sights(more)));

test("tokens are told apart where they were, money is in dollars, and a call without a price is counted as such", async () => {
  const metrics = fresh();
  const turn = aTurn();
  const call = { kind: "model_called", model: "m", ms: 1_500, outcome: "text" } as const;
  metrics.traced(turn, { ...call, tokens: 30, input: 20, output: 10, micros: 2_500 }, AT);
  metrics.traced(turn, { ...call, tokens: 30, input: 20, output: 10, micros: null }, AT);
  metrics.traced(turn, { ...call, tokens: 7 }, AT);
  metrics.traced(turn, { ...call, tokens: 0, outcome: "failed", error: "rate_limited" }, AT);

  const seen = await read(metrics);
  expect(seen.value("nova_model_calls_total", { model: "m", outcome: "text", code: "" })).toBe(3);
  expect(seen.value("nova_model_calls_total", { model: "m", outcome: "failed", code: "rate_limited" })).toBe(1);
  expect(seen.value("nova_model_tokens_total", { model: "m", direction: "input" })).toBe(40);
  expect(seen.value("nova_model_tokens_total", { model: "m", direction: "output" })).toBe(20);
  expect(seen.value("nova_model_tokens_total", { model: "m", direction: "both" })).toBe(7);
  expect(seen.value("nova_model_cost_usd_total", { model: "m" })).toBe(0.0025);
  expect(seen.value("nova_model_unpriced_calls_total", { model: "m" })).toBe(1);
  expect(seen.value("nova_model_call_duration_seconds_sum", { model: "m" })).toBe(6);
});

test("a turn's time counts from its first message stored, and from its take", async () => {
  const metrics = fresh();
  const turn = aTurn();
  metrics.traced(turn, { kind: "taken", messages: ["1"], epoch: 1 }, later(2_000));
  metrics.traced(turn, { kind: "step_started", agent: "concierge", model: "main" }, later(2_100));
  metrics.traced(turn, { kind: "step_ended", agent: "concierge", reply: "answer", tokens: 1 }, later(2_600));
  metrics.traced(turn, { kind: "settled", state: "done", parts: 1 }, later(3_000));

  const seen = await read(metrics);
  expect(seen.value("nova_turn_takes_total", { take: "first" })).toBe(1);
  expect(seen.value("nova_turns_total", { state: "done", agent: "concierge" })).toBe(1);
  expect(seen.value("nova_turn_duration_seconds_sum", { state: "done" })).toBe(3);
  expect(seen.value("nova_turn_run_duration_seconds_sum", { state: "done" })).toBe(1);
  expect(seen.value("nova_step_duration_seconds_sum", { agent: "concierge" })).toBe(0.5);
  expect(seen.value("nova_turn_duration_seconds_bucket", { state: "done", le: "2.5" })).toBe(0);
  expect(seen.value("nova_turn_duration_seconds_bucket", { state: "done", le: "5" })).toBe(1);
});

test("retries, fallbacks and tools are counted by their codes", async () => {
  const metrics = fresh();
  const events: TraceEvent[] = [
    { kind: "retried", model: "m", why: "rate_limited", afterMs: 10 },
    { kind: "skipped", model: "m", why: "circuit_open" },
    { kind: "fallback", why: "rate_limited", to: "offline" },
    { kind: "tool_called", tool: "calculate", ms: 5, outcome: "ok", characters: 3 },
    { kind: "failed", where: "turn", error: "TypeError" },
    { kind: "routed", to: "ask: concierge or editor", stage: "guess", confidence: 0.4, reason: "", candidates: [] },
    { kind: "recalled", verdict: "found", confidence: 0.9, items: ["1"], tokens: 12, ms: 8 },
  ];
  for (const event of events) metrics.traced(aTurn(), event, AT);
  const seen = await read(metrics);
  expect(seen.value("nova_model_retries_total", { model: "m", code: "rate_limited" })).toBe(1);
  expect(seen.value("nova_model_skips_total", { model: "m", why: "circuit_open" })).toBe(1);
  expect(seen.value("nova_model_fallbacks_total", { to: "offline", code: "rate_limited" })).toBe(1);
  expect(seen.value("nova_tool_calls_total", { tool: "calculate", outcome: "ok" })).toBe(1);
  expect(seen.value("nova_turn_failures_total", { place: "turn", error: "TypeError" })).toBe(1);
  expect(seen.value("nova_routes_total", { stage: "guess", to: "question" })).toBe(1);
  expect(seen.value("nova_recall_duration_seconds_count")).toBe(1);
});

test("hand-offs, calls, plans, verdicts, checks, decisions and effects are counted by closed codes", async () => {
  const metrics = fresh();
  const weighed = {
    kind: "weighed",
    verb: "what_ada_wants",
    proposal: null,
    trust: "T3",
    taints: ["file ada.csv"],
  } as const;
  const events: TraceEvent[] = [
    { kind: "handed_off", from: "concierge", to: "analyst", hops: 1 },
    { kind: "handoff_refused", from: "analyst", to: "ada_the_ghost", why: "unknown" },
    { kind: "delegated", from: "concierge", to: ["editor", "ada_the_ghost"] },
    { kind: "resumed", agent: "analyst", reply: "handoff" },
    { kind: "planned", steps: ["analyst", "editor"], together: true },
    { ...weighed, verdict: "approve", stakes: "S2" },
    { kind: "checked", breaches: ["figure", "figure", "done_claim"], outcome: "weakened" },
  ];
  for (const event of events) metrics.traced(aTurn(), event, AT);
  metrics.recorded({ kind: "decided", verdict: "approved", via: "slack" });
  metrics.recorded({ kind: "effect", verb: "send_message", state: "done" });

  const { body } = await metrics.text();
  expect(body).not.toMatch(/\bada/);
  const seen = readExposition(body);
  expect(seen.value("nova_handoffs_total", { from: "concierge", to: "analyst" })).toBe(1);
  expect(seen.value("nova_handoff_refusals_total", { from: "analyst", why: "unknown" })).toBe(1);
  expect(seen.value("nova_delegations_total", { from: "concierge" })).toBe(2);
  expect(seen.value("nova_steps_resumed_total", { agent: "analyst" })).toBe(1);
  expect(seen.value("nova_plans_total", { steps: "2", order: "together" })).toBe(1);
  expect(seen.value("nova_effects_weighed_total", { verdict: "approve", stakes: "S2" })).toBe(1);
  expect(seen.value("nova_answer_breaches_total", { breach: "figure", outcome: "weakened" })).toBe(1);
  expect(seen.value("nova_answer_breaches_total", { breach: "done_claim", outcome: "weakened" })).toBe(1);
  expect(seen.value("nova_decisions_total", { verdict: "approved", via: "slack" })).toBe(1);
  expect(seen.value("nova_effects_total", { verb: "send_message", state: "done" })).toBe(1);
});

test("a model's made-up tool, a strange method and words where a name belongs are not told apart", async () => {
  const metrics = fresh();
  const denied = { kind: "tool_called", ms: 1, outcome: "denied", characters: 1 } as const;
  metrics.traced(aTurn(), { ...denied, tool: "what_ada_said_in_private" }, AT);
  metrics.traced(aTurn(), { kind: "failed", where: "turn", error: "words that nobody should read" }, AT);
  metrics.answered({ method: "BREW", route: "/healthz", status: 405, ms: 1 });

  const { body } = await metrics.text();
  expect(body).not.toMatch(/ada|nobody should|BREW/);
  const seen = readExposition(body);
  expect(seen.value("nova_tool_calls_total", { tool: "other", outcome: "denied" })).toBe(1);
  expect(seen.value("nova_turn_failures_total", { place: "turn", error: "other" })).toBe(1);
  expect(seen.value("nova_http_requests_total", { method: "other", route: "/healthz", status: "405" })).toBe(1);
});

test("a label has so many values and no more", () => {
  const fold = createFolding(3);
  expect(["a", "b", "c", "d", "a"].map((value) => fold("code", value))).toEqual(["a", "b", "c", "other", "a"]);
  expect(fold("model", "d")).toBe("d");
});

test.each([
  ["fails", async () => Promise.reject(new Error("away"))],
  ["hangs", () => new Promise<never>(() => {})],
])(
  "when the database %s, the scrape answers, says so, and claims nothing that it does not know",
  async (_how, load) => {
    const metrics = fresh({ load });
    metrics.answered({ method: "GET", route: "/healthz", status: 200, ms: 1 });
    const seen = await read(metrics);
    expect(seen.value("nova_up", { part: "database" })).toBe(0);
    expect(seen.value("nova_messages_waiting")).toBeUndefined();
    expect(seen.sum("nova_http_requests_total")).toBe(1);
  },
);

test("several who ask at once share one look at the rows", async () => {
  let looks = 0;
  const load = async () => {
    looks += 1;
    return {
      waitingMessages: 5,
      runningTurns: 0,
      undeliveredParts: 0,
      calls: [{ kind: "turn", waiting: 2, active: 1 }],
    };
  };
  const metrics = fresh({ load, breakers: () => [{ model: "m", open: true }] });
  const all = await Promise.all([read(metrics), read(metrics), read(metrics)]);
  expect(looks).toBe(1);
  for (const seen of all) expect(seen.value("nova_messages_waiting")).toBe(5);
  expect(all[0]?.value("nova_queue_calls", { queue: "turn", state: "waiting" })).toBe(2);
  expect(all[0]?.value("nova_model_breaker_open", { model: "m" })).toBe(1);
  expect(all[0]?.value("nova_build_info", { version: "1.2.3", node: "26.0.0", database: "embedded" })).toBe(1);
});
