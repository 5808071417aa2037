/** What calls of models cost, from reserved to settled, and the cap that no day passes. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  agentId,
  callId,
  HOME,
  leftOf,
  placeOf,
  serviceOf,
  wholeOf,
  type CallAsk,
  type CallId,
  type Cap,
  type ModelCall,
  type Person,
  type StepRecord,
  type TakenTurn,
} from "#core";
import { createCleaning } from "../../src/postgres/cleaning.ts";
import { createSpending } from "../../src/postgres/spending.ts";
import { answer, openStores, type Stores } from "./stores.ts";

const HOUR_MS = 60 * 60_000;

let nova: Stores;
let ada: Person;
let bob: Person;
let turn: TakenTurn;
beforeAll(async () => {
  nova = await openStores();
  ada = await nova.person("ada", "owner");
  bob = await nova.person("bob");
});
afterAll(() => nova.close());

/** A day of its own for each test. */
let days = 0;
beforeEach(async () => {
  nova.clock.time = new Date(Date.UTC(2026, 2, 2 + 10 * ++days, 10));
  turn = await turnOf("ada");
});

async function turnOf(name: string): Promise<TakenTurn> {
  const { conversation } = await nova.say(name, "spend something");
  const taken = await nova.turns.take(conversation);
  if (!taken) throw new Error("nothing waited");
  return taken;
}

const spending = (cap: Cap | null = null) =>
  createSpending(nova.database, { cap, clock: nova.clock, newCall: randomUUID });

const ask = (of: TakenTurn, more: Partial<CallAsk> = {}): CallAsk => ({
  turn: of.id,
  person: of.person,
  where: placeOf(of),
  agent: agentId("analyst"),
  model: "gpt-5-mini",
  most: { input: 1_000, output: 500 },
  micros: 1_250,
  ownCap: null,
  ...more,
});

async function reserved(of: TakenTurn, more: Partial<CallAsk> = {}): Promise<CallId> {
  const given = await spending().reserve(ask(of, more));
  if (given.kind !== "reserved") throw new Error("the call was refused");
  return given.call;
}

const came = (call: CallId, more: Partial<ModelCall> = {}): ModelCall => ({
  call,
  agent: agentId("analyst"),
  model: "gpt-5-mini",
  tokens: { input: 900, output: 100 },
  micros: 425,
  counted: "reported",
  outcome: "answered",
  ...more,
});

const stepWith = (...calls: readonly ModelCall[]): StepRecord => ({
  agent: agentId("analyst"),
  reply: "answer",
  code: null,
  model: "gpt-5-mini",
  usage: { modelCalls: calls.length, toolCalls: 0, tokens: 1_000 },
  calls,
  tools: [],
  startedAt: nova.clock.time,
  endedAt: nova.clock.time,
});

const NOTHING = { tokens: 0, micros: 0 };

