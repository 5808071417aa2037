/** The check of hand-offs and calls as a table: every reason, in its order; and how a turn's budget is shared. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { personId, type AgentSpec, type FullRoster, type Message, type Taint } from "#core";
import { lacks, leftFor, shareOf } from "../../src/turn/parts/allowance.ts";
import { callKey, checkCall, checkHandOff, MOST_HOPS, type Crossing, type Way } from "../../src/turn/parts/hand-off.ts";
import { openPot } from "../../src/turn/parts/pot.ts";
import { stranded } from "../../src/turn/parts/stranded.ts";
import { stainOf, taintsOf, turnsAway } from "../../src/turn/parts/taint.ts";
import { agent, recalled, said } from "../langchain/steps.ts";

const EVERYBODY = ["open", "owners", "clean", "strong"];
const from = agent({
  id: "from",
  mayHandOffTo: EVERYBODY,
  mayDelegateTo: EVERYBODY,
  trust: "T1",
  acceptsTainted: true,
});
const agents: readonly AgentSpec[] = [
  from,
  agent({ id: "open", acceptsTainted: true }),
  agent({ id: "owners", visibility: "owner", acceptsTainted: true }),
  agent({ id: "clean" }),
  agent({ id: "strong", trust: "T3", acceptsTainted: true }),
  agent({ id: "stranger", acceptsTainted: true }),
];
const roster: FullRoster = {
  all: () => agents,
  get: (id) => agents.find((each) => each.id === id),
  contract: () => z.strictObject({ words: z.string() }),
  now: () => roster,
};
const PLENTY = { modelCalls: 8, toolCalls: 8, tokens: 30_000, ms: 60_000 };
const crossing = (more: Partial<Crossing>): Crossing => ({
  from,
  to: "open",
  input: { words: "x" },
  role: "member",
  tainted: false,
  left: () => PLENTY,
  ...more,
});
const fresh: Way = { edges: new Set(), hops: 0 };

test.each<[string, Partial<Crossing>, Partial<Way>]>([
  ["go", {}, {}],
  ["unknown", { to: "ghost" }, {}],
  ["not_allowed", { to: "stranger" }, {}],
  ["not_allowed", { to: "from" }, {}],
  ["not_for_person", { to: "owners" }, {}],
  ["go", { to: "owners", role: "owner" }, {}],
  ["outside", { to: "clean", tainted: true }, {}],
  ["go", { to: "clean" }, {}],
  ["go", { tainted: true }, {}],
  ["payload", { input: { words: 1 } }, {}],
  ["payload", { input: { words: "x", role: "owner" } }, {}],
  ["cycle", {}, { edges: new Set(["from>open"]) }],
  ["go", {}, { edges: new Set(["open>from"]), hops: 1 }],
  ["hops", {}, { hops: MOST_HOPS }],
  ["go", {}, { hops: MOST_HOPS - 1 }],
  ["trust", { to: "strong", tainted: true }, {}],
  ["go", { to: "strong" }, {}],
  ["budget", { left: () => ({ ...PLENTY, modelCalls: 0 }) }, {}],
  ["budget", { left: () => ({ ...PLENTY, tokens: 0 }) }, {}],
  ["time", { left: () => ({ ...PLENTY, ms: 10 }) }, {}],
])("a hand-off: %s (%o, %o)", (end, more, way) => {
  const checked = checkHandOff(crossing(more), { ...fresh, ...way }, roster);
  expect(checked.kind === "go" ? "go" : checked.why).toBe(end);
});

test("of several reasons the first in their order is given", () => {
  const all = { to: "clean", tainted: true, input: { words: 1 }, left: () => ({ ...PLENTY, modelCalls: 0 }) };
  const worn: Way = { edges: new Set(["from>clean", "from>strong"]), hops: 9 };
  expect(checkHandOff(crossing({ ...all, role: "guest" }), worn, roster)).toMatchObject({ why: "outside" });
  expect(checkHandOff(crossing({ ...all, tainted: false }), worn, roster)).toMatchObject({ why: "payload" });
  const sound = { to: "strong", tainted: true, left: all.left };
  expect(checkHandOff(crossing(sound), worn, roster)).toMatchObject({ why: "cycle" });
  expect(checkHandOff(crossing(sound), { ...fresh, hops: 9 }, roster)).toMatchObject({ why: "hops" });
  expect(checkHandOff(crossing(sound), fresh, roster)).toMatchObject({ why: "trust" });
});

test("a call: the same walls, no cycle and no hops, and the very same one is made once", () => {
  const call = (more: Partial<Crossing>, made: readonly string[] = []) => {
    const checked = checkCall(crossing(more), new Set(made), roster);
    return checked.kind === "go" ? "go" : checked.why;
  };
  expect(call({})).toBe("go");
  expect(call({}, [callKey({ to: "open", input: { words: "x" } })])).toBe("repeated");
  expect(call({}, [callKey({ to: "open", input: { words: "y" } })])).toBe("go");
  expect(call({ to: "stranger" })).toBe("not_allowed");
  expect(call({ to: "owners" })).toBe("not_for_person");
  expect(call({ to: "clean", tainted: true })).toBe("outside");
  expect(call({ left: () => shareOf({ ...PLENTY, modelCalls: 2 }, 2) })).toBe("budget");
});

describe("a budget", () => {
  const small = agent({ id: "small", timeoutMs: 5_000, budget: { modelCalls: 2, toolCalls: 1, tokens: 1_000 } });
  const large = agent({ id: "large", timeoutMs: 60_000, budget: { modelCalls: 8, toolCalls: 12, tokens: 30_000 } });
  const spent = (modelCalls: number, tokens = 0) => ({ modelCalls, tokens, toolCalls: 0 });
  const alone = { firsts: [], kept: spent(0) };

  test("is shared by all that had control: the largest of theirs, and nobody passes their own", () => {
    const on = (of: AgentSpec, before: readonly AgentSpec[], used: number) =>
      leftFor(of, { ...alone, before, isFirst: false, spent: spent(used), ms: 10_000 }).modelCalls;
    expect(on(large, [small], 3)).toBe(5);
    expect(on(small, [large], 3)).toBe(2);
    expect(on(small, [large], 7)).toBe(1);
    expect(on(large, [large], 9)).toBe(0);
  });

  test("is one pot for the parts of a plan: what one spends too much the others do not have, but each has its own", () => {
    const time = { isFirst: false, ms: 60_000 };
    const pot = openPot([small, large, small]);
    const calls = (part: number, of: AgentSpec) => pot.left(part, of, time).modelCalls;
    // Twelve in all: two, eight and two are kept for those that begin the parts.
    expect([calls(0, small), calls(1, large), calls(2, small)]).toEqual([2, 8, 2]);
    pot.moved(large);
    expect(calls(0, large)).toBe(2);
    pot.spend(0, spent(1));
    pot.end(0);
    // What the first part left over is for the next; nobody passes their own.
    expect(calls(1, large)).toBe(8);
    pot.spend(1, spent(8));
    expect(calls(1, large)).toBe(1);
    pot.spend(1, spent(1));
    expect(lacks(pot.left(1, large, time))).toBe("budget");
    pot.end(1);
    expect(calls(2, small)).toBe(2);
    pot.spend(2, spent(2));
    expect(calls(2, small)).toBe(0);
    expect(pot.hops).toBe(1);
  });

  test("of time: the first has what its file gives it, the others what is left", () => {
    const ms = (of: AgentSpec, isFirst: boolean, left: number) =>
      leftFor(of, { ...alone, before: [], isFirst, spent: spent(0), ms: left }).ms;
    expect(ms(large, true, 1)).toBe(60_000);
    expect(ms(large, false, 7_000)).toBe(7_000);
    expect(ms(small, false, 7_000)).toBe(5_000);
    expect(ms(large, false, -5)).toBe(0);
    expect(lacks({ ...PLENTY, ms: 0 })).toBe("time");
  });

  test("is never passed by calls that run side by side, and leaves the caller one more", () => {
    for (const calls of [1, 2, 3]) {
      for (let modelCalls = 0; modelCalls < 12; modelCalls += 1) {
        const share = shareOf({ ...PLENTY, modelCalls }, calls);
        expect(Math.max(0, share.modelCalls) * calls).toBeLessThanOrEqual(Math.max(0, modelCalls - 1));
        expect(share.tokens * calls).toBeLessThan(PLENTY.tokens);
        expect(share.toolCalls).toBe(0);
      }
    }
  });
});

test("what a step has read that nobody vouches for", () => {
  const none = {
    person: personId("1"),
    messages: [said("mine")],
    history: [said("before")],
    recalled: undefined,
    earlier: [],
  };
  expect(taintsOf({ ...none, recalled: recalled("answer", {}) })).toEqual([]);
  const outside = { ...said("theirs"), origin: "outside" as const };
  const filed: Message = {
    ...said("mine"),
    files: [{ name: "a.txt", ref: "r", mime: "text/plain", size: 6, text: "quoted" }],
  };
  const by = (input: Partial<Parameters<typeof taintsOf>[0]>) =>
    taintsOf({ ...none, ...input }).map((taint) => taint.by);
  expect(by({ messages: [outside, outside] })).toEqual(["words"]);
  expect(by({ messages: [filed] })).toEqual(["file"]);
  expect(by({ history: [outside] })).toEqual(["history"]);
  expect(by({ history: [filed] })).toEqual(["history"]);
  const other = personId("2");
  expect(by({ person: other })).toEqual(["others"]);
  expect(by({ history: [said("hers", "answer")] })).toEqual(["others"]);
  expect(by({ history: [{ ...said("mine", "answer"), asker: none.person }] })).toEqual([]);
  expect(by({ history: [{ ...said("mine", "answer"), asker: none.person, tainted: true }] })).toEqual(["history"]);
  expect(by({ history: [{ ...said("mine", "answer"), tainted: true, retold: true }] })).toEqual(["retold"]);
  expect(taintsOf({ ...none, recalled: recalled("answer", {}, { trust: "web" }) })).toEqual([
    { by: "recall", name: "m13" },
  ]);
  expect(by({ recalled: recalled("answer", { trust: "tool" }, { trust: "agent" }) })).toEqual(["recall"]);
  const earlier = [
    { agent: from.id, taints: [{ by: "tool", name: "fetch" }] as const },
    { agent: from.id, taints: [] },
  ];
  expect(taintsOf({ ...none, earlier })).toEqual([
    { by: "step", name: "from" },
    { by: "tool", name: "fetch" },
  ]);
});

test.each<readonly [Taint["by"], "read" | "retold", boolean]>([
  ["words", "read", true],
  ["file", "read", true],
  ["recall", "read", true],
  ["tool", "read", true],
  ["history", "retold", true],
  ["retold", "retold", false],
  ["others", "retold", false],
])("a reply after %s is %s to the next one", (by, stain, isTurnedAway) => {
  const taints = [
    { by, name: "7" },
    { by: "step", name: "from" },
  ] as const;
  expect(stainOf(taints)).toEqual({ tainted: true, ...(stain === "retold" ? { retold: true } : {}) });
  expect(turnsAway(taints)).toBe(isTurnedAway);
  expect(stainOf([])).toEqual({});
});

test("words from outside are asked nothing back, whatever the agent's file declares", () => {
  const own = { origin: "owner" } as Parameters<typeof stranded>[0];
  const post = { origin: "outside" } as Parameters<typeof stranded>[0];
  const asks = agent({ onFailure: "clarify" });
  expect(stranded(own, asks, "cycle", roster)).toMatchObject({ reply: { kind: "clarify" } });
  expect(stranded(post, asks, "cycle", roster)).toMatchObject({ reply: { kind: "fail", code: "handoff" } });
});
