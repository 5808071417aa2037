/** Each way in which a model fails: how often it is asked, what the person reads, and what it costs. The tables say it. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { callId, DatabaseAway, sentenceOf, type CallAsk, type ModelCall, type Spending } from "../../src/core/index.ts";
import { createChatModels } from "../../src/langchain/models/chat-models.ts";
import { diagnose } from "../../src/langchain/models/diagnose.ts";
import type { FailureKind } from "../../src/langchain/models/failure.ts";
import { reachModels } from "../../src/langchain/models/reach.ts";
import { chainOf } from "../support/chain.ts";
import { SECRET, startFaults, type Fault, type Faults } from "../support/faults.ts";
import { says, scripted } from "../support/model.ts";
import { agent, run, said, shout, step, type Ran, type RunOptions } from "./steps.ts";

let peer: Faults;
beforeAll(async () => void (peer = await startFaults()));
afterAll(() => peer.close());
afterEach(() => void vi.useRealTimers());

/** A new process each: what one has learnt of a model no other knows. */
const single = () => createChatModels({ main: "big", baseUrl: peer.url });
const chain = () => createChatModels({ main: "big", fast: "small", baseUrl: peer.url });

type Met = Ran & { readonly read: string; readonly asked: readonly string[]; readonly purse: Purse };

/** Says it to an agent of the main tier, with a purse that notes what is reserved and settled. */
async function meet(
  words: string,
  models = single(),
  options: RunOptions & { readonly cap?: boolean } = {},
): Promise<Met> {
  const before = peer.asked.length;
  const purse = createPurse(options.cap);
  const spec = agent(words.startsWith("fault: stall") ? { idleMs: 100 } : {});
  const ran = await run(models, step(words, { agent: spec }), { purse, ...options });
  return { ...ran, read: sentenceOf(ran.outcome.reply), asked: peer.asked.slice(before), purse };
}

type Purse = ReturnType<typeof createPurse>;

/** A token costs a dollar's millionth sent, and ten received. */
function createPurse(capped = false) {
  const reserved: CallAsk[] = [];
  const settled: ModelCall[] = [];
  const unused = async () => {
    throw new Error("no sum is expected to be asked for");
  };
  const spending: Spending = {
    cap: null,
    async reserve(ask) {
      if (capped) return { kind: "refused", cap: { kind: "tokens", tokens: 1 }, whose: "everybody" };
      reserved.push(ask);
      return { kind: "reserved", call: callId(String(reserved.length)) };
    },
    settle: async (_person, calls) => void settled.push(...calls),
    today: unused,
    days: unused,
  };
  return { spending, costOf: (_model: string, t: ModelCall["tokens"]) => t.input + 10 * t.output, reserved, settled };
}

