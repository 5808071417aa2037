/** Tells metrics and spans what happens: the port Telemetry of the core. Part of the roof like src/plugins. */
import { randomBytes } from "node:crypto";
import type { Log, Telemetry } from "#core";
import type { Collector, Export } from "./export.ts";
import type { Metrics } from "./metrics.ts";
import { createSpanIds, type SpanIds } from "./span-ids.ts";
import { createSpans, type Spans } from "./spans.ts";
import { createSparse } from "./sparse.ts";
import { createSurroundings, type Sights } from "./surroundings.ts";

export type TelemetryOptions = {
  /** What `GET /metrics` looks at; absent where nobody can ask for it. */
  readonly sights?: Sights | undefined;
  /** Absent: no spans, and nothing of OpenTelemetry is loaded. */
  readonly collector?: (Omit<Collector, "onSent"> & { readonly installation: string }) | undefined;
  readonly log: Log;
};

export interface OpenTelemetry extends Telemetry {
  /** The text of `GET /metrics`; undefined where none are kept. */
  readonly metrics: (() => Promise<{ readonly type: string; readonly body: string }>) | undefined;
  /** Sends what is left. Takes half a second at most and never throws. */
  close(): Promise<void>;
}

const FLUSH_MS = 500;
const WARN_EVERY_MS = 60_000;

export async function openTelemetry({ sights, collector, log }: TelemetryOptions): Promise<OpenTelemetry> {
  const metrics = sights ? (await import("./metrics.ts")).createMetrics(createSurroundings(sights)) : undefined;
  const sending = collector ? await openSpans(collector, metrics, log) : undefined;
  const sparse = createSparse(WARN_EVERY_MS);
  /** A watcher's fault is not the turn's. */
  const safely = (tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      sparse(() => log.error("telemetry.failed", error));
    }
  };

  return {
    traced: (turn, event, at) =>
      safely(() => {
        metrics?.traced(turn, event, at);
        sending?.spans.traced(turn, event, at);
      }),
    delivered: (part, fate) =>
      safely(() => {
        metrics?.delivered(part, fate);
        sending?.spans.delivered(part, fate);
      }),
    recorded: (event) => safely(() => metrics?.recorded(event)),
    accepted: (offer) => safely(() => metrics?.accepted(offer)),
    answered: (request) => safely(() => metrics?.answered(request)),
    traceOf: (turn) => sending?.ids.trace(turn),
    metrics: metrics && (() => metrics.text()),
    close: async () => sending?.exporter.close(FLUSH_MS),
  };
}

type Sender = { readonly ids: SpanIds; readonly spans: Spans; readonly exporter: Export };

async function openSpans(
  { installation, ...collector }: NonNullable<TelemetryOptions["collector"]>,
  metrics: Metrics | undefined,
  log: Log,
): Promise<Sender> {
  const { createExport } = await import("./export.ts");
  const sparse = createSparse(WARN_EVERY_MS);
  const exporter = createExport({
    ...collector,
    onSent(outcome, spans) {
      metrics?.exported(outcome, spans);
      if (outcome === "failed") sparse((more) => log.warn("telemetry.export_failed", { spans, more }));
    },
  });
  const ids = createSpanIds(installation, randomBytes);
  return { ids, spans: createSpans(ids, exporter), exporter };
}
