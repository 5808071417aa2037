/** What models cost, by list and by the operator's word. */
import { expect, test } from "vitest";
import { createPrices, readPrices } from "../../src/langchain/models/prices.ts";

const million = { input: 1_000_000, output: 1_000_000 };

test.each([
  ["gpt-5", 11_250_000],
  ["gpt-5-mini", 2_250_000],
  ["gpt-5-mini-2025-08-07", 2_250_000],
  ["gpt-5-nano", 450_000],
  ["gpt-4.1-mini-2025-04-14", 2_000_000],
  ["gpt-4o", 12_500_000],
  ["gpt-4o-2024-05-13", 20_000_000],
  ["gpt-5-pro", null],
  ["gpt-5-mini-tuned", null],
  ["toString", null],
  ["", null],
])("a million tokens each way of %j cost %j millionths of a dollar", (model, micros) => {
  expect(createPrices({}).costOf(model, million)).toBe(micros);
});

test("costs are whole, and rounded up", () => {
  const prices = createPrices({ third: { input: 0.1, output: 0.2 } });
  expect(prices.costOf("third", { input: 1, output: 0 })).toBe(1);
  // 0.1 + 0.2 is a little more than 0.3 to a computer.
  expect(prices.costOf("third", { input: 10, output: 10 })).toBe(3);
  expect(prices.costOf("third", { input: 0, output: 0 })).toBe(0);
});

test("the operator's word outranks the list, also for snapshots", () => {
  const prices = createPrices({ "gpt-4o": { input: 1, output: 1 }, free: { input: 0, output: 0 } });
  expect(prices.costOf("gpt-4o-2024-05-13", million)).toBe(2_000_000);
  expect(prices.costOf("free", million)).toBe(0);
  expect(prices.costOf("gpt-5", million)).toBe(11_250_000);
});

test("on a server of one's own a listed name means nothing", () => {
  expect(createPrices({}, "http://127.0.0.1:11434/v1").costOf("gpt-5", million)).toBeNull();
  expect(createPrices({}, "https://api.openai.com.evil.example/v1").costOf("gpt-5", million)).toBeNull();
  expect(createPrices({}, "https://api.openai.com/v1").costOf("gpt-5", million)).toBe(11_250_000);
});

test.each([
  ["a=1/2", { a: { input: 1, output: 2 } }],
  [" a:8b = $0.5 / $1.5 , org/b=0/0,", { "a:8b": { input: 0.5, output: 1.5 }, "org/b": { input: 0, output: 0 } }],
  ["a=b=1/2", undefined],
  ["", {}],
  ["a", undefined],
  ["a=1", undefined],
  ["a=1/x", undefined],
  ["a=-1/2", undefined],
  ["=1/2", undefined],
  ["a=1/2;b=1/2", undefined],
])("prices written as %j are read as %j", (text, prices) => {
  expect(readPrices(text)).toEqual(prices);
});
