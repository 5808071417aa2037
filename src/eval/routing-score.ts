/** Scores labels and how sure they are. Pure; called by routing.ts. */
import { auroc, mean, percent, quantile, rejectedKeeping } from "./statistics.ts";

export type LabelResult = { readonly label: string; readonly confidence: number; readonly ms: number };
/** `label`: the right one; null for a text that none fits. */
export type LabelledItem = { readonly id: string; readonly text: string; readonly label: string | null };

/** What "none of them" is called in results. */
export const NO_LABEL = "oos";

/** Per cent. */
export type RoutingScore = {
  readonly items: number;
  readonly missing: number;
  readonly accuracy: number | null;
  readonly accuracyAt80Coverage: number | null;
  readonly accuracyAt60Coverage: number | null;
  /** Null where the data have no texts that none fits. */
  readonly oos: {
    readonly items: number;
    readonly auroc: number | null;
    readonly rejectedAt95Keep: number | null;
    /** These two are null where the label `oos` could not be given. */
    readonly inScopeCalledOos: number | null;
    readonly oosRecall: number | null;
  } | null;
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
};

/** `canRefuse`: texts that fit no label were learned too, so that a text may be called one of those. */
export function scoreRouting(
  items: readonly LabelledItem[],
  results: ReadonlyMap<string, LabelResult>,
  { canRefuse }: { readonly canRefuse: boolean },
): RoutingScore {
  const rows = items.map(({ id, label }) => ({ label, result: results.get(id) }));
  const fitting = rows.filter(({ label }) => label !== null);
  const strange = rows.filter(({ label }) => label === null);
  const right = ({ label, result }: (typeof rows)[number]): number => (result?.label === label ? 1 : 0);
  const surest = fitting.toSorted((a, b) => sure(b.result) - sure(a.result));
  const covering = (share: number) =>
    percent(mean(surest.slice(0, Math.floor(share * surest.length)).map((row) => right(row))));
  const confidences = [fitting.map(({ result }) => sure(result)), strange.map(({ result }) => sure(result))] as const;
  const calledOos = (some: typeof rows) =>
    canRefuse ? percent(mean(some.map(({ result }) => (result?.label === NO_LABEL ? 1 : 0)))) : null;
  const ms = fitting.flatMap(({ result }) => (result ? [result.ms] : []));
  const p50 = quantile(ms, 0.5);
  const p95 = quantile(ms, 0.95);
  return {
    items: fitting.length,
    missing: fitting.filter(({ result }) => result === undefined).length,
    accuracy: percent(mean(fitting.map((row) => right(row)))),
    accuracyAt80Coverage: covering(0.8),
    accuracyAt60Coverage: covering(0.6),
    oos:
      strange.length === 0
        ? null
        : {
            items: strange.length,
            auroc: percent(auroc(...confidences)),
            rejectedAt95Keep: percent(rejectedKeeping(...confidences, 0.95)),
            inScopeCalledOos: calledOos(fitting),
            oosRecall: calledOos(strange),
          },
    latencyMs: p50 === undefined || p95 === undefined ? null : { p50, p95 },
  };
}

const sure = (result: LabelResult | undefined): number => result?.confidence ?? 0;
