/** How the figures of Nova's own cases read in a terminal, with what each means. Called by the roof. */
import { abstainBounds, holds, recallBounds, routingBounds, type Bound } from "./floors.ts";
import type { CaseOutcome } from "./own-recall.ts";
import { misrouted, type OwnRoutingScore, type UnseenRoute } from "./own-routing.ts";
import { failureOf, type OwnScore, type Verdicts } from "./own-score.ts";
import { legend, pairs, table, type Cell } from "./table.ts";

export function ownRecallWords(score: OwnScore): string {
  return [
    `Nova's own suite: ${score.cases} cases, ${score.all.cases} of which something kept answers. Per cent:`,
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
    ...legend({
      "recall@5":
        "of the lines that answer, those among the first five that Nova shows; it shows none when it says none fits",
      "ranked@5": "the same of what it ranks first, whether it shows that or not",
      "dev, held": "cases that Nova's constants may be fitted to, and cases that are for measuring only",
    }),
    "",
    ...recallBounds(score).map(boundWords),
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
      row("  near", score.near),
      row("  far", score.far),
      row("wrong person", score.wrongPerson),
    ]),
    "",
    ...pairs({
      "answerable refused": score.answerableRefused,
      "AUROC nothing": score.auroc.nothing,
      "AUROC wrong person": score.auroc.wrongPerson,
    }),
    "",
    ...legend({
      "nothing relevant": "nothing kept answers the question: right is to say so",
      near: "of those, the ones that share a word with something kept; far ones share none",
      "wrong person":
        "what is kept tells of somebody else than the one asked about: right is not to call it the answer",
      "answerable refused": "something kept answers the question, and Nova says that nothing does",
      AUROC: "how often Nova is surer of an answerable question than of such a one: 50 is chance, 100 always",
    }),
    "",
    ...abstainBounds(score).map(boundWords),
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
    `The agents on call: ${score.examples} examples of theirs and ${score.background} lines that are for no specialist, each`,
    "tried by a router that had not learned it. Per cent:",
    "",
    ...pairs({
      accuracy: score.accuracy,
      "accuracy@80coverage": score.accuracyAt80Coverage,
      settled: score.settled,
      "rightly settled": score.precision,
      asked: score.asked,
      hijacked: score.hijacked,
      AUROC: score.auroc,
    }),
    "",
    ...legend({
      accuracy: "of the examples, those for which their own agent looks likeliest",
      "accuracy@80coverage": "the same of the four fifths that the router is surest of",
      settled:
        "of the examples, those that the words alone give to an agent; a model or the general agent gets the rest",
      "rightly settled": "of all that the words gave to an agent, what it gave to the right one",
      asked: "of the examples, those for which Nova would ask which of two agents is meant",
      hijacked: "of the lines that are for no specialist, those that the words give to one",
      AUROC: "how often the router is surer of an example than of such a line: 50 is chance, 100 always",
    }),
    "",
    ...routingBounds(score).map(boundWords),
  ].join("\n");
}

export function misroutedWords(routes: readonly UnseenRoute[], general: string): string {
  const lines = misrouted(routes, general).map(({ text, of, top }) => `${of ?? "nobody"} -> ${top}: ${text}`);
  return lines.length === 0 ? "Nothing was settled wrongly." : lines.join("\n");
}

function boundWords(bound: Bound): string {
  const wanted = "least" in bound ? `at least ${bound.least}` : `at most ${bound.most}`;
  return `${holds(bound) ? "Holds" : "Fails"}: ${bound.name} ${bound.figure ?? "not measured"}, ${wanted} wanted.`;
}
