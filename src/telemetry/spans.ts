/** A turn's trace as spans, each finished as soon as its event has come. Made by telemetry.ts when spans are sent. */
import type { OutPart, Sending, TakenTurn, TraceEvent } from "#core";
import { momentOf } from "./moment.ts";
import { ATTRIBUTES as A, OPERATIONS, SPANS } from "./names.ts";
import { routeKind } from "./route-kind.ts";
import type { Attributes, Moment, Span, SpanSink } from "./span.ts";
import type { SpanIds } from "./span-ids.ts";

export interface Spans {
  traced(turn: TakenTurn, event: TraceEvent, at: Date): void;
  delivered(part: OutPart, sending: Sending): void;
}

/** What is open of a take. Goes with the turn: one that is lost ends elsewhere. */
type Open = {
  /** Ids of the trace and of the turn's own span. */
  readonly trace: string;
  readonly root: string;
  /** The last event, from where the next piece of work is counted. */
  last: Date;
  readonly moments: Moment[];
  /** More than one while agents run side by side; what happens then is nobody's alone, and hangs on the turn. */
  readonly steps: OpenStep[];
  readonly retries: Moment[];
  agent: string | null;
  error: string | null;
};

type OpenStep = {
  readonly id: string;
  readonly at: Date;
  readonly agent: string;
  readonly tier: string;
  readonly moments: Moment[];
};

const only = ({ steps }: Open): OpenStep | undefined => (steps.length === 1 ? steps[0] : undefined);

export function createSpans(ids: SpanIds, sink: SpanSink): Spans {
  const takes = new WeakMap<TakenTurn, Open>();
  const openOf = (turn: TakenTurn, at: Date): Open => {
    const open = takes.get(turn) ?? opened(at, { trace: ids.trace(turn.id), root: ids.root(turn.id) });
    takes.set(turn, open);
    return open;
  };

  return {
    traced(turn, event, at) {
      const open = openOf(turn, at);
      const { trace, root } = open;
      const put = (span: Piece) =>
        sink.put({
          trace,
          id: ids.next(),
          parent: only(open)?.id ?? root,
          kind: "internal",
          error: null,
          moments: [],
          endedAt: at,
          ...span,
        });
      note({ open, at, put, turn, stepId: () => ids.next() }, event);
      open.last = at;
    },
    delivered(part, { event, startedAt, endedAt }) {
      const { platform } = part.address;
      const error = event.outcome === "sent" ? null : (event.code ?? event.outcome);
      sink.put({
        trace: ids.trace(part.turn),
        id: ids.next(),
        parent: ids.root(part.turn),
        name: `${SPANS.deliver.name} ${platform}`,
        kind: "producer",
        startedAt,
        endedAt,
        attributes: {
          [A.system]: platform,
          [A.messaging]: "send",
          [A.turn]: part.turn,
          [A.part]: part.ordinal,
          [A.attempt]: part.attempts + 1,
          [A.outcome]: event.outcome,
          ...failed(error),
        },
        moments: [],
        error,
      });
    },
  };
}

const opened = (at: Date, ids: Pick<Open, "trace" | "root">): Open => ({
  ...ids,
  last: at,
  moments: [],
  steps: [],
  retries: [],
  agent: null,
  error: null,
});

/** What a span is, but for what follows from where it stands. */
type Piece = Pick<Span, "name" | "startedAt" | "attributes"> & Partial<Span>;

type Noting = {
  readonly open: Open;
  readonly at: Date;
  readonly put: (span: Piece) => void;
  readonly turn: TakenTurn;
  readonly stepId: () => string;
};

