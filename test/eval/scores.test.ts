/** The figures of `nova eval`, on cases small enough to work out by hand. */
import { describe, expect, test } from "vitest";
import { scoreAbstain } from "../../src/eval/abstain-score.ts";
import { conversationFile, type Conversation } from "../../src/eval/conversation-file.ts";
import { abstainBounds, holds, recallBounds, routingBounds } from "../../src/eval/floors.ts";
import { failureOf, scoreOwn } from "../../src/eval/own-score.ts";
import type { CaseOutcome } from "../../src/eval/own-recall.ts";
import { misrouted, scoreOwnRoutes, type UnseenRoute } from "../../src/eval/own-routing.ts";
import { scoreRanking } from "../../src/eval/ranking.ts";
import { scoreRetrieval } from "../../src/eval/retrieval-score.ts";
import { scoreRouting } from "../../src/eval/routing-score.ts";
import { auroc, percent, quantile, rejectedKeeping } from "../../src/eval/statistics.ts";

describe("statistics", () => {
  test("the area under the curve is the share of pairs in the right order, ties counting half", () => {
    expect(auroc([0.9, 0.5], [0.5, 0.1])).toBe((1 + 1 + 0.5 + 1) / 4);
    expect(auroc([1], [])).toBeNaN();
  });
  test("a quantile is the value at that share, and none of nothing", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(3);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([], 0.5)).toBeUndefined();
  });
  test("what is rejected lies below the threshold that keeps the rest", () => {
    expect(rejectedKeeping([0.2, 0.4, 0.6, 0.8], [0.1, 0.3, 0.5], 0.75)).toBe(2 / 3);
  });
  test("per cent have two decimals, and what was not measured is none", () => {
    expect(percent(1 / 3)).toBe(33.33);
    expect(percent(NaN)).toBeNull();
  });
});

test("a ranking is scored by what stands where", () => {
  const score = scoreRanking(["x", "a", "y", "b", "z"], new Set(["a", "b"]));
  expect(score).toMatchObject({ "recall@1": 0, "recall@3": 0.5, "hit@3": 1, "all@3": 0, "recall@5": 1, "all@5": 1 });
  expect(score["mrr"]).toBe(0.5);
  const gains = (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3));
  expect(score["ndcg@10"]).toBeCloseTo(gains, 12);
});

const turn = (id: string, length: number) => ({ id, speaker: "Al", text: "x".repeat(length) });
const conversation = (qa: readonly unknown[]): Conversation => {
  const sessions = [
    { n: 1, at: "2024-05-01T09:00", turns: [turn("D1:1", 4 * 100), turn("D1:2", 4)] },
    { n: 2, at: "2024-05-02T09:00", turns: [turn("D2:1", 4)] },
  ];
  const [first] = conversationFile.parse({ conversations: [{ id: "c", sessions, qa }] }).conversations;
  if (!first) throw new Error("no conversation");
  return first;
};
const asked = (id: string, category: string, evidence: string[], more = {}) => ({
  id,
  question: "?",
  category,
  evidence,
  ...more,
});