describe("D16, D17: a failure before anything was shown leaves the answer to the offline model", () => {
  test.each<[fault: Fault, requests: number, spent: "nothing" | "estimated", why: string, told: string]>([
    ["429-seconds", 1, "nothing", "rate_limited", "big is asking for a pause (429)"],
    ["429", 3, "nothing", "rate_limited", "big is asking for a pause (429)"],
    ["429-quota", 1, "nothing", "quota", "big has used up its account's credit (429)"],
    ["401", 1, "nothing", "key_refused", "big does not accept Nova's key (401)"],
    ["403", 1, "nothing", "not_allowed", "big is not open to Nova's key (403)"],
    ["404", 1, "nothing", "model_unknown", "big is not known to the provider (404)"],
    ["400", 1, "nothing", "rejected", "big did not accept the question (400)"],
    ["500", 3, "estimated", "server_error", "big has trouble with its server"],
    ["502-html", 3, "estimated", "server_error", "big has trouble with its server"],
    ["error-in-stream", 3, "estimated", "server_error", "big has trouble with its server"],
    ["reset", 3, "estimated", "reset", "big broke the connection off"],
    ["html", 3, "nothing", "web_page", "big answered with a web page"],
    ["malformed-json", 3, "estimated", "malformed", "big sent something that cannot be read"],
    ["malformed-stream", 3, "estimated", "malformed", "big sent something that cannot be read"],
    ["empty-stream", 3, "estimated", "empty_stream", "big sent an empty answer"],
    ["cut-early", 2, "estimated", "cut", "big broke off in its answer"],
    ["ended-early", 2, "estimated", "cut", "big broke off in its answer"],
    ["stall-early", 1, "estimated", "stalled", "big sent nothing for too long"],
  ])("%s", async (fault, requests, spent, ...[why, told]) => {
    const { outcome, events, asked, logged, read, purse, drafts } = await meet(`fault: ${fault}`);
    expect(read).toMatch(new RegExp(`^\\*${escaped(told)}, so the offline model answers\\.\\*\n\n`));
    expect(outcome.model).toBe("offline");
    expect(asked.length).toBe(requests);
    expect(events.filter(({ kind }) => kind === "retried").length).toBe(requests - 1);
    expect(events).toContainEqual({ kind: "fallback", why, to: "offline" });

    const reserved = spent === "nothing" ? 1 : requests;
    expect(purse.reserved.length).toBe(reserved);
    expect(purse.settled).toEqual([]);
    const nothing = { tokens: { input: 0, output: 0 }, micros: 0 };
    const estimate = { counted: "estimated", tokens: { input: expect.toSatisfy((n: number) => n > 100) } };
    const costs = spent === "nothing" ? nothing : estimate;
    const calls = purse.reserved.map((_, i) => ({ call: String(i + 1), model: "big", outcome: "failed", ...costs }));
    expect(outcome.calls).toMatchObject(calls);
    outcome.calls.forEach(({ tokens }, i) => {
      expect(tokens.input).toBeLessThanOrEqual(purse.reserved[i]?.most.input ?? 0);
      expect(tokens.output).toBeLessThanOrEqual(purse.reserved[i]?.most.output ?? 0);
    });

    expect(JSON.stringify([outcome, events, logged, drafts])).not.toContain(SECRET);
  });

  test("400-context, also for a short answer", async () => {
    const { events, asked, read, purse, outcome } = await meet("fault: 400-context");
    expect(read).toMatch(/^\*big cannot read a text as long as this, so the offline model answers\.\*/);
    expect(asked).toEqual(["big", "big"]);
    expect(events).toContainEqual({ kind: "fallback", why: "too_long", to: "offline" });
    const [first, second] = purse.reserved.map(({ most }) => most.output);
    expect(first).toBe(8_192);
    expect(second).toBe(2_048);
    expect(outcome.calls.map(({ tokens }) => tokens.input + tokens.output)).toEqual([0, 0]);
  });

  test("of a kind that no server of a test shows", () => {
    const socket = (code: string) =>
      new TypeError("fetch failed", { cause: Object.assign(new Error(SECRET), { code }) });
    const status = (value: number, more = {}) => Object.assign(new Error(SECRET), { status: value, ...more });
    const named = (name: string) => Object.assign(new Error(SECRET), { name });
    const kinds: readonly (readonly [FailureKind, unknown])[] = [
      ["unreachable", socket("ENOTFOUND")],
      ["unreachable", socket("UND_ERR_CONNECT_TIMEOUT")],
      ["reset", socket("UND_ERR_SOCKET")],
      ["tls", socket("DEPTH_ZERO_SELF_SIGNED_CERT")],
      ["tls", socket("CERT_HAS_EXPIRED")],
      ["malformed", socket("HPE_INVALID_CONSTANT")],
      ["timeout", named("TimeoutError")],
      ["timeout", status(408)],
      ["quota", status(402)],
      ["quota", status(429, { code: "insufficient_quota" })],
      ["too_long", status(413)],
      ["server_error", status(503)],
      ["quota", Object.assign(new Error(SECRET), { code: "insufficient_quota" })],
      // The server does not know the limit of an answer by this name.
      ["rejected", status(400, { code: "unsupported_parameter", param: "max_tokens" })],
      ["unexpected", new TypeError(SECRET)],
      ["unexpected", SECRET],
    ];
    expect(kinds.map(([, error]) => diagnose(error).kind)).toEqual(kinds.map(([kind]) => kind));
    expect(kinds.map(([, error]) => diagnose(error).code).join()).not.toContain(SECRET);
    const headers = new Headers({ "retry-after": "7" });
    expect(diagnose(status(503, { headers })).pauseMs).toBe(7_000);
  });

  test("with nothing at the address", async () => {
    const closed = await startFaults();
    await closed.close();
    const { read, events } = await meet("hello", createChatModels({ main: "big", baseUrl: closed.url }));
    expect(read).toMatch(/^\*big cannot be reached, so the offline model answers\.\*/);
    expect(events.filter(({ kind }) => kind === "retried").length).toBe(2);
  });
});

