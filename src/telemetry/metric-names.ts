/**
 * The names of all metrics, with what each counts and the trace event that it comes from. The others stand in names.ts.
 * Read by instruments.ts.
 */
import type { TraceEvent } from "#core";

type TraceKind = TraceEvent["kind"];
/**
 * Beside the trace: what a channel offered, a request, what became of a proposal or an effect, a look at the rows and the
 * machine, and the sending of spans.
 */
type Source = TraceKind | "accepted" | "answered" | "scraped" | "exported" | "recorded";

type Metric = {
  readonly type: "counter" | "gauge" | "histogram";
  readonly name: `nova_${string}`;
  readonly unit: "1" | "seconds" | "usd";
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
  readonly from: Source;
};

/** Seconds. From a word's rules to a model's minutes. */
const TURN_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const CALL_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const QUICK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const counter = <const L extends readonly string[]>(
  from: Source,
  name: `nova_${string}_total`,
  help: string,
  labels: L,
) => ({ type: "counter", name, unit: "1", help, labels, from }) as const;

const seconds = <const L extends readonly string[]>(
  from: Source,
  name: `nova_${string}_seconds`,
  help: string,
  { labels, buckets }: { readonly labels: L; readonly buckets: readonly number[] },
) => ({ type: "histogram", name, unit: "seconds", help, labels, buckets, from }) as const;

const gauge = <const L extends readonly string[]>(name: `nova_${string}`, help: string, labels: L) =>
  ({ type: "gauge", name, unit: "1", help, labels, from: "scraped" }) as const;

