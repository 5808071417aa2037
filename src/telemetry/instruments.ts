/** The metrics that metric-names.ts lists, as prom-client keeps them: typed by key, and folded. Made by metrics.ts. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { createFolding } from "./folding.ts";
import { METRICS, type LabelsOf, type MetricKey } from "./metric-names.ts";

type OfType<Type extends string> = {
  readonly [K in MetricKey]: (typeof METRICS)[K]["type"] extends Type ? K : never;
}[MetricKey];
type Labels<K extends MetricKey> = Readonly<Record<LabelsOf<K>, string>>;

export interface Instruments {
  /** Counts one, or `by`. */
  count<K extends OfType<"counter">>(key: K, labels: Labels<K>, by?: number): void;
  /** In milliseconds; kept in seconds. */
  time<K extends OfType<"histogram">>(key: K, labels: Labels<K>, ms: number): void;
  set<K extends OfType<"gauge">>(key: K, labels: Labels<K>, value: number): void;
  /** Takes away what a gauge said: no value is better than an old one. */
  clear(key: OfType<"gauge">): void;
}

export function createInstruments(registry: Registry): Instruments {
  const fold = createFolding();
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, Gauge>();
  for (const [key, metric] of Object.entries(METRICS)) {
    const { name, help, labels } = metric;
    const config = { name, help, labelNames: [...labels], registers: [registry] };
    if (metric.type === "counter") counters.set(key, new Counter(config));
    else if (metric.type === "gauge") gauges.set(key, new Gauge(config));
    else histograms.set(key, new Histogram({ ...config, buckets: [...metric.buckets] }));
  }
  const folded = (key: MetricKey, labels: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, fold(`${key}.${label}`, value)]));

  return {
    count: (key, labels, by = 1) => counters.get(key)?.inc(folded(key, labels), by),
    time: (key, labels, ms) => histograms.get(key)?.observe(folded(key, labels), Math.max(0, ms) / 1_000),
    set: (key, labels, value) => gauges.get(key)?.set(folded(key, labels), value),
    clear(key) {
      gauges.get(key)?.reset();
      // A gauge without labels is set back to 0, which would be a claim.
      if (METRICS[key].labels.length === 0) gauges.get(key)?.remove({});
    },
  };
}