describe("a failure that passes is not noticed but by the wait", () => {
  test.each<[fault: Fault, paid: number]>([
    ["429-pause", 1],
    ["500", 2],
    ["reset", 2],
    ["empty-stream", 2],
  ])("%s once", async (fault, paid) => {
    const { outcome, asked, read, statuses, purse } = await meet(`fault: ${fault} once`);
    expect(read).toBe("This is big, and all is well.");
    expect(asked).toEqual(["big", "big"]);
    expect(statuses).toContain("Asking big again");
    // What a try may have cost is not covered a second time.
    expect(purse.reserved.length).toBe(paid);
    expect(outcome.calls.length).toBe(paid);
    expect(outcome.usage.modelCalls).toBe(1);
  });

  test("D15: a pause that the provider asks for is kept, told, and paid for once", async () => {
    const slow = await startFaults({ pauseMs: 1_000 });
    try {
      const models = createChatModels({ main: "big", baseUrl: slow.url });
      const { outcome, events, statuses } = await meet("fault: 429-pause once", models);
      expect(statuses).toEqual(["big asks for a pause of 1 s"]);
      expect(events).toContainEqual({ kind: "retried", model: "big", why: "rate_limited", afterMs: 1_000 });
      expect(outcome.calls).toEqual([
        {
          call: "1",
          agent: "tester",
          model: "big",
          tokens: { input: 100, output: 10 },
          micros: 200,
          counted: "reported",
          outcome: "answered",
        },
      ]);
    } finally {
      await slow.close();
    }
  });

  test("D16: of a conversation that is too long the end is read, and the person is told so", async () => {
    const history = [said("one"), said("two", "answer"), said("three"), said("four", "answer")];
    const asked = step("fault: 400-context once", { history });
    const { outcome, events } = await run(single(), asked);
    expect(sentenceOf(outcome.reply)).toBe(
      "*This conversation is longer than big can read at once, so it read only the end of it.*\n\nThis is big, and all is well.",
    );
    expect(events.map(({ kind }) => kind)).toEqual(["model_called", "model_called"]);
  });
});

describe("a reply that is whole and yet none", () => {
  test.each<[fault: Fault, requests: number, code: string, told: RegExp]>([
    ["empty", 2, "empty", /^The model returned no text, twice\./],
    ["truncated", 2, "truncated", /^The answer was longer than the model may write, twice/],
    ["prose", 2, "invalid_reply", /^The model did not give an answer in the agreed form, twice\./],
    ["refusal", 1, "refusal", /^The model declined to answer this\./],
    ["filter", 1, "refusal", /^The model declined to answer this\./],
  ])("%s", async (fault, requests, code, told) => {
    const { outcome, asked, read, logged } = await meet(`fault: ${fault}`);
    expect(outcome.reply).toMatchObject({ kind: "fail", code });
    expect(read).toMatch(told);
    expect(asked.length).toBe(requests);
    expect(outcome.calls.length).toBe(requests);
    expect(outcome.calls.map((call) => call.outcome)).toEqual(outcome.calls.map(() => "answered"));
    expect(JSON.stringify([outcome, logged])).not.toContain(SECRET);
  });
});

