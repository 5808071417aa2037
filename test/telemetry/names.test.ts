/** The names of what is watched: all in one place, in the form that Prometheus and OpenTelemetry expect, and none forgotten. */
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { METRICS } from "../../src/telemetry/metric-names.ts";
import { ATTRIBUTES, KINDS, SPANS, SPAN_EVENTS, type TraceKind } from "../../src/telemetry/names.ts";
import { createSurroundings } from "../../src/telemetry/surroundings.ts";
import { readExposition } from "./exposition.ts";
import { sights } from "./sights.ts";

const metrics = Object.entries(METRICS);
const kinds = Object.entries(KINDS);

test.each(metrics)(
  "the metric %s is named as its type and unit ask for",
  (_key, { name, type, unit, labels, help }) => {
    expect(name).toMatch(/^nova_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(unit === "1" || new RegExp(`_${unit}(_total)?$`).test(name)).toBe(true);
    expect(help).toMatch(/^[A-Z0-9].*\.$/);
    for (const label of labels) expect(label).not.toMatch(/^(turn|person|conversation|message|text|reason|le)$/);
  },
);

test("no two metrics have one name, and no two attributes", () => {
  const names = [...metrics.map(([, { name }]) => name), ...Object.values(ATTRIBUTES)];
  expect(new Set(names).size).toBe(names.length);
});

describe.each(kinds)("the trace event %s", (kind, mapped) => {
  test("is counted by the metrics that say so, sent as the spans that say so, or left out with a reason", () => {
    const counted = metrics.filter(([, { from }]) => from === kind).map(([key]) => key);
    const sent = Object.entries(SPANS)
      .filter(([, { from }]) => (from as readonly TraceKind[]).includes(kind as TraceKind))
      .map(([key]) => key);
    const isMoment = (SPAN_EVENTS as readonly string[]).includes(kind);
    const said = "left" in mapped ? { metrics: [], spans: [] } : mapped;
    const reason = "left" in mapped ? mapped.left : "";
    expect([...said.metrics].toSorted()).toEqual(counted.toSorted());
    expect([...said.spans].toSorted()).toEqual(sent.toSorted());
    expect(sent.length > 0 || isMoment).toBe(reason === "");
    expect(counted.length > 0).toBe(reason === "");
  });
});

test("what is served is what the file lists, and the process's own", async () => {
  const { body } = await createMetrics(createSurroundings(sights())).text();
  const { types, helps } = readExposition(body);
  const own = [...types].filter(([name]) => name.startsWith("nova_"));
  expect(Object.fromEntries(own)).toEqual(Object.fromEntries(metrics.map(([, { name, type }]) => [name, type])));
  for (const [, { name, help }] of metrics) expect(helps.get(name)).toBe(help);
  const others = [...types.keys()].filter((name) => !name.startsWith("nova_"));
  expect(others.filter((name) => !/^(process|nodejs)_/.test(name))).toEqual([]);
  expect(others).toEqual(expect.arrayContaining(["nodejs_eventloop_lag_p99_seconds", "process_resident_memory_bytes"]));
});
