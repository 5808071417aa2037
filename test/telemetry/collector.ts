/** An OpenTelemetry collector for tests: takes OTLP/HTTP posts with JSON on loopback and keeps the spans. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const value = z
  .object({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
    doubleValue: z.number().optional(),
    boolValue: z.boolean().optional(),
  })
  .transform(({ stringValue, intValue, doubleValue, boolValue }) =>
    intValue === undefined ? (stringValue ?? doubleValue ?? boolValue) : Number(intValue),
  );
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));
const span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes,
  events: z.array(z.object({ name: z.string(), attributes })).default([]),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }),
});
const post = z.object({
  resourceSpans: z.array(
    z.object({ resource: z.object({ attributes }), scopeSpans: z.array(z.object({ spans: z.array(span) })) }),
  ),
});

export type Sent = z.infer<typeof span>;

export interface TestCollector {
  readonly url: string;
  readonly spans: readonly Sent[];
  /** Everything that was posted, as it came. */
  readonly bodies: readonly string[];
  readonly requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  readonly resources: readonly Readonly<Record<string, unknown>>[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** With `mute` it takes posts and never answers. */
export async function startCollector({ mute = false } = {}): Promise<TestCollector> {
  const spans: Sent[] = [];
  const bodies: string[] = [];
  const requests: { path: string; headers: Record<string, unknown> }[] = [];
  const resources: Record<string, unknown>[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    requests.push({ path: request.url ?? "", headers: request.headers });
    bodies.push(body);
    if (mute) return;
    for (const { resource, scopeSpans } of post.parse(JSON.parse(body)).resourceSpans) {
      resources.push(resource.attributes);
      spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    }
    response.setHeader("content-type", "application/json").end("{}");
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    requests,
    resources,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The spans of one trace as lines, each under the one around it, in the order of their beginning. */
export function drawSpans(spans: readonly Sent[], under = "", depth = 0): string[] {
  return spans
    .filter(({ parentSpanId = "" }) => parentSpanId === under)
    .toSorted(
      (a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano) || Number(a.endTimeUnixNano - b.endTimeUnixNano),
    )
    .flatMap((span) => ["  ".repeat(depth) + span.name, ...drawSpans(spans, span.spanId, depth + 1)]);
}
