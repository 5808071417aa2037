/** Messages that ask for several things, and those that only look so: on the agents of this repository, by the words alone. */
import { describe, expect, test } from "vitest";
import { agentId } from "#core";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { createRouter } from "../../src/langchain/router.ts";
import { BACKGROUND } from "../../src/routing/learning/background.ts";
import { areIndependent } from "../../src/routing/several/parts.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { createPlanStep } from "../../src/routing/several/plan.ts";
import { after, askOf, landing, train } from "./trial-roster.ts";
import { EVERYDAY, GOING_ON } from "./everyday.ts";
import { SINGLE } from "./single.ts";

const agents = new URL("../../agents", import.meta.url).pathname;
const tools = await loadTools(`${agents}/tools`);
const { roster } = await loadAgents(agents, { tools: [...tools.values()] });
const router = createRouter(createRouteSteps({ roster, train }));
const { signal } = new AbortController();

/** Words, agents in order, and `+` where they may be done side by side. */
const SEVERAL: readonly (readonly [string, string])[] = [
  ["how many turns failed today? what did we decide about the database?", "ops-watch + librarian"],
  ["What did we decide about the database? How many turns failed today?", "librarian + ops-watch"],
  ["1. which turns were slow today?\n2. what did we decide about the database?", "ops-watch + librarian"],
  ["1) list the failed turns 2) list my notes", "ops-watch + librarian"],
  ["Please do two things:\n- list the failed turns\n- list my notes", "ops-watch + librarian"],
  ["Hi Nova, how many turns failed today? And what is 17% of 2,340? Thanks!", "ops-watch + analyst"],
  ["what is 17% of 2,340? also, who has the spare key?", "analyst + librarian"],
  ["List my notes. Then show me the last runs.", "librarian > ops-watch"],
  ["list my notes and then show me the last runs", "librarian > ops-watch"],
  ["First list the failed turns. Then list my notes.", "ops-watch > librarian"],
  [
    "summarise this text, and then make it shorter by half, and then tell me how many turns failed today",
    "summariser > editor > ops-watch",
  ],
  ["how many turns failed today? Also remember that the deploy is on Friday", "ops-watch > librarian"],
  ["what is 12 times 7? Please remember that the lease ends in June. Anna wants to know.", "analyst > librarian"],
  [
    "which turns were slow today? what is the square root of 1764? who has the spare key?",
    "ops-watch + analyst + librarian",
  ],
  ["1. list the failed turns\n2. what is 12 times 7?\n3. list my notes", "ops-watch + analyst + librarian"],
  ["can you list my notes; and also show me the last runs?", "librarian + ops-watch"],
  ["which agent fails most often? which weekday was 14 July 2024?", "ops-watch + analyst"],
  ["convert 42 km to miles. show me the last runs.", "analyst + ops-watch"],
  ["could you list the failed turns? and could you list my notes?", "ops-watch + librarian"],
  ["what did Lisa tell me about her trip? what date is 45 days after 2026-05-03?", "librarian + analyst"],
  ["list the failed turns, and after that list my notes", "ops-watch > librarian"],
  ["how many turns failed today? what is that in percent of 640?", "ops-watch > analyst"],
  // An order of its own behind a question, or behind what is to be kept.
  ["what is 17% of 80, and remind me tomorrow at 9 to call Ann", "analyst > scheduler"],
  ["what is 17% of 80 and remind me tomorrow at 9 to call Ann", "analyst > scheduler"],
  ["what is 12*9, remind me tomorrow at 9 to call Ann", "analyst > scheduler"],
  ["what is 12*9; remind me tomorrow at 9 to call Ann", "analyst > scheduler"],
  ["what is 17% of 80 and then remind me tomorrow at 9 to call Ann?", "analyst > scheduler"],
  ["hello Nova, what is 12*9, and remind me tomorrow at 9 to call Ann", "analyst > scheduler"],
  ["can you convert 5 km to miles, and set a reminder for the dentist on 3 May at 8:30", "analyst > scheduler"],
  ["remind me tomorrow at 9 to call Ann and tell me what 17% of 80 is", "scheduler > analyst"],
  ["remind me tomorrow at 9 to call Ann, and what is 17% of 80?", "scheduler > analyst"],
  ["Remind me tomorrow at 9 to call Ann. What is 17% of 80?", "scheduler > analyst"],
  ["Remind me tomorrow at 9 to call Ann. Tell Ben that the build is green.", "scheduler > notifier"],
  ["Remind me tomorrow at 9 to call Ann. Also tell Ben that the build is green.", "scheduler > notifier"],
  ["Remind me tomorrow at 9 to call Ann. Then, please, tell Ben that the build is green.", "scheduler > notifier"],
  ["remind me tomorrow at 9 to call Ann, also tell Ben that the build is green", "scheduler > notifier"],
  ["Remind me tomorrow at 9 to call Ann. Tell Ben that the build is green. It took all night.", "scheduler > notifier"],
  ["Remind me tomorrow at 9 to call Ann. Note that the lease ends in June.", "scheduler > librarian"],
  ["Remind me tomorrow at 9 to call Ann. Please remember that the lease ends in June.", "scheduler > librarian"],
  ["Remember that the lease ends in June. Also remind me on 1 May at 9 to call the landlord.", "librarian > scheduler"],
  ["remember that the lease ends in June, and remind me on 1 May at 9 to call the landlord", "librarian > scheduler"],
  // Two questions that are plainly two agents', and what is kept before a question.
  ["who has the spare key, and how many turns failed today?", "librarian + ops-watch"],
  ["list my notes and what is 5% of 80?", "librarian + analyst"],
  [
    "what is 12*9, what time is it, what did I note about Ben, list my notes and what is 5% of 80?",
    "analyst + librarian + analyst",
  ],
  ["remember that the tax office said we must pay the fine, and when is the office open?", "librarian > librarian"],
  ["remember that Ann lives in Rome, and where does she work?", "librarian > librarian"],
  ["list my notes. remember that the lease ends in June", "librarian > librarian"],
  ["how many turns failed today, and remember that the deploy is on Friday", "ops-watch > librarian"],
  ["what did we decide about the database, and show me the last runs", "librarian + ops-watch"],
  ["who has the spare key, and please list the failed turns", "librarian + ops-watch"],
  ["list my notes and tell me how many turns failed today", "librarian + ops-watch"],
  ["what is 12*9, list my notes, and remind me tomorrow at 9 to call Ann", "analyst > librarian > scheduler"],
  ["summarise the text above, and then remind me tomorrow at 9 to send it", "summariser > scheduler"],
];

