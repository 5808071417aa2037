/** How measurements read in a terminal: plain lines and tables. Called by the roof. */
import type { AbstainMeasured } from "./abstain.ts";
import type { CaseOutcome } from "./own-recall.ts";
import { misrouted, type OwnRoutingScore, type UnseenRoute } from "./own-routing.ts";
import { failureOf, FLOORS, nothingHolds, recallHolds, type OwnScore, type Verdicts } from "./own-score.ts";
import type { RecallMeasured } from "./recall.ts";
import type { Figures } from "./retrieval-score.ts";
import type { RoutingRun } from "./routing.ts";
import type { RoutingScore } from "./routing-score.ts";
import { mean } from "./statistics.ts";

type Cell = string | number | null | undefined;

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

export function ownRecallWords(score: OwnScore): string {
  return [
    `Nova's own suite: ${score.cases} cases. Per cent of the expected lines among the first five; "ranked" is without`,
    "regard to the verdict.",
    "",
    ...table([
      ["", "cases", "recall@5", "ranked@5"],
      ...[score.all, ...score.byPart, ...score.byKind].map(({ name, cases, recall, ranked }) => [
        name,
        cases,
        recall,
        ranked,
      ]),
    ]),
    "",
    floorLine("recall@5", score.all.recall, FLOORS.recall, recallHolds(score)),
  ].join("\n");
}

export function ownAbstainWords(score: OwnScore): string {
  const row = (name: string, { cases, right, byPart }: Verdicts): readonly Cell[] => [
    name,
    cases,
    right,
    byPart["dev"],
    byPart["held"],
  ];
  return [
    ...table([
      ["right, per cent", "cases", "all", "dev", "held"],
      row("nothing relevant", score.nothing),
      row("wrong person", score.wrongPerson),
    ]),
    "",
    ...pairs({
      "answerable refused": score.answerableRefused,
      "AUROC nothing": score.auroc.nothing,
      "AUROC wrong person": score.auroc.wrongPerson,
    }),
    "",
    floorLine("nothing relevant", score.nothing.right, FLOORS.nothing, nothingHolds(score)),
  ].join("\n");
}

export function failureWords(outcomes: readonly CaseOutcome[]): string {
  const lines = outcomes.flatMap((outcome) => {
    const failure = failureOf(outcome);
    return failure === undefined
      ? []
      : [`${outcome.id} (${outcome.kind}, ${outcome.part}): ${failure}\n  ${outcome.question}`];
  });
  return lines.length === 0 ? "No case failed." : lines.join("\n");
}

export function ownRoutingWords(score: OwnRoutingScore): string {
  return [
    `The agents on call: ${score.examples} examples of theirs, each tried by a router that had not learned it. Per cent:`,
    "",
    ...pairs({
      accuracy: score.accuracy,
      "accuracy@80coverage": score.accuracyAt80Coverage,
      "settled by the words": score.settled,
      "rightly, of what was settled": score.precision,
      "asked which agent": score.asked,
      [`hijacked, of ${score.background} lines that are nobody's`]: score.hijacked,
      "AUROC nobody's": score.auroc,
    }),
  ].join("\n");
}

export function misroutedWords(routes: readonly UnseenRoute[], general: string): string {
  const lines = misrouted(routes, general).map(({ text, of, top }) => `${of ?? "nobody"} -> ${top}: ${text}`);
  return lines.length === 0 ? "Nothing was settled wrongly." : lines.join("\n");
}

const storedWords = ({ turns, ms }: { readonly turns: number; readonly ms: number }): string =>
  `${turns.toLocaleString("en-US")} turns stored in ${(ms / 1000).toFixed(1)} s.`;

const timing = (latency: { readonly p50: number; readonly p95: number } | null): string[] =>
  latency ? ["", `A recall takes ${latency.p50} ms (p50), ${latency.p95} ms (p95).`] : [];

const floorLine = (name: string, share: number | null, floor: number, holds: boolean): string =>
  `${holds ? "Holds" : "Falls short"}: ${name} ${share ?? "not measured"}, at least ${floor} wanted.`;

const pairs = (figures: Figures): string[] => table(Object.entries(figures));

function table(rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? "-")));
  const widths = (texts[0] ?? []).map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)));
  return texts.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
