/** How measurements on data read in a terminal: plain lines and tables. Called by the roof. */
import type { AbstainMeasured } from "./abstain.ts";
import type { RecallMeasured } from "./recall.ts";
import type { Figures } from "./retrieval-score.ts";
import type { RoutingRun } from "./routing.ts";
import type { RoutingScore } from "./routing-score.ts";
import { mean } from "./statistics.ts";
import { pairs, table, type Cell } from "./table.ts";

export function recallWords({ score, stored }: RecallMeasured): string {
  const { overall, tokenBudget, byCategory, sessionLevel, latencyMs } = score;
  return [
    storedWords(stored),
    `${score.questions} questions${score.missing > 0 ? `, ${score.missing} of them not asked` : ""}. Per cent:`,
    "",
    ...pairs({ ...overall, ...tokenBudget }),
    "",
    ...table([
      ["", "n", "recall@1", "recall@5", "recall@10", "recall@20", "ndcg@10"],
      ...Object.entries(byCategory).map(([name, row]) => [name, row.n, ...cutsOf(row)]),
      ["by session", score.questions, ...cutsOf(sessionLevel)],
    ]),
    ...timing(latencyMs),
  ].join("\n");
}

const cutsOf = (row: Figures): readonly Cell[] =>
  ["recall@1", "recall@5", "recall@10", "recall@20", "ndcg@10"].map((key) => row[key]);

export function abstainWords({ score, stored }: AbstainMeasured): string {
  const { asShipped, weak } = score;
  return [
    storedWords(stored),
    "",
    ...pairs({
      "foreign AUROC": score.foreignAuroc,
      "foreign rejected@95keep": score.foreignRejectedAt95Keep,
      "foreign rejected@90keep": score.foreignRejectedAt90Keep,
      "adversarial AUROC": score.adversarialAuroc,
    }),
    "",
    ...table([
      ["as shipped", "n", "none", "weak"],
      ["answerable", score.answerable, rest(asShipped.answerableKept), weak.answerable],
      ["foreign", score.foreign, asShipped.foreignRejected, weak.foreign],
      ["adversarial", score.adversarial, asShipped.adversarialRejected, weak.adversarial],
    ]),
  ].join("\n");
}

const rest = (share: number | null): number | null => (share === null ? null : Number((100 - share).toFixed(2)));

export function routingWords(runs: readonly RoutingRun[]): string {
  const means = (of: (score: RoutingScore) => number | null | undefined): Cell => {
    const found = runs.flatMap(({ score }) => of(score) ?? []);
    return found.length === 0 ? null : Number(mean(found).toFixed(2));
  };
  const columns: readonly (readonly [string, (score: RoutingScore) => number | null | undefined])[] = [
    ["accuracy", ({ accuracy }) => accuracy],
    ["accuracy@80coverage", (score) => score.accuracyAt80Coverage],
    ["OOS AUROC", ({ oos }) => oos?.auroc],
    ["OOS rejected@95keep", ({ oos }) => oos?.rejectedAt95Keep],
    ["OOS recall", ({ oos }) => oos?.oosRecall],
    ["p50 ms", ({ latencyMs }) => latencyMs?.p50],
  ];
  const [first] = runs;
  return [
    `${first?.score.items ?? 0} items${first?.score.oos ? ` and ${first.score.oos.items} that nothing fits` : ""}.`,
    "",
    ...table([
      ["draw", "examples", ...columns.map(([name]) => name), "learned in ms"],
      ...runs.map(({ seed, examples, score, learnedMs }) => [
        seed,
        examples,
        ...columns.map(([, of]) => of(score)),
        learnedMs,
      ]),
      ...(runs.length > 1 ? [["mean", "", ...columns.map(([, of]) => means(of)), ""]] : []),
    ]),
  ].join("\n");
}

const storedWords = ({ turns, ms }: { readonly turns: number; readonly ms: number }): string =>
  `${turns.toLocaleString("en-US")} turns stored in ${(ms / 1000).toFixed(1)} s.`;

const timing = (latency: { readonly p50: number; readonly p95: number } | null): string[] =>
  latency ? ["", `A recall takes ${latency.p50} ms (p50), ${latency.p95} ms (p95).`] : [];