export const METRICS = {
  inbound: counter("accepted", "nova_inbound_total", "Messages that channels offered, by what became of them.", [
    "platform",
    "outcome",
  ]),
  inboundSeconds: seconds("accepted", "nova_inbound_duration_seconds", "From a message's offer to its fate.", {
    labels: ["platform"],
    buckets: QUICK_SECONDS,
  }),

  takes: counter("taken", "nova_turn_takes_total", "Turns begun, and begun again after an interruption.", ["take"]),
  turns: counter("settled", "nova_turns_total", "Turns that came to their end.", ["state", "agent"]),
  turnSeconds: seconds("settled", "nova_turn_duration_seconds", "From a turn's first message stored to its end.", {
    labels: ["state"],
    buckets: TURN_SECONDS,
  }),
  turnRunSeconds: seconds("settled", "nova_turn_run_duration_seconds", "From a turn's last take to its end.", {
    labels: ["state"],
    buckets: TURN_SECONDS,
  }),
  released: counter("released", "nova_turns_released_total", "Turns handed back because Nova stopped.", ["why"]),
  failures: counter("failed", "nova_turn_failures_total", "Unexpected failures within turns.", ["place", "error"]),

  routes: counter("routed", "nova_routes_total", "Routes, by the stage that chose and what it chose.", ["stage", "to"]),
  recalls: counter("recalled", "nova_recalls_total", "Recalls, by their verdict.", ["verdict"]),
  recallSeconds: seconds("recalled", "nova_recall_duration_seconds", "Time of a recall.", {
    labels: [],
    buckets: QUICK_SECONDS,
  }),

  stepsStarted: counter("step_started", "nova_steps_started_total", "Runs of agents that began.", ["agent", "tier"]),
  steps: counter("step_ended", "nova_steps_total", "Runs of agents that ended.", ["agent", "reply", "code"]),
  stepSeconds: seconds("step_ended", "nova_step_duration_seconds", "Time of an agent's run.", {
    labels: ["agent"],
    buckets: CALL_SECONDS,
  }),
  repairs: counter("repaired", "nova_repairs_total", "Replies that a model was asked for again.", ["agent"]),
  dropped: counter("dropped", "nova_memory_changes_dropped_total", "Changes of memory that were not made.", ["why"]),

  handOffs: counter("handed_off", "nova_handoffs_total", "Times that control moved to another agent.", ["from", "to"]),
  handOffRefusals: counter(
    "handoff_refused",
    "nova_handoff_refusals_total",
    "Hand-offs and calls of agents that the check let go nowhere.",
    ["from", "why"],
  ),
  delegations: counter("delegated", "nova_delegations_total", "Calls of agents that agents asked for.", ["from"]),
  resumed: counter("resumed", "nova_steps_resumed_total", "Steps that an earlier take had finished.", ["agent"]),
  plans: counter("planned", "nova_plans_total", "Turns that were carried out in several parts.", ["steps", "order"]),
  weighings: counter("weighed", "nova_effects_weighed_total", "Effects that agents asked for, by the verdict.", [
    "verdict",
    "stakes",
  ]),
  checks: counter("checked", "nova_answer_breaches_total", "Kinds of things without ground that answers held.", [
    "breach",
    "outcome",
  ]),
  decisions: counter("recorded", "nova_decisions_total", "Decisions of people on proposals, by where they were made.", [
    "verdict",
    "via",
  ]),
  effects: counter("recorded", "nova_effects_total", "Effects that came to an end.", ["verb", "state"]),

  modelCalls: counter("model_called", "nova_model_calls_total", "Calls of models.", ["model", "outcome", "code"]),
  modelSeconds: seconds("model_called", "nova_model_call_duration_seconds", "Time of a call of a model.", {
    labels: ["model"],
    buckets: CALL_SECONDS,
  }),
  modelTokens: counter(
    "model_called",
    "nova_model_tokens_total",
    "Tokens sent to models and received; `both` where nobody told them apart.",
    ["model", "direction"],
  ),
  modelCost: {
    ...counter("model_called", "nova_model_cost_usd_total", "What calls of models with a known price cost.", ["model"]),
    unit: "usd",
  },
  modelUnpriced: counter("model_called", "nova_model_unpriced_calls_total", "Calls of models without a known price.", [
    "model",
  ]),
  modelRetries: counter("retried", "nova_model_retries_total", "Times that a model was asked once more.", [
    "model",
    "code",
  ]),
  modelSkips: counter("skipped", "nova_model_skips_total", "Times that a model was not asked at all.", [
    "model",
    "why",
  ]),
  modelFallbacks: counter("fallback", "nova_model_fallbacks_total", "Times that another model stood in.", [
    "to",
    "code",
  ]),
  toolCalls: counter("tool_called", "nova_tool_calls_total", "Calls of tools.", ["tool", "outcome"]),
  toolSeconds: seconds("tool_called", "nova_tool_call_duration_seconds", "Time of a call of a tool.", {
    labels: ["tool"],
    buckets: CALL_SECONDS,
  }),

  deliveries: counter("delivered", "nova_deliveries_total", "Sends of parts of replies, by their outcome.", [
    "platform",
    "outcome",
    "code",
  ]),
  deliverySeconds: seconds("delivered", "nova_delivery_duration_seconds", "Time of a send.", {
    labels: ["platform"],
    buckets: CALL_SECONDS,
  }),

  requests: counter("answered", "nova_http_requests_total", "Requests to the public port.", [
    "method",
    "route",
    "status",
  ]),
  requestSeconds: seconds("answered", "nova_http_request_duration_seconds", "To the beginning of the answer.", {
    labels: ["route"],
    buckets: QUICK_SECONDS,
  }),
  spans: counter("exported", "nova_spans_total", "Spans handed to the collector, or lost.", ["outcome"]),

  up: gauge("nova_up", "1 for a part that can do its work, else 0: what GET /readyz asks.", ["part"]),
  build: gauge("nova_build_info", "Always 1; what runs.", ["version", "node", "database"]),
  waitingMessages: gauge("nova_messages_waiting", "Messages that no turn has taken yet.", []),
  runningTurns: gauge("nova_turns_running", "Turns that were taken and have not ended.", []),
  undeliveredParts: gauge("nova_parts_undelivered", "Parts of replies that are still to be sent.", []),
  calls: gauge("nova_queue_calls", "Wake-up calls that wait or are under way.", ["queue", "state"]),
  connections: gauge("nova_database_connections", "This process's connections; `waiting`: work that waits for one.", [
    "state",
  ]),
  breakers: gauge("nova_model_breaker_open", "1 while a model is not asked because it failed too often.", ["model"]),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricKey = keyof typeof METRICS;
export type LabelsOf<K extends MetricKey> = (typeof METRICS)[K]["labels"][number];