/** Each is one thing, whatever it looks like. */
const ONE: readonly string[] = [
  "remember nothing: how is it going?",
  "summarise this: The council met on Monday. How many turns failed today? Nobody knew. Then they left.",
  "summarise this text\n\nWe list the failed turns every day. What did we decide about the database?",
  "remember that the lease ends in June and then list the failed turns",
  "remember: call Anna, then show me the last runs",
  'is this rude? "List my notes. Then show me the last runs."',
  "proofread this: how many turns failed today? what did we decide about the database?",
  "what did we decide about the database and then forget?",
  "what did I say about Anna and when did I say it?",
  "if the turn failed, then show me the trace of turn t18",
  "when the deploy is done, show me the last runs and then list my notes",
  "who has the spare key, and also who has the car keys?",
  "turn this into a bullet list: open the lid; take the filter out; rinse it",
  "make numbered steps of this: list my notes; show me the last runs",
  "```\nlist my notes\nshow me the last runs\n```",
  "| task | state |\n|---|---|\n| list my notes | open |\n| list the failed turns | open |",
  "> list my notes\n> show me the last runs",
  "sum the amount column:\nitem,amount\npens,3\npaper,5",
  "1. pens\n2. paper\n3. ink",
  "my notes say: 1. list the failed turns 2. list my notes",
  "list my notes. list my preferences. what have you remembered lately?",
  "proofread this mail and then make it shorter",
  "hello! what can you do?",
  "hi there, thanks. which turns were slow today?",
  "I am tired. how many turns failed today? my boss wants to know.",
  "translate this sentence and sing it",
  "what is 17% of 2,340?",
  "draft a reply to this mail: Do you ship to Norway? How many turns failed today?",
  "who said “list my notes. How many turns failed today?”",
  "compare the notes and the numbers and then decide",
  "Mr. Keller said that the turns failed. What did we decide about the database?",
  "",
];