describe("a call", () => {
  test("counts at its most while it is under way, and at what it used when its turn has settled", async () => {
    const call = await reserved(turn);
    const day = new Date(`${nova.clock.time.toISOString().slice(0, 10)}T00:00:00Z`);
    expect(await spending().today(HOME)).toEqual({ day, ended: NOTHING, reserved: { tokens: 1_500, micros: 1_250 } });
    expect(await spending().days(wholeOf(ada), 1)).toEqual([]);

    await nova.turns.settle(turn, answer("done", { steps: [stepWith(came(call))] }));
    expect(await spending().today(HOME)).toEqual({ day, ended: { tokens: 1_000, micros: 425 }, reserved: NOTHING });
    const spent = { calls: 1, tokens: { input: 900, output: 100 }, micros: 425, unpriced: 0 };
    expect(await spending().days(wholeOf(ada), 1)).toEqual([
      { day, total: spent, byAgent: [{ ...spent, agent: "analyst" }], byModel: [{ ...spent, model: "gpt-5-mini" }] },
    ]);
  });

  test("is counted once, however often it is settled", async () => {
    const call = await reserved(turn);
    await nova.turns.settle(turn, answer("done", { steps: [stepWith(came(call))] }));
    await spending().settle(ada, [came(call, { micros: 9_999 }), came(callId(randomUUID()))]);
    await spending().settle(ada, []);
    expect((await spending().today(HOME)).ended).toEqual({ tokens: 1_000, micros: 425 });
  });

  test("counts where nobody waits for the answer any more: its turn was stopped, or is in other hands", async () => {
    await nova.say("ada", "stop", { stop: true });
    const stoppedCall = await reserved(turn);
    expect(await nova.turns.settle(turn, answer("late", { steps: [stepWith(came(stoppedCall))] }))).toMatchObject({
      kind: "stopped",
    });
    const call = await reserved(turn);
    await nova.turns.retake(turn.conversation);
    expect(await nova.turns.settle(turn, answer("late", { steps: [stepWith(came(call))] }))).toEqual({ kind: "lost" });
    expect(await spending().today(HOME)).toMatchObject({ ended: { tokens: 2_000, micros: 850 }, reserved: NOTHING });
  });

  test("of a process that died counts at its most, and is settled so after an hour; the take after it settles its own", async () => {
    const lost = await reserved(turn);
    const again = (await nova.turns.retake(turn.conversation))!;
    await nova.turns.settle(again, answer("done", { steps: [stepWith(came(await reserved(again)))] }));
    const cleaning = createCleaning(nova.database);
    const at = (ms: number) => new Date(nova.clock.time.getTime() + ms);
    expect((await cleaning.clean(at(HOUR_MS - 1)))["calls"]).toBe(0);
    expect(await spending().today(HOME)).toMatchObject({
      ended: { tokens: 1_000, micros: 425 },
      reserved: { tokens: 1_500, micros: 1_250 },
    });
    expect((await cleaning.clean(at(HOUR_MS)))["calls"]).toBe(1);
    await spending().settle(ada, [came(lost)]);
    expect(await spending().today(HOME)).toMatchObject({ ended: { tokens: 2_500, micros: 1_675 }, reserved: NOTHING });
  });

  test("of unknown price counts its tokens, and is told apart", async () => {
    const call = await reserved(turn, { micros: null, model: "own" });
    await spending().settle(ada, [came(call, { micros: null, model: "own" }), came(await reserved(turn))]);
    const [day] = await spending().days(wholeOf(ada), 1);
    expect(day?.total).toEqual({ calls: 2, tokens: { input: 1_800, output: 200 }, micros: 425, unpriced: 1 });
    expect(day?.byModel.map(({ model, unpriced }) => [model, unpriced])).toEqual([
      ["gpt-5-mini", 0],
      ["own", 1],
    ]);
  });

  test("belongs to a turn that its person sees", async () => {
    const foreign = reserved(turn, { person: bob, where: placeOf({ person: bob, project: null, branch: null }) });
    await expect(foreign).rejects.toThrow(/cannot be seen/);
  });
});

test("a reservation leaves nothing of its scope behind on the connection that it came by", async () => {
  const look = async () =>
    (
      await nova.database.pool.query(
        `select current_user as role, current_setting('synchronous_commit') as waits,
           concat(current_setting('nova.tenant', true), current_setting('nova.person', true)) as scope`,
      )
    ).rows;
  const before = await look();
  await reserved(turn);
  await expect(reserved(turn, { person: bob })).rejects.toThrow(/cannot be seen/);
  expect(await look()).toEqual(before);
  expect(before).not.toMatchObject([{ role: "nova_app" }]);
});

