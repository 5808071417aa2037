/** What is told becomes numbers, and numbers become the text of `GET /metrics`. Made by telemetry.ts for the service. */
import { collectDefaultMetrics, Registry } from "prom-client";
import type { AnsweredRequest, Offer, OutPart, Recorded, Sending, TakenTurn, TraceEvent } from "#core";
import { OTHER } from "./folding.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import { routeKind } from "./route-kind.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Metrics {
  traced(turn: TakenTurn, event: TraceEvent, at: Date): void;
  delivered(part: OutPart, sending: Sending): void;
  recorded(event: Recorded): void;
  accepted(offer: Offer): void;
  answered(request: AnsweredRequest): void;
  /** Spans that were sent to the collector, or given up. */
  exported(outcome: "sent" | "failed", spans: number): void;
  /** Never throws, and hangs no longer than the surroundings may. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
}

/** What is remembered of a take until its end; goes with the turn. */
type Take = { at: Date; agent: string; stepAt: Date };

export function createMetrics(surroundings: Surroundings): Metrics {
  const registry = new Registry();
  // A coarser clock wakes a sleeping service less often, and still sees what a person would notice.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const instruments = createInstruments(registry);
  const takes = new WeakMap<TakenTurn, Take>();
  const takeOf = (turn: TakenTurn, at: Date): Take => {
    const take = takes.get(turn) ?? { at, agent: "nova", stepAt: at };
    takes.set(turn, take);
    return take;
  };

  return {
    traced: (turn, event, at) => countEvent(instruments, { turn, take: takeOf(turn, at), at }, event),
    delivered: ({ address: { platform } }, { event, startedAt, endedAt }) => {
      instruments.count("deliveries", { platform, outcome: event.outcome, code: event.code ?? "" });
      instruments.time("deliverySeconds", { platform }, endedAt.getTime() - startedAt.getTime());
    },
    recorded: (event) =>
      event.kind === "decided"
        ? instruments.count("decisions", { verdict: event.verdict, via: event.via })
        : instruments.count("effects", { verb: event.verb, state: event.state }),
    accepted: ({ platform, outcome, ms }) => {
      instruments.count("inbound", { platform, outcome });
      instruments.time("inboundSeconds", { platform }, ms);
    },
    answered: ({ method, route, status, ms }) => {
      instruments.count("requests", { method: METHODS.has(method) ? method : OTHER, route, status: String(status) });
      instruments.time("requestSeconds", { route }, ms);
    },
    exported: (outcome, spans) => instruments.count("spans", { outcome }, spans),
    async text() {
      await surroundings.look(instruments);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "DELETE", "OPTIONS"]);

type Moment = { readonly turn: TakenTurn; readonly take: Take; readonly at: Date };

function countEvent(instruments: Instruments, { turn, take, at }: Moment, event: TraceEvent): void {
  const since = (from: Date): number => at.getTime() - from.getTime();
  switch (event.kind) {
    case "taken":
      return instruments.count("takes", { take: event.epoch > 1 ? "again" : "first" });
    case "routed":
      return instruments.count("routes", { stage: event.stage, to: routeKind(event.to) });
    case "recalled":
      instruments.count("recalls", { verdict: event.verdict });
      if (event.ms !== undefined) instruments.time("recallSeconds", {}, event.ms);
      return;
    case "step_started":
      take.agent = event.agent;
      take.stepAt = at;
      return instruments.count("stepsStarted", { agent: event.agent, tier: event.model });
    case "step_ended":
      instruments.count("steps", { agent: event.agent, reply: event.reply, code: event.code ?? "" });
      return instruments.time("stepSeconds", { agent: event.agent }, since(take.stepAt));
    case "model_called":
      return countCall(instruments, event);
    case "retried":
      return instruments.count("modelRetries", { model: event.model, code: event.why });
    case "skipped":
      return instruments.count("modelSkips", { model: event.model, why: event.why });
    case "fallback":
      return instruments.count("modelFallbacks", { to: event.to, code: event.why });
    case "tool_called": {
      // A tool that was not granted has the name that a model made up.
      const tool = event.outcome === "denied" ? OTHER : event.tool;
      instruments.count("toolCalls", { tool, outcome: event.outcome });
      return instruments.time("toolSeconds", { tool }, event.ms);
    }
    case "repaired":
      return instruments.count("repairs", { agent: take.agent });
    case "dropped":
      return instruments.count("dropped", { why: event.why });
    case "released":
      return instruments.count("released", { why: event.why });
    case "settled":
      instruments.count("turns", { state: event.state, agent: take.agent });
      instruments.time("turnSeconds", { state: event.state }, since(turn.waitedFrom));
      return instruments.time("turnRunSeconds", { state: event.state }, since(take.at));
    case "failed":
      return instruments.count("failures", { place: event.where, error: event.error });
    case "handed_off":
      return instruments.count("handOffs", { from: event.from, to: event.to });
    case "handoff_refused":
      return instruments.count("handOffRefusals", { from: event.from, why: event.why });
    case "delegated":
      return instruments.count("delegations", { from: event.from }, event.to.length);
    case "resumed":
      return instruments.count("resumed", { agent: event.agent });
    case "planned": {
      const order = event.together ? "together" : "in_turn";
      return instruments.count("plans", { steps: String(event.steps.length), order });
    }
    case "weighed":
      return instruments.count("weighings", { verdict: event.verdict, stakes: event.stakes });
    case "checked":
      for (const breach of new Set(event.breaches)) instruments.count("checks", { breach, outcome: event.outcome });
      return;
    // A part's fate comes with its part, and what follows a turn's end is told as it is recorded: see names.ts.
    case "delivered":
    case "decided":
    case "effect":
    case "learned":
      return;
  }
}

function countCall(instruments: Instruments, event: Extract<TraceEvent, { kind: "model_called" }>): void {
  const { model, outcome, error = "", ms, tokens, input, output, micros } = event;
  instruments.count("modelCalls", { model, outcome, code: error });
  instruments.time("modelSeconds", { model }, ms);
  if (input === undefined && output === undefined)
    instruments.count("modelTokens", { model, direction: "both" }, tokens);
  if (input !== undefined) instruments.count("modelTokens", { model, direction: "input" }, input);
  if (output !== undefined) instruments.count("modelTokens", { model, direction: "output" }, output);
  if (typeof micros === "number") instruments.count("modelCost", { model }, micros / 1_000_000);
  if (micros === null) instruments.count("modelUnpriced", { model });
}
