/** Sends spans to an OpenTelemetry collector over OTLP/HTTP, in batches and beside the work. Loaded only when one is named. */
import { SpanKind, SpanStatusCode, TraceFlags, type HrTime } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from "@opentelemetry/sdk-trace";
import type { Span, SpanSink } from "./span.ts";

export type Collector = {
  /** Where traces are posted to, in full. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the sender calls itself. */
  readonly service: string;
  readonly version: string;
  /** Called for each batch; those that failed are gone. `count`: how many spans. */
  readonly onSent: (outcome: "sent" | "failed", count: number) => void;
};

export interface Export extends SpanSink {
  /** Sends what is left, within `mostMs`; what is not sent then is given up. Never throws. */
  close(mostMs: number): Promise<void>;
}

/** One retry fits in. The exporter's timers keep a process from ending, so the time is short. */
const BATCH_MS = 2_000;
const EVERY_MS = 2_000;
/** As many as a busy minute; while the collector is away, the newest are left out. */
const MOST_WAITING = 4_096;

export function createExport({ url, headers, service, version, onSent }: Collector): Export {
  // What is given goes before what the exporter finds in the environment by itself, such as certificates and compression.
  const otlp = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: BATCH_MS });
  const exporter: SpanExporter = {
    export: (spans, done) =>
      otlp.export(spans, (result) => {
        onSent(result.code === 0 ? "sent" : "failed", spans.length);
        // The processor would only throw it at nobody.
        done({ code: 0 });
      }),
    shutdown: () => otlp.shutdown(),
  };
  const batches = new BatchSpanProcessor({
    exporter,
    scheduledDelayMillis: EVERY_MS,
    exportTimeoutMillis: 2 * BATCH_MS,
    maxQueueSize: MOST_WAITING,
  });
  const resource = resourceFromAttributes({ "service.name": service, "service.version": version });
  const scope = { name: "nova", version };

  return {
    put: (span) => batches.onEnd(readable(span, { resource, instrumentationScope: scope })),
    async close(mostMs) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, mostMs);
      const sent = batches.shutdown().catch(() => onSent("failed", 0));
      await Promise.race([sent, late.promise]);
      clearTimeout(timer);
    },
  };
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
} as const;

/** The spans are past when they are made, so the SDK's tracer, which follows running code, is not needed for them. */
function readable(span: Span, from: Pick<ReadableSpan, "resource" | "instrumentationScope">): ReadableSpan {
  const context = (id: string) => ({ traceId: span.trace, spanId: id, traceFlags: TraceFlags.SAMPLED });
  const ms = span.endedAt.getTime() - span.startedAt.getTime();
  return {
    ...from,
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context(span.id),
    ...(span.parent !== null && { parentSpanContext: context(span.parent) }),
    startTime: time(span.startedAt.getTime()),
    endTime: time(span.endedAt.getTime()),
    duration: time(Math.max(0, ms)),
    ended: true,
    status: span.error === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: span.error },
    attributes: span.attributes,
    links: [],
    events: span.moments.map(({ name, at, attributes }) => ({ name, time: time(at.getTime()), attributes })),
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const time = (ms: number): HrTime => [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];