describe("retrieval", () => {
  const one = conversation([
    asked("q1", "single-hop", ["D1:2"], { evidence_audited: ["D1:1"] }),
    asked("q2", "temporal", ["D2:1"]),
    asked("q3", "adversarial", ["D1:1"]),
    asked("q4", "single-hop", []),
  ]);
  const results = new Map([
    ["q1", { ids: ["D1:1", "D1:1", "unknown", "D1:2"], ms: 3 }],
    ["q3", { ids: ["D1:1"], ms: 5 }],
  ]);
  const score = scoreRetrieval([one], results);

  test("questions on the wrong speaker stand apart, those without evidence are left out, missing ones count as wrong", () => {
    expect(score).toMatchObject({ questions: 2, missing: 1 });
    expect(score.overall).toMatchObject({ "recall@1": 0, "recall@5": 50, mrr: 25 });
    expect(score.byCategory).toMatchObject({
      "single-hop": { n: 1, mrr: 50 },
      adversarial: { n: 1, "recall@1": 100 },
    });
    expect(score.latencyMs).toEqual({ p50: 5, p95: 5 });
  });
  test("a budget is spent in the order of rank", () => {
    // The first turn costs (400 + 2 + 14) / 4 = 104 tokens, the second (4 + 2 + 14) / 4 = 5.
    expect(score.tokenBudget).toMatchObject({ "recall@128tok": 50 });
    const tight = new Map([["q1", { ids: ["D1:1", "D1:2"], ms: 1 }]]);
    const long = { ...one, sessions: one.sessions.map((each) => ({ ...each, turns: each.turns.map(longer) })) };
    expect(scoreRetrieval([long], tight).tokenBudget["recall@128tok"]).toBe(0);
  });
  const longer = (each: ReturnType<typeof turn>) =>
    each.id === "D1:1" ? { ...each, text: "x".repeat(4 * 124) } : each;
  test("the session is found when another of its turns is", () => {
    expect(score.sessionLevel).toMatchObject({ "recall@1": 50 });
  });
  test("audited evidence takes the place of the official where there is any", () => {
    expect(scoreRetrieval([one], results, "audited").overall).toMatchObject({ "recall@1": 50 });
  });
});

test("abstaining is scored by confidence, and by the verdict as it was given", () => {
  const one = conversation([asked("q1", "single-hop", ["D1:1"]), asked("q2", "adversarial", ["D1:1"])]);
  const foreign = [
    { id: "f1", conversation: "c", question: "?" },
    { id: "f2", conversation: "c", question: "?" },
  ];
  const score = scoreAbstain(
    [one],
    foreign,
    new Map([
      ["q1", { confidence: 0.6, verdict: "answer" }],
      ["q2", { confidence: 0.6, verdict: "weak" }],
      ["f1", { confidence: 0.7, verdict: "answer" }],
    ]),
  );
  expect(score).toMatchObject({ answerable: 1, foreign: 2, adversarial: 1, missing: 1, foreignAuroc: 50 });
  expect(score.adversarialAuroc).toBe(50);
  expect(score.asShipped).toEqual({ answerableKept: 100, foreignRejected: 0, adversarialRejected: 0 });
  expect(score.weak).toEqual({ answerable: 0, foreign: 0, adversarial: 100 });
});

test("labels are scored over all and over the surest, and apart from what fits none", () => {
  const items = [
    { id: "1", text: "", label: "a" },
    { id: "2", text: "", label: "a" },
    { id: "3", text: "", label: "b" },
    { id: "4", text: "", label: "b" },
    { id: "5", text: "", label: "b" },
    { id: "o", text: "", label: null },
  ];
  const said = (label: string, confidence: number) => ({ label, confidence, ms: 1 });
  const results = new Map([
    ["1", said("a", 0.9)],
    ["2", said("b", 0.3)],
    ["3", said("b", 0.8)],
    ["4", said("oos", 0.7)],
    ["o", said("oos", 0.1)],
  ]);
  const score = scoreRouting(items, results, { canRefuse: true });
  expect(score).toMatchObject({ items: 5, missing: 1, accuracy: 40, accuracyAt80Coverage: 50 });
  expect(score.oos).toMatchObject({ items: 1, auroc: 80, inScopeCalledOos: 20, oosRecall: 100 });
  const neverRefusing = scoreRouting(items, results, { canRefuse: false });
  expect(neverRefusing.oos).toMatchObject({ auroc: 80, inScopeCalledOos: null, oosRecall: null });
});