describe("a day's cap", () => {
  test.each([
    ["in money", { kind: "money", micros: 7 * 1_250 }],
    ["in tokens", { kind: "tokens", tokens: 7 * 1_500 + 1_499 }],
  ] as const)("%s that fits seven calls lets seven of twenty through that come at once", async (_unit, cap) => {
    const all = await Promise.all(Array.from({ length: 20 }, () => spending(cap).reserve(ask(turn))));
    expect(all.filter(({ kind }) => kind === "reserved").length).toBe(7);
    expect(all.find(({ kind }) => kind === "refused")).toEqual({ kind: "refused", cap, whose: "everybody" });
    expect(leftOf(cap, await spending().today(HOME))).toBe(cap.kind === "money" ? 0 : 1_499);
  });

  test("holds for everybody together, and what was not used is free again", async () => {
    const cap: Cap = { kind: "money", micros: 1_250 + 425 };
    const own = spending(cap);
    const call = await reserved(await turnOf("bob"));
    expect(await own.reserve(ask(turn))).toMatchObject({ kind: "refused" });
    await own.settle(bob, [came(call)]);
    expect(await own.reserve(ask(turn))).toMatchObject({ kind: "reserved" });
    expect(await own.reserve(ask(turn, { micros: 0 }))).toMatchObject({ kind: "reserved" });
    expect(await own.reserve(ask(turn, { micros: 1 }))).toMatchObject({ kind: "refused" });
  });

  test("begins anew at midnight UTC, and a call counts on the day that it began", async () => {
    const own = spending({ kind: "tokens", tokens: 1_500 });
    nova.clock.time = new Date(nova.clock.time.getTime() + 14 * HOUR_MS - 1);
    const late = await own.reserve(ask(turn));
    expect(await own.reserve(ask(turn))).toMatchObject({ kind: "refused" });
    nova.clock.time = new Date(nova.clock.time.getTime() + 1);
    const early = await own.reserve(ask(turn));
    if (late.kind !== "reserved" || early.kind !== "reserved") throw new Error("a call was refused");
    await own.settle(ada, [came(late.call), came(early.call, { outcome: "failed", tokens: { input: 0, output: 0 } })]);
    expect((await own.today(HOME)).ended.tokens).toBe(0);
    const both = await own.days(wholeOf(ada), 2);
    expect(both.map(({ day, total }) => [day.toISOString().slice(11), total.tokens.input])).toEqual([
      ["00:00:00.000Z", 0],
      ["00:00:00.000Z", 900],
    ]);
    expect(await own.days(wholeOf(ada), 1)).toEqual(both.slice(0, 1));
  });

  test.each([
    ["in money", { kind: "money", micros: 3 * 1_250 }],
    ["in tokens", { kind: "tokens", tokens: 3 * 1_500 }],
  ] as const)("of an agent's own, %s, holds for it alone, beside everybody's", async (_unit, ownCap) => {
    const own = spending({ kind: "tokens", tokens: 6 * 1_500 });
    const all = await Promise.all(Array.from({ length: 5 }, () => own.reserve(ask(turn, { ownCap }))));
    expect(all.filter(({ kind }) => kind === "reserved").length).toBe(3);
    expect(all.find(({ kind }) => kind === "refused")).toEqual({ kind: "refused", cap: ownCap, whose: "agent" });
    const others = { agent: agentId("editor") };
    expect(await own.reserve(ask(turn, { ...others, ownCap }))).toMatchObject({ kind: "reserved" });
    expect(await own.reserve(ask(turn, others))).toMatchObject({ kind: "reserved" });
    expect(await own.reserve(ask(turn, others))).toMatchObject({ kind: "reserved" });
    expect(await own.reserve(ask(turn, others))).toMatchObject({ kind: "refused", whose: "everybody" });
  });

  test("in money refuses what has no price, and one in tokens does not ask for it", async () => {
    const free = ask(turn, { micros: null });
    expect(await spending({ kind: "money", micros: 1e9 }).reserve(free)).toMatchObject({ kind: "refused" });
    expect(await spending({ kind: "tokens", tokens: 1e9 }).reserve(free)).toMatchObject({ kind: "reserved" });
  });
});

test("people see what they spent themselves; the owner of the installation sees all of it", async () => {
  const theirs = await turnOf("bob");
  await spending().settle(ada, [came(await reserved(turn))]);
  await spending().settle(bob, [
    came(await reserved(theirs, { agent: agentId("editor") }), { agent: agentId("editor") }),
  ]);
  const seen = async (scope: Parameters<ReturnType<typeof spending>["days"]>[0]) =>
    (await spending().days(scope, 1)).flatMap(({ byAgent }) => byAgent.map(({ agent }) => agent));
  expect(await seen(wholeOf(ada))).toEqual(["analyst"]);
  expect(await seen(wholeOf(bob))).toEqual(["editor"]);
  expect((await seen(serviceOf(HOME))).toSorted()).toEqual(["analyst", "editor"]);
});
