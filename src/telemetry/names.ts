/**
 * Every name under which Nova is watched, beside those of metric-names.ts: spans, attributes, and the trace event that each
 * comes from. What follows the GenAI and messaging conventions of OpenTelemetry is named as semantic-conventions 1.41 has
 * it; those are still in development, so a change of theirs is a change here and nowhere else. Read by spans.ts.
 */
import type { TraceEvent } from "#core";
import type { MetricKey } from "./metric-names.ts";

export type TraceKind = TraceEvent["kind"];

/** Names of spans; what follows a name is an agent, a model, a tool or a platform. */
export const SPANS = {
  turn: { name: "turn", from: ["taken", "settled"] },
  route: { name: "route", from: ["routed"] },
  recall: { name: "recall", from: ["recalled"] },
  step: { name: "invoke_agent", from: ["step_started", "step_ended"] },
  model: { name: "chat", from: ["model_called"] },
  tool: { name: "execute_tool", from: ["tool_called"] },
  settle: { name: "settle", from: ["settled"] },
  release: { name: "release", from: ["released"] },
  deliver: { name: "deliver", from: ["delivered"] },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly from: readonly TraceKind[] }>>;

/** Moments within a span, named as the trace has them. */
export const SPAN_EVENTS = [
  "taken",
  "retried",
  "skipped",
  "fallback",
  "repaired",
  "dropped",
  "handed_off",
  "handoff_refused",
  "delegated",
  "resumed",
  "planned",
  "weighed",
  "checked",
  "failed",
] as const;

/** Attributes of spans and of their moments. */
export const ATTRIBUTES = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  agent: "gen_ai.agent.name",
  conversation: "gen_ai.conversation.id",
  model: "gen_ai.request.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  tool: "gen_ai.tool.name",
  error: "error.type",
  system: "messaging.system",
  messaging: "messaging.operation.type",
  messages: "messaging.batch.message_count",
  turn: "nova.turn.id",
  state: "nova.turn.state",
  epoch: "nova.turn.epoch",
  attempts: "nova.turn.attempts",
  parts: "nova.turn.parts",
  stage: "nova.route.stage",
  to: "nova.route.to",
  confidence: "nova.confidence",
  verdict: "nova.recall.verdict",
  items: "nova.recall.items",
  tokens: "nova.tokens",
  tier: "nova.model.tier",
  outcome: "nova.outcome",
  micros: "nova.model.cost_micros_usd",
  characters: "nova.tool.characters",
  reply: "nova.reply",
  issues: "nova.repair.issues",
  afterMs: "nova.retry.after_ms",
  standIn: "nova.fallback.to",
  keep: "nova.memory.keep",
  forget: "nova.memory.forget",
  from: "nova.handoff.from",
  target: "nova.handoff.to",
  hops: "nova.handoff.hops",
  calls: "nova.delegation.calls",
  steps: "nova.plan.steps",
  together: "nova.plan.together",
  weighed: "nova.effect.verdict",
  trust: "nova.effect.trust",
  stakes: "nova.effect.stakes",
  taints: "nova.effect.taints",
  breaches: "nova.check.breaches",
  why: "nova.why",
  part: "nova.part",
  attempt: "nova.part.attempt",
} as const;

/** What `gen_ai.operation.name` says, where the conventions have a word. */
export const OPERATIONS = {
  turn: "invoke_workflow",
  step: "invoke_agent",
  model: "chat",
  tool: "execute_tool",
} as const;

/** Every kind of trace event: the metrics and spans that come from it, or why there are none. */
export const KINDS: Readonly<
  Record<
    TraceKind,
    | { readonly metrics: readonly MetricKey[]; readonly spans: readonly (keyof typeof SPANS)[] }
    | { readonly left: string }
  >
> = {
  taken: { metrics: ["takes"], spans: ["turn"] },
  routed: { metrics: ["routes"], spans: ["route"] },
  recalled: { metrics: ["recalls", "recallSeconds"], spans: ["recall"] },
  step_started: { metrics: ["stepsStarted"], spans: ["step"] },
  model_called: {
    metrics: ["modelCalls", "modelSeconds", "modelTokens", "modelCost", "modelUnpriced"],
    spans: ["model"],
  },
  retried: { metrics: ["modelRetries"], spans: [] },
  skipped: { metrics: ["modelSkips"], spans: [] },
  tool_called: { metrics: ["toolCalls", "toolSeconds"], spans: ["tool"] },
  repaired: { metrics: ["repairs"], spans: [] },
  step_ended: { metrics: ["steps", "stepSeconds"], spans: ["step"] },
  dropped: { metrics: ["dropped"], spans: [] },
  fallback: { metrics: ["modelFallbacks"], spans: [] },
  released: { metrics: ["released"], spans: ["release"] },
  settled: { metrics: ["turns", "turnSeconds", "turnRunSeconds"], spans: ["turn", "settle"] },
  delivered: { metrics: ["deliveries", "deliverySeconds"], spans: ["deliver"] },
  handed_off: { metrics: ["handOffs"], spans: [] },
  handoff_refused: { metrics: ["handOffRefusals"], spans: [] },
  delegated: { metrics: ["delegations"], spans: [] },
  resumed: { metrics: ["resumed"], spans: [] },
  planned: { metrics: ["plans"], spans: [] },
  weighed: { metrics: ["weighings"], spans: [] },
  checked: { metrics: ["checks"], spans: [] },
  decided: { left: "noted after the turn has ended, and counted as it is recorded" },
  effect: { left: "noted after the turn has ended, and counted as it is recorded" },
  learned: { left: "noted after the turn has ended, and told in words" },
  failed: { metrics: ["failures"], spans: [] },
};
