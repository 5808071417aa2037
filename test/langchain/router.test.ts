import { expect, test, vi } from "vitest";
import { agentId, type Route, type RouteAsk, type RouteStep, type StageResult } from "#core";
import { createRouter } from "../../src/langchain/router.ts";

const ask: RouteAsk = {
  words: "hello",
  person: { role: "owner" },
  origin: "owner",
  pinned: null,
  last: null,
  history: [],
};
const signal = new AbortController().signal;
const pass: StageResult = { kind: "pass", candidates: [{ agent: agentId("a"), score: 0.4 }], confidence: 0.4 };

function routeTo(id: string): Route {
  const to = { kind: "agent" as const, agent: agentId(id) };
  return { to, confidence: 1, stage: "exact", candidates: [], reason: "So.", words: "hello" };
}

function stepWith(decide: RouteStep["decide"]) {
  return { stage: "exact" as const, decide: vi.fn<RouteStep["decide"]>(decide) };
}

test("each stage is told what the one before it learned, until one settles", async () => {
  const first = stepWith(async () => pass);
  const second = stepWith(async () => ({ kind: "settled", route: routeTo("b") }));
  const third = stepWith(async () => ({ kind: "settled", route: routeTo("c") }));
  expect(await createRouter([first, second, third]).route(ask, signal)).toEqual(routeTo("b"));
  expect(first.decide.mock.calls[0]?.slice(0, 2)).toEqual([ask, { candidates: [], confidence: 0 }]);
  expect(second.decide.mock.calls[0]?.[1]).toEqual({ candidates: pass.candidates, confidence: 0.4 });
  expect(third.decide).not.toHaveBeenCalled();
});

test("one stage is enough", async () => {
  const only = stepWith(async () => ({ kind: "settled", route: routeTo("a") }));
  expect(await createRouter([only]).route(ask, signal)).toEqual(routeTo("a"));
});

test("a list of stages in which none settles is a fault that is named", async () => {
  await expect(createRouter([stepWith(async () => pass)]).route(ask, signal)).rejects.toThrow(
    /No routing stage settled \(exact\)/,
  );
  await expect(createRouter([]).route(ask, signal)).rejects.toThrow(/there are none/);
});

test("an abort before the start asks no stage and gives its own reason", async () => {
  const step = stepWith(async () => pass);
  await expect(createRouter([step]).route(ask, AbortSignal.abort("stopped"))).rejects.toBe("stopped");
  expect(step.decide).not.toHaveBeenCalled();
});

test("an abort in the middle ends the wait at once, gives its own reason and asks no further stage", async () => {
  const controller = new AbortController();
  const slow = stepWith(
    (_ask, _sofar, given) =>
      new Promise((_resolve, reject) => given.addEventListener("abort", () => reject(new Error("cut off")))),
  );
  const next = stepWith(async () => ({ kind: "settled", route: routeTo("a") }));
  const routed = createRouter([slow, next]).route(ask, controller.signal);
  await vi.waitFor(() => expect(slow.decide).toHaveBeenCalled());
  const why = new Error("the turn was stopped");
  controller.abort(why);
  await expect(routed).rejects.toBe(why);
  expect(next.decide).not.toHaveBeenCalled();
});

test("a stage's own failure comes through as it is", async () => {
  const broken = new Error("broken");
  const step = stepWith(async () => {
    throw broken;
  });
  await expect(createRouter([step]).route(ask, signal)).rejects.toBe(broken);
});
