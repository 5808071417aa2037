import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentId, type AgentSpec, type RouteStep } from "#core";
import { createRouter } from "../../src/langchain/router.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import {
  after,
  agent,
  ALL,
  askOf,
  CONCIERGE,
  EDITOR,
  landing,
  LIBRARIAN,
  OPS_WATCH,
  rosterOf,
  route,
} from "./trial-roster.ts";

describe("words alone", () => {
  test.each([
    ["please proofread the mail", "editor"],
    ["list my notes, please", "librarian"],
    ["what did we decide about the lease?", "librarian"],
    ["why did turn t9 fail?", "ops-watch"],
    ["Summarise this:\nThe council met on Monday.\nIt talked about the bridge.", "summariser"],
  ])("%s", async (words, expected) => {
    const found = await route(words);
    expect(landing(found)).toBe(expected);
    expect(found.stage).toBe("lexical");
    expect(found.candidates[0]).toMatchObject({ agent: expected });
  });

  test("the reason names the words that decided, as they were written", async () => {
    const found = await route("Proofread this mail");
    expect(found.reason).toMatch(
      /^The words? “Proofread”.* like the examples of the Editor \(\d\d % sure; \d\d % is enough\)\.$/,
    );
  });

  test("two agents that fit alike are asked about by name", async () => {
    const painting = (what: string) =>
      ["fence", "gate", "door", "wall", "hall"].map((where) => `paint the ${where} ${what}`);
    const agents = [agent("red", { examples: painting("crimson") }), agent("blue", { examples: painting("azure") })];
    const found = await route("paint the gate and the wall", {}, agents);
    expect(landing(found)).toMatch(/^ask: (red, blue|blue, red)$/);
    expect(found.to.kind === "clarify" && found.to.question).toMatch(/the (Red|Blue) or the (Blue|Red)\?/);
  });

  test.each(["what's the weather like?", "book me a flight to Oslo", "asdf qwer", "who won the match?"])(
    "%s is nobody's, so the concierge answers",
    async (words) => {
      const found = await route(words);
      expect(landing(found)).toBe("concierge");
      expect(found.stage).toBe("fallback");
      expect(found.confidence).toBeLessThan(0.4);
    },
  );

  test("an agent's negatives are not its own", async () => {
    const words = "summarise these notes";
    const without = { ...LIBRARIAN, negatives: [] };
    const scoreOf = async (librarian: AgentSpec) =>
      (await route(words, {}, [CONCIERGE, librarian, EDITOR])).candidates.find((one) => one.agent === "librarian")
        ?.score;
    expect(await scoreOf(LIBRARIAN)).toBeLessThan((await scoreOf(without)) ?? 0);
  });

  test("a reloaded roster routes by its new examples", async () => {
    let agents: readonly AgentSpec[] = [CONCIERGE, EDITOR];
    const router = createRouter(createRouteSteps({ roster: { all: () => agents, get: () => undefined } }));
    const ask = askOf("water the ferns in the hall");
    const { signal } = new AbortController();
    expect(landing(await router.route(ask, signal))).toBe("concierge");
    const examples = [
      "water the ferns",
      "water the palm",
      "feed the ferns",
      "which plants are dry?",
      "spray the ferns",
    ];
    agents = [CONCIERGE, EDITOR, agent("gardener", { examples })];
    expect(landing(await router.route(ask, signal))).toBe("gardener");
  });
});

describe("going on with the last exchange", () => {
  test.each(["and for the others?", "yes", "what about the second page?", "more, please", "in French please"])(
    "%s stays with the agent",
    async (words) => {
      const found = await route(words, { last: after("ops-watch") });
      expect(landing(found)).toBe("ops-watch");
      expect(found.stage).toBe("sticky");
      expect(found.reason).toContain("Ops Watch");
    },
  );

  test("an answer to the agent's question stays with it, whatever its shape", async () => {
    const words = "the long letter from the landlord about the staircase";
    expect(landing(await route(words, { last: after("editor", { asked: true }) }))).toBe("editor");
    expect(landing(await route(words, { last: after("editor") }))).toBe("concierge");
  });

  test("a plain request for another agent leaves", async () => {
    for (const asked of [false, true]) {
      expect(landing(await route("forget m12", { last: after("editor", { asked }) }))).toBe("librarian");
    }
  });

  test("a message that is nobody's is no follow-up only because it is short", async () => {
    expect(landing(await route("will it rain tomorrow", { last: after("editor") }))).toBe("concierge");
  });

  test("an agent that has left, or that the person may not meet, is not gone on with", async () => {
    expect(landing(await route("yes", { last: after("translator") }))).toBe("concierge");
    const guest = { person: { role: "guest" as const }, last: after("librarian") };
    expect(landing(await route("yes", guest))).toBe("concierge");
  });
});

