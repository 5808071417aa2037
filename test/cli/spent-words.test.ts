/** How spending reads in `nova status` and `nova trace`. */
import { expect, test } from "vitest";
import { money, type TraceEvent } from "#core";
import { createInk } from "../../src/cli/ink.ts";
import { verbs } from "../../src/verbs/index.ts";

const worded = (name: string, result: unknown): string => {
  const verb = verbs.find((each) => each.name === name);
  if (!verb) throw new Error(`there is no verb ${name}`);
  // As it comes over the wire.
  return verb.read(JSON.parse(JSON.stringify(result))).words(createInk(false));
};

test.each([
  [0, "$0.00"],
  [99, "under $0.0001"],
  [425, "$0.0004"],
  [99_999, "$0.1000"],
  [100_000, "$0.10"],
  [1_234_567_000, "$1,234.57"],
])("%d millionths of a dollar are %s", (micros, words) => {
  expect(money(micros)).toBe(words);
});

test("the status tells today by agent and model, the days before, and the cap", () => {
  const on = (calls: number, micros: number, unpriced = 0) => ({
    calls,
    tokens: { input: 1_000 * calls, output: 200 * calls },
    micros,
    unpriced,
  });
  const words = worded("status", {
    service: true,
    version: "1.0.0",
    startedAt: new Date(0),
    url: "http://nova",
    model: "gpt-5-mini",
    database: "server",
    adapters: [],
    report: {
      since: new Date(0),
      turns: { done: 1, failed: 0, cancelled: 0, running: 0 },
      waitingMessages: 0,
      undeliveredParts: 0,
      unknownParts: 0,
      failedParts: 0,
      latency: null,
      byAgent: [],
      failures: [],
    },
    spent: {
      cap: { kind: "money", micros: 5_000_000 },
      today: {
        day: "2026-03-02T00:00:00.000Z",
        ended: { tokens: 36_000, micros: 750_000 },
        reserved: { tokens: 9, micros: 250_000 },
      },
      days: [
        {
          day: "2026-03-02T00:00:00.000Z",
          total: on(30, 750_000, 1),
          byAgent: [{ ...on(30, 750_000, 1), agent: "analyst" }],
          byModel: [
            { ...on(29, 750_000), model: "gpt-5-mini" },
            { ...on(1, 0, 1), model: "own" },
          ],
        },
        { day: "2026-02-27T00:00:00.000Z", total: on(1, 4_200), byAgent: [], byModel: [] },
      ],
    },
  });
  expect(words.slice(words.indexOf("Spent"))).toBe(`Spent on models, by days in UTC
  today       $0.75, and 1 of unknown price, 30 calls with 30,000 tokens in, 6,000 out
  cap         $5.00 a day, $4.00 left, $0.25 set aside for calls under way
  2026-02-27  $0.0042, 1 call with 1,000 tokens in, 200 out

Today by agent and model
  analyst     $0.75, and 1 of unknown price, 30 calls with 30,000 tokens in, 6,000 out
  gpt-5-mini  $0.75, 29 calls with 29,000 tokens in, 5,800 out
  own         price unknown, 1 call with 1,000 tokens in, 200 out`);
});

function traced(...events: readonly TraceEvent[]): string {
  const at = new Date("2026-03-02T10:00:00Z");
  return worded("trace", {
    summary: {
      turn: "12",
      state: "done",
      startedAt: at,
      endedAt: at,
      agent: "analyst",
      model: "gpt-5-mini",
      conversation: "1",
      platform: "web",
      person: "Ana",
    },
    events: events.map((event, seq) => ({ seq, at, epoch: 1, event })),
  });
}

const asked = { kind: "model_called", model: "gpt-5-mini", tokens: 1_500, ms: 900, outcome: "text" } as const;

test("a trace tells tokens and money of each request, and their sum", () => {
  const words = traced(
    { ...asked, input: 1_200, output: 300, micros: 900 },
    { ...asked, input: 1_000, output: 500, micros: null, model: "own" },
    { ...asked, model: "offline" },
  );
  expect(words).toContain("spent: $0.0009, and 1 of unknown price, for 2 requests with 2,200 tokens in, 800 out");
  expect(words).toContain("model gpt-5-mini: text, 1,200 tokens in, 300 out, $0.0009, 900 ms");
  expect(words).toContain("model own: text, 1,000 tokens in, 500 out, price unknown, 900 ms");
  expect(words).toContain("model offline: text, 1500 tokens, 900 ms");
});

test("a trace of the offline model tells of no money", () => {
  expect(traced({ ...asked, model: "offline" })).not.toContain("spent");
});