describe("the own suite", () => {
  const outcome = (id: string, more: Partial<CaseOutcome>): CaseOutcome => ({
    id,
    kind: "note",
    part: "dev",
    question: "?",
    near: false,
    expects: ["a"],
    ranked: ["a"],
    verdict: "answer",
    confidence: 0.9,
    ...more,
  });
  const found = outcome("found", {});
  const withheld = outcome("withheld", { verdict: "none", part: "held" });
  const half = outcome("half", { kind: "decision", expects: ["a", "b"], verdict: "weak" });
  const silent = outcome("silent", { kind: "nothing", expects: [], ranked: ["z"], verdict: "none", confidence: 0.1 });
  const talkative = outcome("talkative", {
    kind: "nothing",
    expects: [],
    verdict: "weak",
    confidence: 0.2,
    near: true,
  });
  const attributed = outcome("attributed", { kind: "wrong_person", verdict: "weak" });

  test("what was found but withheld is not recalled, though it is ranked", () => {
    const { all, byPart } = scoreOwn([found, withheld, half]);
    expect(all).toEqual({ name: "all", cases: 3, recall: 50, ranked: 83.33 });
    expect(byPart.map(({ name, recall }) => [name, recall])).toEqual([
      ["dev", 75],
      ["held", 0],
    ]);
  });
  test("verdicts are right where nothing answers and where it is another's", () => {
    const score = scoreOwn([found, silent, talkative, attributed]);
    expect(score.nothing).toEqual({ cases: 2, right: 50, byPart: { dev: 50 } });
    expect([score.near, score.far]).toMatchObject([
      { cases: 1, right: 0 },
      { cases: 1, right: 100 },
    ]);
    expect(score.wrongPerson.right).toBe(100);
    expect(recallBounds(score).map(holds)).toEqual([true]);
    expect(abstainBounds(score).map(holds)).toEqual([false, true]);
    const misled = scoreOwn([found, silent, { ...attributed, verdict: "answer" }]);
    expect(abstainBounds(misled).map(holds)).toEqual([true, false]);
  });
  test("an empty suite holds nothing", () => {
    const score = scoreOwn([]);
    expect([...recallBounds(score), ...abstainBounds(score)].map(holds)).toEqual([false, false, false]);
  });
  test.each([
    [found, undefined],
    [withheld, "found, but the verdict is none"],
    [half, "not among the first 5: b"],
    [talkative, "verdict weak, not none"],
    [outcome("misled", { kind: "wrong_person" }), "verdict answer"],
  ])("$0.id: what went wrong is named", (each, expected) => {
    expect(failureOf(each)).toBe(expected);
  });
});

test("the agents' examples are scored by who would get them, and lines that are nobody's by who takes them away", () => {
  const route = (of: string | null, top: string, outcome: UnseenRoute["outcome"], confidence = 0.5): UnseenRoute => ({
    text: `${of} to ${top}`,
    of,
    top,
    outcome,
    confidence,
  });
  const routes = [
    route("editor", "editor", "settled", 0.9),
    route("editor", "summariser", "settled", 0.6),
    route("summariser", "summariser", "asked"),
    route("summariser", "concierge", "general"),
    route(null, "concierge", "general", 0.4),
    route(null, "editor", "settled", 0.7),
    route(null, "editor", "guessed", 0.1),
  ];
  const score = scoreOwnRoutes(routes, "concierge");
  expect(score).toMatchObject({ examples: 4, accuracy: 50, settled: 50, precision: 33.33, asked: 25 });
  expect(score).toMatchObject({ guessedRightly: 0, misled: 66.67 });
  expect(score).toMatchObject({ background: 3, hijacked: 33.33, accuracyAt80Coverage: 66.67, auroc: 75 });
  expect(routingBounds(score).map(holds)).toEqual([false, false]);
  const kept = scoreOwnRoutes([routes[0]!, route(null, "concierge", "settled")], "concierge");
  expect(routingBounds(kept).map(holds)).toEqual([true, true]);
  const atGeneral = Array.from({ length: 9 }, () => route(null, "concierge", "settled"));
  expect(scoreOwnRoutes([...routes, ...atGeneral], "concierge").precision).toBe(33.33);
  expect(routingBounds(scoreOwnRoutes([], "concierge")).map(holds)).toEqual([false, false]);
  expect(misrouted(routes, "concierge").map(({ text }) => text)).toEqual(["editor to summariser", "null to editor"]);
});