describe("when nothing fits", () => {
  test("and there is no concierge, the person chooses among the likeliest", async () => {
    const found = await route("qwertz", {}, [EDITOR, LIBRARIAN, OPS_WATCH]);
    expect(found.to.kind === "clarify" && found.to.options).toHaveLength(3);
    expect(found.stage).toBe("fallback");
  });

  test("and there is one agent only, it answers", async () => {
    expect(landing(await route("qwertz", {}, [EDITOR]))).toBe("editor");
  });

  test("and there is none for this person, that is said", async () => {
    const found = await route("hello", { person: { role: "guest" } }, [LIBRARIAN]);
    expect(landing(found)).toBe("refused");
    expect(found.reason).toContain("No agent is on call");
  });
});

test("a further stage decides what the words leave open, and nothing else", async () => {
  const seen: string[] = [];
  const further: RouteStep = {
    stage: "lexical",
    async decide(ask, sofar) {
      seen.push(ask.words);
      expect(sofar.candidates.length).toBeGreaterThan(0);
      const to = { kind: "agent" as const, agent: agentId("librarian") };
      return {
        kind: "settled",
        route: { to, confidence: 0.9, stage: "lexical", candidates: sofar.candidates, reason: "So.", words: ask.words },
      };
    },
  };
  const router = createRouter(createRouteSteps({ roster: rosterOf(ALL), further: [further] }));
  const { signal } = new AbortController();
  expect(landing(await router.route(askOf("proofread this mail"), signal))).toBe("editor");
  expect(landing(await router.route(askOf("/ask who won the match?"), signal))).toBe("librarian");
  expect(seen).toEqual(["who won the match?"]);
});

describe("whatever is written", () => {
  const router = createRouter(createRouteSteps({ roster: rosterOf(ALL) }));
  const { signal } = new AbortController();
  const strange = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.stringMatching(/^[@/][a-z]{0,8}[ :\n]?.{0,20}$/),
    fc.constantFrom(
      "",
      " ",
      "😀",
      "🤷‍♀️ 👍🏽",
      ":*&|!".repeat(2_000),
      "@",
      "/",
      "\u0000",
      "\uD800",
      "🇪🇺".repeat(500),
      "@@@",
      "1️⃣",
    ),
  );
  const last = fc.option(
    fc.record({
      agent: fc.constantFrom("editor", "librarian", "gone").map(agentId),
      clarifying: fc.subarray(["editor", "librarian", "gone"]).map((ids) => ids.map(agentId)),
      words: fc.string({ maxLength: 20 }),
      asked: fc.boolean(),
    }),
  );
  const pinned = fc.option(fc.constantFrom("editor", "librarian", "gone").map(agentId));

  test("it is routed, twice the same, with a reason and a confidence", async () => {
    await fc.assert(
      fc.asyncProperty(strange, last, pinned, async (words, before, pin) => {
        const ask = askOf(words, { last: before, pinned: pin });
        const found = await router.route(ask, signal);
        expect(await router.route(ask, signal)).toEqual(found);
        expect(found.reason).not.toBe("");
        expect(found.confidence).toBeGreaterThanOrEqual(0);
        expect(found.confidence).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  test("a guest meets only the agents for guests", async () => {
    const hidden: readonly string[] = ["librarian", "ops-watch", "gone"];
    const tempting = fc.oneof(
      strange,
      fc.constantFrom(
        "@librarian",
        "@ops-watch hi",
        "/remember x",
        "forget m12",
        "why did turn t9 fail?",
        "1",
        "2",
        "yes",
      ),
    );
    await fc.assert(
      fc.asyncProperty(tempting, last, pinned, async (words, before, pin) => {
        const found = await router.route(
          askOf(words, { person: { role: "guest" }, last: before, pinned: pin }),
          signal,
        );
        const met = found.to.kind === "agent" ? [found.to.agent] : found.to.kind === "clarify" ? found.to.options : [];
        for (const id of [...met, ...found.candidates.map((one) => one.agent)]) expect(hidden).not.toContain(id);
      }),
      { numRuns: 300 },
    );
  });
});
