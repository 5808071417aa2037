/** What is done with the little that is left of a day's budget: a shorter answer, a cheaper model, and at last the offline one. */
import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { callId, sentenceOf, type CallAsk, type Cap, type Spending } from "../../src/core/index.ts";
import { createChatModels } from "../../src/langchain/models/chat-models.ts";
import { createPrices, readPrices } from "../../src/langchain/models/prices.ts";
import { says } from "../support/model.ts";
import { agent, run, step } from "./steps.ts";

const peer = new LLMock({ port: 0, logLevel: "silent" });
beforeAll(async () => void (await peer.start()));
afterEach(() => void peer.reset());
afterAll(() => peer.stop());

/** US dollars per million tokens: big's are twenty times as dear as small's. */
const PRICES = "big=1/20,small=0.05/1";
const HELLO = { kind: "answer", text: "Hello there." } as const;

type Given = {
  readonly cap: Cap;
  readonly whose?: "everybody" | "agent";
  readonly prices?: string;
  readonly tier?: "fast" | "main";
};

/** Says hello under a cap that grants a call only when it fits into it whole. */
async function greet({ cap, whose = "everybody", prices = PRICES, tier = "main" }: Given) {
  peer.onMessage("hello", { content: says(HELLO.text) });
  const tried: CallAsk[] = [];
  const unused = async () => {
    throw new Error("no sum is expected to be asked for");
  };
  const spending: Spending = {
    cap,
    async reserve(ask) {
      tried.push(ask);
      const { most, micros } = ask;
      const fits = cap.kind === "money" ? (micros ?? Infinity) <= cap.micros : most.input + most.output <= cap.tokens;
      return fits ? { kind: "reserved", call: callId(String(tried.length)) } : { kind: "refused", cap, whose };
    },
    settle: unused,
    today: unused,
    days: unused,
  };
  const list = createPrices(readPrices(prices) ?? {}, peer.url);
  const models = createChatModels({ main: "big", fast: "small", baseUrl: `${peer.url}/v1` });
  const ran = await run(models, step("hello", { agent: agent({ model: tier }) }), {
    purse: { spending, costOf: (...call) => list.costOf(...call) },
  });
  const asked = peer.getRequests().map(({ body }) => ({ model: body?.["model"], limit: body?.["max_tokens"] }));
  return { ...ran, read: sentenceOf(ran.outcome.reply), asked, tried: tried.map(told) };
}

const told = ({ model, most }: CallAsk): string => `${model} ${most.output}`;
const dollars = (amount: number): Cap => ({ kind: "money", micros: amount * 1e6 });

test.each([
  [0.2, 8_192, ["big 8192"]],
  [0.06, 2_048, ["big 8192", "big 2048"]],
  [0.02, 512, ["big 8192", "big 2048", "big 512"]],
])("%s dollars leave big an answer of %i tokens, and it is told so", async (left, limit, reservations) => {
  const { outcome, asked, tried } = await greet({ cap: dollars(left) });
  expect(outcome.reply).toEqual(HELLO);
  expect(tried).toEqual(reservations);
  expect(asked).toEqual([{ model: "big", limit }]);
});

test("a cent pays for the cheaper model of the chain, and the answer says who stands in", async () => {
  const { read, asked, events } = await greet({ cap: dollars(0.009) });
  expect(read).toBe(
    `*What is left of today's budget does not cover a call of big, so small answers.*\n\n${HELLO.text}`,
  );
  expect(asked).toEqual([{ model: "small", limit: 8_192 }]);
  expect(events).toContainEqual({ kind: "skipped", model: "big", why: "budget" });
  expect(events).toContainEqual({ kind: "fallback", why: "budget", to: "small" });
});

test("when nothing fits, the offline model answers, and each model was skipped", async () => {
  const { read, asked, tried, events, outcome } = await greet({ cap: dollars(0.000_5) });
  expect(asked).toEqual([]);
  expect(tried).toEqual(["big 8192", "big 2048", "big 512", "small 8192", "small 2048", "small 512"]);
  expect(outcome).toMatchObject({ model: "offline", calls: [] });
  expect(read).toMatch(
    /^\*What is left of today's budget does not cover another call of a model, so the offline model answers\.\*/,
  );
  expect(events.filter(({ kind }) => kind === "skipped")).toEqual([
    { kind: "skipped", model: "big", why: "budget" },
    { kind: "skipped", model: "small", why: "budget" },
  ]);
});

test.each<[name: string, given: Given, reservations: string[]]>([
  ["a model that is no cheaper", { cap: dollars(0.000_1), tier: "fast" }, ["small 8192", "small 2048", "small 512"]],
  ["a second one under a cap in tokens", { cap: { kind: "tokens", tokens: 100 } }, ["big 8192", "big 2048", "big 512"]],
  ["a shorter answer of unknown price", { cap: dollars(5), prices: "" }, ["big 8192"]],
])("nothing is reserved in vain for %s", async (_name, given, reservations) => {
  const { asked, tried, outcome } = await greet(given);
  expect(tried).toEqual(reservations);
  expect(asked).toEqual([]);
  expect(outcome.model).toBe("offline");
});

test("one that failed and one that is not covered are told apart", async () => {
  peer.onMessage("hello", { error: { message: "secret", type: "x" }, status: 404 });
  const { read } = await greet({ cap: dollars(0.000_9), tier: "fast" });
  expect(read).toMatch(
    /^\*small is not known to the provider \(404\), and what is left of today's budget does not cover a call of big, so /,
  );
});

test("a cap of the agent's own is told as such", async () => {
  const { read, asked } = await greet({ cap: dollars(0.000_5), whose: "agent" });
  expect(asked).toEqual([]);
  expect(read).toContain("big and small would pass what this agent may spend today, so the offline model answers.");
});