describe("a failure after something was shown takes it back and asks nobody else", () => {
  test.each<[fault: Fault, code: string, told: RegExp]>([
    ["cut", "model_failed", /^The connection to the model broke off in the middle of the answer\./],
    ["stall", "stalled", /^The model stopped sending text/],
  ])("%s", async (fault, code, told) => {
    const { outcome, drafts, read, asked } = await meet(`fault: ${fault}`, chain());
    expect(drafts.length).toBeGreaterThan(1);
    expect(drafts.at(-1)).toBe("");
    expect(outcome.reply).toMatchObject({ kind: "fail", code });
    expect(read).toMatch(told);
    expect(asked).toEqual(["big"]);
    expect(outcome.calls).toMatchObject([{ counted: "estimated", outcome: "failed" }]);
    expect(outcome.calls[0]?.tokens.output).toBeGreaterThan(5);
  });
});

describe("the chain", () => {
  test("the other tier's model stands in, says so, and is paid for by itself", async () => {
    const { outcome, read, asked, events, purse } = await meet("fault: 404 for big", chain());
    expect(read).toBe("*big is not known to the provider (404), so small answers.*\n\nThis is small, and all is well.");
    expect(asked).toEqual(["big", "small"]);
    expect(outcome.model).toBe("small");
    expect(events).toContainEqual({ kind: "fallback", why: "model_unknown", to: "small" });
    expect(purse.reserved.map(({ model }) => model)).toEqual(["big", "small"]);
    expect(outcome.calls.map(({ tokens }) => tokens)).toEqual([
      { input: 0, output: 0 },
      { input: 100, output: 10 },
    ]);
  });

  test.each<[fault: Fault, told: string]>([
    ["403", "big and small are not open to Nova's key (403)"],
    ["404", "big and small are not known to the provider (404)"],
    ["429-quota", "big and small have used up their account's credit (429)"],
    ["stall-early", "big and small sent nothing for too long"],
  ])("when two fail alike, both are named: %s", async (fault, told) => {
    const { read } = await meet(`fault: ${fault}`, chain());
    expect(read.split("\n")[0]).toBe(`*${told}, so the offline model answers.*`);
  });

  test("of three, those that fail alike are named together, and each cause is said", async () => {
    const failing = (name: string, status: number) => ({
      name,
      model: scripted(Object.assign(new Error(SECRET), { status })).model,
    });
    const alike = chainOf(failing("huge", 404), failing("big", 404), failing("small", 404));
    const { outcome } = await run(alike, step("hello"));
    expect(sentenceOf(outcome.reply)).toMatch(/^\*huge, big and small are not known to the provider \(404\), so /);
    const unlike = chainOf(failing("huge", 404), failing("big", 403), failing("small", 404));
    const { outcome: mixed } = await run(unlike, step("hello"));
    expect(sentenceOf(mixed.reply).split("\n")[0]).toBe(
      "*huge and small are not known to the provider (404), and big is not open to Nova's key (403), so the offline model answers.*",
    );
  });

  test("who has fallen silent is hung up on", async () => {
    const before = peer.hungUp();
    const { read } = await meet("fault: stall-early for big", chain());
    expect(read).toMatch(/^\*big sent nothing for too long, so small answers\.\*/);
    await vi.waitFor(() => expect(peer.hungUp()).toBe(before + 1));
  });

  test("who shares the key or the address is not asked when these are at fault", async () => {
    expect((await meet("fault: 401", chain())).asked).toEqual(["big"]);
  });

  test("it changes in the middle of a run, and the tools' results stay", async () => {
    const { tool, ran } = shout();
    const big = scripted(
      { calls: [{ name: "shout", args: { text: "hey" } }] },
      Object.assign(new Error(), { status: 403 }),
    );
    const small = scripted(says("HEY it is."));
    const models = chainOf({ name: "big", model: big.model }, { name: "small", model: small.model });
    const { outcome } = await run(models, step("shout hey", { tools: [tool] }));
    expect(sentenceOf(outcome.reply)).toMatch(/so small answers\.\*\n\nHEY it is\.$/);
    expect(ran).toEqual(["hey"]);
    expect(small.heard[0]?.map((message) => message.getType()).slice(-3)).toEqual(["human", "ai", "tool"]);
  });

  test.each([
    ["fast", ["small", "big"]],
    ["main", ["big", "small"]],
    ["deep", ["huge", "big", "small"]],
  ] as const)("of the tier %s", (tier, names) => {
    const models = createChatModels({ main: "big", fast: "small", deep: "huge", apiKey: "k" });
    expect(models.chain(tier).map(({ name }) => name)).toEqual(names);
    const one = createChatModels({ main: "big", apiKey: "k" });
    expect(one.chain(tier).map(({ name }) => name)).toEqual(["big"]);
  });
});