function note(noting: Noting, event: TraceEvent): void {
  const { open, at, put } = noting;
  switch (event.kind) {
    case "routed": {
      const attributes = { [A.stage]: event.stage, [A.to]: routeKind(event.to), [A.confidence]: event.confidence };
      return put({ name: SPANS.route.name, startedAt: open.last, attributes });
    }
    case "recalled":
      return put({
        name: SPANS.recall.name,
        startedAt: event.ms === undefined ? open.last : before(at, event.ms),
        attributes: {
          [A.verdict]: event.verdict,
          [A.confidence]: event.confidence,
          [A.items]: event.items.length,
          [A.tokens]: event.tokens,
        },
      });
    case "step_started":
      open.steps.push({ id: noting.stepId(), at, agent: event.agent, tier: event.model, moments: [] });
      open.agent = event.agent;
      return;
    case "step_ended":
      return endStep(noting, event);
    case "model_called":
      return putCall(noting, event);
    case "tool_called": {
      const error = event.outcome === "ok" ? null : event.outcome;
      const tool = event.outcome === "denied" ? "" : event.tool;
      return put({
        name: `${SPANS.tool.name} ${tool}`.trimEnd(),
        startedAt: before(at, event.ms),
        attributes: {
          [A.operation]: OPERATIONS.tool,
          ...(tool && { [A.tool]: tool }),
          [A.outcome]: event.outcome,
          [A.characters]: event.characters,
          ...failed(error),
        },
        error,
      });
    }
    case "retried":
      return void open.retries.push(momentOf(event, at));
    case "taken":
    case "skipped":
    case "fallback":
    case "repaired":
    case "dropped":
    case "handed_off":
    case "handoff_refused":
    case "delegated":
    case "resumed":
    case "planned":
    case "weighed":
    case "checked":
      return void (only(open)?.moments ?? open.moments).push(momentOf(event, at));
    case "failed":
      open.error = event.error;
      return void open.moments.push(momentOf(event, at));
    case "released":
      return put({ name: SPANS.release.name, startedAt: open.last, attributes: { [A.why]: event.why } });
    case "settled":
      return settle(noting, event);
    // A part's fate comes with its part, and what follows a turn's end is left out: see names.ts.
    case "delivered":
    case "decided":
    case "effect":
    case "learned":
      return;
  }
}

function endStep({ open, put }: Noting, event: Extract<TraceEvent, { kind: "step_ended" }>): void {
  const at = open.steps.findIndex(({ agent }) => agent === event.agent);
  const [step] = at < 0 ? [] : open.steps.splice(at, 1);
  if (!step) return;
  const error = event.reply === "fail" ? (event.code ?? "failed") : null;
  open.error = error;
  put({
    id: step.id,
    parent: open.root,
    name: `${SPANS.step.name} ${step.agent}`,
    startedAt: step.at,
    attributes: {
      [A.operation]: OPERATIONS.step,
      [A.agent]: step.agent,
      [A.tier]: step.tier,
      [A.reply]: event.reply,
      [A.tokens]: event.tokens,
      ...failed(error),
    },
    moments: [...step.moments, ...open.retries.splice(0)],
    error,
  });
}

function putCall({ open, at, put }: Noting, event: Extract<TraceEvent, { kind: "model_called" }>): void {
  const error = event.outcome === "failed" ? (event.error ?? "failed") : null;
  put({
    name: `${SPANS.model.name} ${event.model}`,
    kind: "client",
    startedAt: before(at, event.ms),
    attributes: {
      [A.operation]: OPERATIONS.model,
      [A.provider]: event.model === "offline" ? "nova" : "openai",
      [A.model]: event.model,
      [A.tokens]: event.tokens,
      ...(event.input !== undefined && { [A.inputTokens]: event.input }),
      ...(event.output !== undefined && { [A.outputTokens]: event.output }),
      ...(typeof event.micros === "number" && { [A.micros]: event.micros }),
      [A.outcome]: event.outcome,
      ...failed(error),
    },
    moments: open.retries.splice(0),
    error,
  });
}

/** The turn's own span comes last, and from whoever settled it: it holds the spans of all takes. */
function settle({ open, put, turn }: Noting, event: Extract<TraceEvent, { kind: "settled" }>): void {
  const { platform } = turn.address;
  const error = event.state === "failed" ? (open.error ?? "failed") : null;
  put({ name: SPANS.settle.name, startedAt: open.last, parent: open.root, attributes: { [A.parts]: event.parts } });
  put({
    id: open.root,
    parent: null,
    name: SPANS.turn.name,
    kind: "consumer",
    startedAt: turn.waitedFrom,
    attributes: {
      [A.operation]: OPERATIONS.turn,
      [A.system]: platform,
      [A.messaging]: "process",
      [A.messages]: turn.messages.length,
      [A.conversation]: turn.conversation,
      [A.turn]: turn.id,
      [A.epoch]: turn.epoch,
      [A.attempts]: turn.attempts,
      [A.state]: event.state,
      [A.parts]: event.parts,
      ...(open.agent !== null && { [A.agent]: open.agent }),
      ...failed(error),
    },
    moments: open.moments,
    error,
  });
}

const failed = (error: string | null): Attributes => (error === null ? {} : { [A.error]: error });
const before = (at: Date, ms: number): Date => new Date(at.getTime() - ms);