describe("several things are a plan", () => {
  test.each(SEVERAL)("%s", async (words, expected) => {
    const found = await router.route(askOf(words), signal);
    expect(landing(found)).toBe(expected);
    expect(found.stage).toBe("lexical");
    expect(found.reason).toMatch(/^You asked for [23] things, each plainly one agent's: the /);
    expect(found.words).toBe(words.replace(/^(?:Hi|hello) Nova, /i, ""));
  });

  test("each step has its own words, and what is to be kept takes all behind it", async () => {
    const words = "what is 12 times 7? Please remember that the lease ends in June. Anna wants to know.";
    const { to } = await router.route(askOf(words), signal);
    expect(to.kind === "plan" && to.steps.map((step) => step.words)).toEqual([
      "what is 12 times 7?",
      "Please remember that the lease ends in June. Anna wants to know.",
    ]);
  });

  test.each([
    "Tell Ben that the build is red. Next week I am away.",
    "Tell Ben that the build is red. Last night the disk was full; nobody saw it.",
    "Tell Ben that the build is red, then the tests failed.",
  ])("a message to somebody stands as it was written: %s", async (message) => {
    const { to } = await router.route(askOf(`${message} Remind me tomorrow at 9 to call Ann.`), signal);
    expect(to.kind === "plan" && to.steps.map((step) => step.words)).toEqual([
      message,
      "Remind me tomorrow at 9 to call Ann.",
    ]);
  });

  test("an item of a list belongs to no message above it", async () => {
    const words = "1. Tell Ben that lunch is ready\n2. milk and eggs\n3. what is 17% of 80?";
    const { to } = await router.route(askOf(words), signal);
    expect(JSON.stringify(to)).not.toContain("ready milk");
  });

  test("of more than three things the first three; the others are named", async () => {
    const words =
      "do four things:\n1. list my notes\n2. list the failed turns\n3. what is 12 times 7?\n4. list my notes";
    const found = await router.route(askOf(words), signal);
    expect([landing(found), found.left]).toEqual(["librarian + ops-watch + analyst", ["list my notes"]]);
    expect(found.reason).toMatch(/^You asked for 4 things.*more are not done at once\.$/);
    const seven = Array.from({ length: 7 }, (_, i) => (i % 2 ? "list my notes." : "list the failed turns.")).join(" ");
    expect((await router.route(askOf(seven), signal)).to.kind).not.toBe("plan");
  });

  test("neighbours for the same agent are one step", async () => {
    const words = "list my notes. who has the spare key? show me the last runs.";
    const { to } = await router.route(askOf(words), signal);
    expect(to.kind === "plan" && to.steps).toEqual([
      { agent: "librarian", words: "list my notes.\nwho has the spare key?" },
      { agent: "ops-watch", words: "show me the last runs." },
    ]);
  });
});

describe("one thing is no plan", () => {
  test.each(ONE)("%s", async (words) => {
    expect((await router.route(askOf(words), signal)).to.kind).not.toBe("plan");
  });

  test("nor is any sentence of many words and one wish", async () => {
    const cut: string[] = [];
    for (const words of SINGLE) {
      const { to, left } = await router.route(askOf(words), signal);
      if (to.kind === "plan" || left) cut.push(words);
    }
    expect(cut).toEqual([]);
    expect(SINGLE.length).toBeGreaterThan(80);
  });

  test.each([
    ["hi nova, what is 3*7?", "analyst", "what is 3*7?"],
    ["hello nova, remind me tomorrow at 9 to call Ann", "scheduler", "remind me tomorrow at 9 to call Ann"],
    ["good morning! how many turns failed today?", "ops-watch", "how many turns failed today?"],
    ["hey what is 3*7", "analyst", "what is 3*7"],
    ["hi there, how are you?", "concierge", "hi there, how are you?"],
    ["good morning, Nova", "concierge", "good morning, Nova"],
    ["Nova what is 3*7?", "analyst", "what is 3*7?"],
    ["Hi Nova! remember that Bob likes tea", "librarian", "remember that Bob likes tea"],
    // What may be the beginning of a text stays with it.
    ["Hi all, teh meeting are moved to 3 pm", "concierge", "Hi all, teh meeting are moved to 3 pm"],
    ["Nova Scotia is where exactly?", "concierge", "Nova Scotia is where exactly?"],
    ["Nova Ltd owes us 300 euros", "concierge", "Nova Ltd owes us 300 euros"],
    ["Hello Tom, the report is late. Summarise that", "summariser", "Hello Tom, the report is late. Summarise that"],
  ])("a greeting never decides: %s", async (words, agent, read) => {
    const found = await router.route(askOf(words), signal);
    expect([landing(found), found.words]).toEqual([agent, read]);
  });

  test("nor is it taken from an answer, or from what a conversation's own agent gets", async () => {
    const words = "Hi all, what is 3*7?";
    const answered = await router.route(askOf(words, { last: after("editor", { asked: true }) }), signal);
    const kept = await router.route(askOf(words, { pinned: agentId("editor") }), signal);
    expect([answered.words, kept.words, landing(kept)]).toEqual([words, words, "editor"]);
  });

  const both = "how many turns failed today? what did we decide about the database?";
  test("nor is an answer to an agent's question, or what goes on", async () => {
    expect(landing(await router.route(askOf(both), signal))).toBe("ops-watch + librarian");
    const asked = askOf(both, { last: after("editor", { asked: true }) });
    expect((await router.route(asked, signal)).to.kind).toBe("agent");
    // Whoever begins anew answers nothing.
    const anew = "remind me tomorrow at 9 to call Ann and tell me what 17% of 80 is";
    const begun = await router.route(askOf(anew, { last: after("scheduler", { asked: true }) }), signal);
    expect(landing(begun)).toBe("scheduler > analyst");
    const going = askOf("and list my notes? show me the last runs", { last: after("editor") });
    expect((await router.route(going, signal)).to.kind).toBe("agent");
  });

  test("nor are words from outside, whatever they say", async () => {
    const found = await router.route(askOf(both, { origin: "outside" }), signal);
    expect(["agent", "refuse"]).toContain(found.to.kind);
  });

  test("nor what a person may not ask: the part for an agent that they cannot meet is nobody's", async () => {
    const guest = askOf(both, { person: { role: "guest" }, origin: "guest" });
    expect((await router.route(guest, signal)).to.kind).not.toBe("plan");
  });

  test("none of the examples of the agents, of what people write every day, and of what is nobody's", async () => {
    const step = createPlanStep(roster, train);
    const texts = [
      ...roster
        .all()
        .flatMap((agent) => [
          ...agent.skills.flatMap(({ examples }) => examples),
          ...agent.negatives,
          ...agent.golden.map(({ input }) => input),
        ]),
      ...Object.values(EVERYDAY).flat(),
      ...GOING_ON.map(([words]) => words),
      ...BACKGROUND,
    ];
    const plans: string[] = [];
    for (const words of texts) {
      const { kind } = await step.decide(askOf(words), { candidates: [], confidence: 0 }, signal);
      if (kind === "settled") plans.push(words);
    }
    expect(plans).toEqual([]);
    expect(texts.length).toBeGreaterThan(600);
  });
});

test.each([
  ["how many turns failed today, and translate the mail above to French", ["translate the mail above to French"]],
  ["what did we decide about the database, and write a poem about it", ["write a poem about it"]],
  ["what is 17% of 80? list my notes. I am tired of this.", ["list my notes."]],
  ["what is 17% of 80?", undefined],
  ["remind me tomorrow at 9 to call Ann, and translate the mail", undefined],
])("what one agent is plainly not for is named: %s", async (words, left) => {
  const found = await router.route(askOf(words), signal);
  expect(found.to.kind).toBe("agent");
  expect(found.left).toEqual(left);
  // What goes on with an agent's question is for that agent alone.
  const answered = await router.route(askOf(words, { last: after("editor", { asked: true }) }), signal);
  expect(answered.left).toBeUndefined();
});

test("what a note takes with it and may be an order of its own is named", async () => {
  const words = "remember that the lease ends in June and remind me on 1 May at 9 to call the landlord";
  const found = await router.route(askOf(words), signal);
  expect([landing(found), found.left]).toEqual(["librarian", ["remind me on 1 May at 9 to call the landlord"]]);
});

test("parts that a model cut are side by side only where none leans on another", () => {
  const [one, two] = ["list my notes", "show me the last runs"];
  expect(areIndependent(`${one} and ${two}`, [one, two])).toBe(true);
  expect(areIndependent(`${one}, then ${two}`, [one, two])).toBe(false);
  expect(areIndependent(`${one} and summarise them`, [one, "summarise them"])).toBe(false);
});