describe("the circuit", () => {
  test("D17: opens after five failures within a minute, and one trial closes it after half a minute", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T10:00:00Z") });
    const models = single();
    for (let call = 1; call < 5; call += 1) await meet("fault: 500", models);
    expect(models.health()).toMatchObject([{ model: "big", state: "closed", why: null }]);
    const opened = await meet("fault: 500", models);
    expect(opened.asked.length).toBe(3);
    expect(opened.logged.join()).toContain("model.circuit_opened");

    const skipped = await meet("hello", models);
    expect(skipped.asked).toEqual([]);
    expect(skipped.purse.reserved).toEqual([]);
    expect(skipped.read).toMatch(
      /^\*big failed several times just now and is not asked again for 30 s, so the offline model answers\.\*/,
    );
    expect(skipped.events).toContainEqual({ kind: "skipped", model: "big", why: "circuit_open" });
    const until = new Date("2026-11-20T10:00:30Z");
    expect(models.health()).toMatchObject([{ state: "open", why: "server_error", until }]);

    vi.setSystemTime(until);
    expect(models.health()).toMatchObject([{ state: "half_open" }]);
    expect((await meet("fault: 500", models)).asked.length).toBe(1);
    expect(models.health()).toMatchObject([{ state: "open", until: new Date("2026-11-20T10:01:00Z") }]);

    vi.setSystemTime(new Date("2026-11-20T10:01:00Z"));
    expect((await meet("hello", models)).read).toBe("This is big, and all is well.");
    expect(models.health()).toMatchObject([{ state: "closed", why: null, until: null }]);
  });

  test("opens for all at the first piece of a trial, and a trial that is stopped is another's at once", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T10:00:00Z") });
    const wall = Array.from({ length: 5 }, () => Object.assign(new Error(), { name: "TimeoutError" }));
    const talks = { pieces: ['{"kind":"answer","text":"Well'], end: "silence" } as const;
    const big = scripted(...wall, { pieces: [], end: "silence" }, talks, says("Well again."));
    for (let call = 0; call < 5; call += 1) await run(big.models, step("hi"));
    expect(big.models.health()).toMatchObject([{ state: "open", why: "timeout" }]);
    vi.setSystemTime(new Date("2026-11-20T10:00:30Z"));

    const first = new AbortController();
    const silent = run(big.models, step("hi"), { signal: first.signal });
    await vi.waitFor(() => expect(big.heard.length).toBe(6));
    const meanwhile = await run(big.models, step("hi"));
    expect(sentenceOf(meanwhile.outcome.reply)).toMatch(/^\*scripted failed several times just now and is being tried/);
    first.abort("stopped");
    await expect(silent).rejects.toBe("stopped");

    const second = new AbortController();
    const talking = run(big.models, step("hi"), { signal: second.signal });
    await vi.waitFor(() => expect(big.models.health()).toMatchObject([{ state: "closed" }]));
    expect(sentenceOf((await run(big.models, step("hi"))).outcome.reply)).toBe("Well again.");
    second.abort("stopped");
    await expect(talking).rejects.toBe("stopped");
  });

  test("a pause that one call is asked for is kept by all", async () => {
    const busy = Object.assign(new Error(), { status: 429, retryAfterMs: 1_900 });
    const big = scripted(busy, says("Here."));
    const first = run(big.models, step("hi"));
    await vi.waitFor(() => expect(big.heard.length).toBe(1));
    await vi.waitFor(() => expect(big.models.chain("main")[0]?.circuit.pauseMs()).toBeGreaterThan(0));
    const { outcome, statuses, events } = await run(big.models, step("hi"));
    expect(statuses).toEqual([expect.stringMatching(/^scripted asks for a pause of [12] s$/)]);
    expect(events.map(({ kind }) => kind)).toEqual(["model_called"]);
    expect(sentenceOf(outcome.reply)).toBe("Here.");
    expect(sentenceOf((await first).outcome.reply)).toBe("Here.");
    expect(big.heard.length).toBe(3);
  });

  test("who cannot wait for the end of such a pause is answered by the next one", async () => {
    const big = scripted(says("never"));
    const small = scripted(says("Here."));
    const models = chainOf({ name: "big", model: big.model }, { name: "small", model: small.model });
    models.chain("main")[0]?.circuit.askedForPause(29_000);
    const { outcome } = await run(models, step("hi", { agent: agent({ timeoutMs: 10_000 }) }));
    expect(sentenceOf(outcome.reply)).toMatch(
      /^\*big is asking for a pause \(429\) and is not asked again for 29 s, so small/,
    );
    expect(big.heard).toEqual([]);
  });

  test.each<[fault: Fault, ms: number, told: RegExp]>([
    ["429-quota", 600_000, /^\*big has used up its account's credit \(429\) and is not asked again for 10 min, /],
    ["401", 300_000, /^\*big does not accept Nova's key \(401\) and is not asked again for 5 min, /],
    ["429-seconds", 600_000, /^\*big is asking for a pause \(429\) and is not asked again for 10 min, /],
  ])("opens at once, and for longer: %s", async (fault, ms, told) => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T10:00:00Z") });
    const models = single();
    await meet(`fault: ${fault}`, models);
    const skipped = await meet("hello", models);
    expect(skipped.asked).toEqual([]);
    expect(skipped.read).toMatch(told);
    expect(models.health()[0]?.until).toEqual(new Date(Date.parse("2026-11-20T10:00:00Z") + ms));
  });

  test("what the person asked for in a wrong way leaves it closed", async () => {
    const models = single();
    for (let i = 0; i < 6; i++) await meet("fault: 400", models);
    expect(models.health()).toMatchObject([{ state: "closed" }]);
  });
});

