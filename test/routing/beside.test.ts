/** Words that may answer what was asked in another thread: which do by their form, which only right after it, and which never. */
import { describe, expect, test } from "vitest";
import { agentId, conversationId, messageId, turnId, type BesideExchange, type Message } from "#core";
import { after, landing, route } from "./trial-roster.ts";

const question: Message = {
  id: messageId("2"),
  conversation: conversationId("1"),
  author: { kind: "agent", agent: agentId("editor") },
  text: "In which form?\n\n1. A letter\n2. A poem",
  at: new Date(0),
  turn: turnId("7"),
  reply: { kind: "clarify", model: null },
};
const asked = (more: Partial<BesideExchange> = {}): { beside: BesideExchange } => ({
  beside: {
    turn: turnId("7"),
    last: after("editor", { asked: true, words: "thank aunt Ida" }),
    history: [question],
    isNewest: false,
    isOvertaken: false,
    ...more,
  },
});
const which = asked({
  last: after("summariser", { clarifying: [agentId("summariser"), agentId("editor")] }),
  history: [],
});
const isTaken = async (words: string, more: Parameters<typeof route>[1]): Promise<boolean> =>
  (await route(words, more)).beside === "7";

describe("by its form", () => {
  test.each(["1", "2.", "option 2", "#1", "the first", "the last one", "A poem", "a letter.", "yes", "No."])(
    "%s answers an agent's question, however long ago",
    async (words) => {
      const found = await route(words, asked());
      expect(found).toMatchObject({ beside: "7", stage: "exact", words });
      expect(landing(found)).toBe("editor");
      expect(found.reason).toBe("It answers what the Editor asked. That was asked in another thread (`t7`).");
    },
  );

  test.each(["2", "the second one", "Editor", "@editor", "the editor"])("%s answers Nova's own", async (words) => {
    const found = await route(words, which);
    expect(found).toMatchObject({ beside: "7", says: "clarified", words: "summarise the mail above" });
    expect(landing(found)).toBe("editor");
  });

  test.each(["0", "3", "17", "ok", "the third", "Friday", "yes please, and make it short", "/help", "@ops-watch"])(
    "%s is no answer",
    async (words) => expect(await isTaken(words, asked())).toBe(false),
  );

  test.each(["3", "yes", "Friday", "@editor fix the grammar"])("%s does not say which agent is meant", async (words) =>
    expect(await isTaken(words, which)).toBe(false),
  );
});

describe("behind an answer of the conversation's own", () => {
  const passed = (more: Partial<BesideExchange> = {}) => asked({ isOvertaken: true, ...more });

  test.each(["1", "2.", "#1", "the first", "the last one", "yes", "No.", "ok", "Friday"])(
    "%s is said to that",
    async (words) => expect(await isTaken(words, passed())).toBe(false),
  );

  test.each(["A poem", "a letter."])("%s names an option", async (words) =>
    expect(await isTaken(words, passed())).toBe(true),
  );

  test.each(["1. 2024\n2. 2025", "1. Yes\n2. No", "1. First\n2. Last"])(
    "what an option is called by is no form",
    async (lines) => {
      const options = passed({ history: [{ ...question, text: `Which one?\n\n${lines}` }] });
      for (const words of ["2024", "yes", "first"]) expect(await isTaken(words, options)).toBe(false);
    },
  );

  test("of Nova's own question only the names of those that it offered", async () => {
    const open = { beside: { ...which.beside, isOvertaken: true } };
    for (const words of ["Editor", "@editor", "the editor"]) expect(await isTaken(words, open)).toBe(true);
    for (const words of ["2", "the second one", "one", "Ops Watch", "yes"])
      expect(await isTaken(words, open)).toBe(false);
  });
});

describe("right after the question", () => {
  const now = asked({ isNewest: true });
  test.each(["Friday", "next Friday at noon", "to my aunt in Bergen", "blue", "7", "the one with the dog"])(
    "%s answers it",
    async (words) => {
      const found = await route(words, now);
      expect(found).toMatchObject({ beside: "7", stage: "sticky", words });
      expect(landing(found)).toBe("editor");
      expect(found.confidence).toBeLessThan(1);
    },
  );

  test.each([
    "hello",
    "thank you",
    "which turns were slow?",
    "what is the capital of Norway?",
    "note: buy stamps",
    "translate “good morning” into French",
    "how many turns failed today",
    "one thing\nand another",
    "a long story about everything that has happened since the last time that we talked to each other",
  ])("%s does not", async (words) => expect(await isTaken(words, now)).toBe(false));

  test("“ok” is a yes", async () => expect(await isTaken("ok", now)).toBe(true));

  test("nor does what goes on with the last answer of the conversation itself", async () => {
    const here = { ...now, last: after("summariser") };
    expect(await isTaken("and in French", here)).toBe(false);
    expect(await isTaken("as a table", here)).toBe(false);
    expect(await isTaken("Friday", here)).toBe(true);
  });

  test("what sounds like the agent that asked answers it, unless it asks for something of its own", async () => {
    const editing = ["a friendlier tone", "the spelling and the grammar of this paragraph"];
    for (const words of editing) expect(await isTaken(words, now)).toBe(true);
    for (const words of ["fix the grammar", "proofread this mail"]) expect(await isTaken(words, now)).toBe(false);
    for (const words of editing) expect(await isTaken(words, asked())).toBe(false);
  });

  test("words for an agent that was called by its name are for it, an order, too", async () => {
    const called = asked({ isNewest: true, last: after("editor", { clarifying: [agentId("editor")], words: "" }) });
    expect(landing(await route("make it friendlier", called))).toBe("editor");
  });
});

test("nothing is taken from outside, by nobody's schedule, on a call, or where one agent has the conversation", async () => {
  for (const more of [
    { origin: "outside" },
    { unattended: true },
    { called: true, pinned: agentId("summariser") },
    { pinned: agentId("summariser") },
  ] as const)
    expect(await isTaken("2", { ...asked({ isNewest: true }), ...more })).toBe(false);
});

test.each([
  ["/wrong editor", "editor", "7"],
  ["wrong agent: editor", "editor", "7"],
  ["Wrong agent", "refused", undefined],
])("%s is about the answer beside, where there is none here", async (words, expected, beside) => {
  const answered = asked({ last: after("summariser"), history: [] });
  const found = await route(words, answered);
  expect(landing(found)).toBe(expected);
  expect(found.beside).toBe(beside);
  expect((await route(words, { ...answered, last: after("ops-watch") })).beside).toBeUndefined();
});

test("“wrong agent” inside of other words says nothing of the kind", async () => {
  for (const words of ["wrong agent again in the report of May", "it was the wrong agent", "a /wrong turn"])
    expect((await route(words, asked())).stage).not.toBe("exact");
});