describe("the server of these tests", () => {
  test("tells which models it has, refuses what is no question, and goes on", async () => {
    for (const body of ["", "{", "[]", '{"model":"big"}', '{"model":"big","messages":[null]}']) {
      const refused = await fetch(`${peer.url}/chat/completions`, { method: "POST", body });
      expect(refused.status).toBe(400);
    }
    const reach = await reachModels({ baseUrl: peer.url, fetch, signal: AbortSignal.timeout(10_000) });
    expect(reach).toMatchObject({ kind: "reached", models: expect.arrayContaining(["big", "gpt-5-mini"]) });
    expect((await meet("hello")).asked).toEqual(["big"]);
  });
});

describe("the operator is told what to do", () => {
  test.each<[fault: Fault, event: string, remedy: string]>([
    ["401", "model.key_refused", "OPENAI_API_KEY"],
    ["404", "model.model_unknown", "NOVA_MODEL"],
    ["429-quota", "model.quota", "billing"],
    ["html", "model.web_page", "OPENAI_BASE_URL"],
  ])("%s", async (fault, event, remedy) => {
    const line = (await meet(`fault: ${fault}`)).logged.find((each) => each.startsWith(`${event} `));
    expect(line).toContain(remedy);
  });

  test("once for all the tries of a call and the calls of a minute; each try stands at the level that keeps everything", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-20T10:00:00Z") });
    const models = single();
    const told = async () => (await meet("fault: 500", models)).logged.filter((line) => line.includes("model.failed"));
    const tries = (lines: readonly string[]) => lines.map((line) => line.startsWith("debug: "));
    expect(tries(await told())).toEqual([false, true, true]);
    expect(tries(await told())).toEqual([true, true, true]);
    vi.setSystemTime(new Date("2026-11-20T10:01:01Z"));
    expect(tries(await told())).toEqual([false, true, true]);
  });
});

describe("spending", () => {
  test("a day's budget that is used up is said, and no model is asked", async () => {
    const { asked, read, outcome, purse } = await meet("hello", chain(), { cap: true });
    expect(asked).toEqual([]);
    expect(read).toMatch(
      /^\*What is left of today's budget does not cover another call of a model, so the offline model answers\.\*/,
    );
    expect(purse.reserved).toEqual([]);
    expect(outcome.calls).toEqual([]);
  });

  test("what is reserved covers what is sent, and as much of an answer as the model is allowed", async () => {
    const { purse } = await meet("hello");
    const [{ most, micros } = { most: { input: 0, output: 0 }, micros: 0 }] = purse.reserved;
    expect(most.input).toBeGreaterThan(100);
    expect(most.output).toBe(8_192);
    expect(micros).toBe(most.input + 10 * most.output);
  });

  test("a run that is stopped settles by itself, asks nobody else and leaves nothing reserved", async () => {
    const cancel = new AbortController();
    const big = scripted(() => {
      setTimeout(() => cancel.abort("stopped"), 20);
      return { pieces: ['{"kind":"answer","text":"Half of the answer'], end: "silence" };
    });
    const small = scripted(says("never"));
    const models = chainOf({ name: "big", model: big.model }, { name: "small", model: small.model });
    const purse = createPurse();
    await expect(run(models, step("hi"), { signal: cancel.signal, purse })).rejects.toBe("stopped");
    expect(small.heard).toEqual([]);
    expect(purse.settled).toMatchObject([{ call: "1", outcome: "failed", counted: "estimated" }]);
    expect(purse.settled[0]?.tokens.output).toBeGreaterThan(5);
  });

  test("a run that is stopped while it waits to ask again does not ask", async () => {
    const cancel = new AbortController();
    const waiting = scripted(Object.assign(new Error(), { status: 429, retryAfterMs: 2_000 }));
    const purse = createPurse();
    const ended = run(waiting.models, step("hi"), { signal: cancel.signal, purse });
    await vi.waitFor(() => expect(waiting.heard.length).toBe(1));
    cancel.abort("stopped");
    await expect(ended).rejects.toBe("stopped");
    expect(waiting.heard.length).toBe(1);
    expect(purse.settled).toMatchObject([{ tokens: { input: 0, output: 0 } }]);
  });

  test("a call that is reserved only after the run was stopped is settled all the same", async () => {
    const cancel = new AbortController();
    const purse = createPurse();
    const reserve = (ask: CallAsk) => purse.spending.reserve(ask);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const slow = (ask: CallAsk) => {
      reached.resolve();
      return gate.promise.then(() => reserve(ask));
    };
    const late = { ...purse, spending: { ...purse.spending, reserve: slow } };
    const model = scripted(says("never"));
    const ended = run(model.models, step("hi"), { signal: cancel.signal, purse: late });
    await reached.promise;
    cancel.abort("stopped");
    await expect(ended).rejects.toBe("stopped");
    gate.resolve();
    await vi.waitFor(() => expect(purse.settled).toMatchObject([{ call: "1", tokens: { input: 0, output: 0 } }]));
    expect(model.heard).toEqual([]);
  });

  test("when the database is away the turn is to be tried again, and no model is asked", async () => {
    const purse = createPurse();
    const away = new DatabaseAway("The database is away.");
    const spending = { ...purse.spending, reserve: () => Promise.reject(away) };
    const model = scripted(says("never"));
    await expect(run(model.models, step("hi"), { purse: { ...purse, spending } })).rejects.toThrow("away");
    expect(model.heard).toEqual([]);
  });
});

const escaped = (text: string): string => text.replaceAll(/[()']/g, "\\$&");
