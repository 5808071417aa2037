import { describe, expect, test } from "vitest";
import { agentId } from "#core";
import { after, agent, ALL, landing, rosterOf, route } from "./trial-roster.ts";

const asked = (...ids: string[]) => ({ last: after(ids[0] ?? "", { clarifying: ids.map((id) => agentId(id)) }) });

describe("an answer to the question which agent is meant", () => {
  test.each([
    ["2", "editor"],
    ["2.", "editor"],
    ["the second one, please", "editor"],
    ["option 1", "summariser"],
    ["the first", "summariser"],
    ["one", "summariser"],
    ["the latter", "editor"],
    ["Editor", "editor"],
    ["@editor", "editor"],
    ["I mean the summariser", "summariser"],
  ])("%s", async (words, expected) => {
    const found = await route(words, asked("summariser", "editor"));
    expect(landing(found)).toBe(expected);
    expect(found.stage).toBe("exact");
    expect(found.words).toBe("summarise the mail above");
  });

  test("a name of two words is understood", async () => {
    expect(landing(await route("ops watch", asked("editor", "ops-watch")))).toBe("ops-watch");
  });

  test("a number beyond the last option asks again, about the same words", async () => {
    const found = await route("5", asked("summariser", "editor"));
    expect(landing(found)).toBe("ask: summariser, editor");
    expect(found.words).toBe("summarise the mail above");
  });

  test("words that choose nothing are a message of their own", async () => {
    const found = await route("2 turns failed today, which?", asked("summariser", "editor"));
    expect(landing(found)).toBe("ops-watch");
    expect(found.words).toBe("2 turns failed today, which?");
  });

  test("an option that has left is told, not replaced", async () => {
    expect(landing(await route("2", asked("summariser", "translator")))).toBe("refused");
  });

  test("without a question, a number is only a number", async () => {
    expect((await route("2", { last: after("editor") })).stage).not.toBe("exact");
  });
});

describe("a set of agents that comes with the words", () => {
  const words = "@helmsman steer it";
  const helmsman = agent("helmsman", {
    examples: ["steer the ship", "hold the course", "turn to port", "which way is the wind?", "mind the reef"],
  });

  test("is what they are routed among, whoever is on call by now", async () => {
    expect(landing(await route(words))).toBe("refused");
    expect(landing(await route(words, { roster: rosterOf([...ALL, helmsman]) }))).toBe("helmsman");
    expect(landing(await route(words, { roster: rosterOf(ALL) }, [...ALL, helmsman]))).toBe("refused");
  });

  test("is where the agent of an endpoint is looked for", async () => {
    const outside = { origin: "outside", pinned: helmsman.id } as const;
    const open = { ...helmsman, acceptsTainted: true };
    expect(landing(await route("steer", outside, [...ALL, open]))).toBe("helmsman");
    const found = await route("steer", { ...outside, roster: rosterOf(ALL) }, [...ALL, open]);
    expect(found.reason).toContain("not on call");
  });
});

describe("a command", () => {
  test.each([
    ["/help", "/help"],
    ["/WHY", "/why"],
    ["/nova why", "/why"],
    ["  /stop", "/stop"],
    ["/agent", "/agent"],
    ["/agent editor", "/agent editor"],
    ["stop", "/stop"],
    ["Stop!", "/stop"],
  ])("%s", async (words, expected) => {
    expect(landing(await route(words))).toBe(expected);
  });

  test.each([
    ["hlep", "help"],
    ["approv", "approve"],
    ["rember", "remember"],
    ["schedule", "schedules"],
    ["wy", "why"],
  ])("that does not exist is refused with the one that is near: /%s", async (said, near) => {
    const found = await route(`/${said} me`);
    expect(found.to).toMatchObject({ kind: "refuse" });
    expect(found.reason).toBe(`There is no command \`/${said}\`. The nearest is \`/${near}\`. \`/help\` lists them.`);
  });

  test.each(["nonsense", "zz", "how", "translate"])("that is near none is refused with none: /%s", async (said) => {
    expect((await route(`/${said} me`)).reason).toBe(`There is no command \`/${said}\`. \`/help\` lists them.`);
  });

  test.each(["/etc/hosts is what?", "/ 2", "/2", "1/2", "// comment", "and/or", "/"])("is not %s", async (words) => {
    expect((await route(words)).stage).not.toBe("exact");
  });

  test.each([
    ["/remember the code is 4711", "remember the code is 4711"],
    ["/recall Anna", "recall Anna"],
    ["/forget m12", "forget m12"],
    ["/remember", "remember"],
    ["/remember two\nlines", "remember two\nlines"],
  ])("%s goes to the librarian with its verb", async (words, expected) => {
    const found = await route(words);
    expect(landing(found)).toBe("librarian");
    expect(found.words).toBe(expected);
  });

  test("of the librarian's is refused where the person cannot reach one", async () => {
    expect(landing(await route("/remember me", { person: { role: "guest" } }))).toBe("refused");
  });

  test("/ask chooses nobody and is not read", async () => {
    const found = await route("/ask proofread this mail");
    expect(landing(found)).toBe("editor");
    expect(found.stage).toBe("lexical");
    expect(found.words).toBe("proofread this mail");
    expect((await route("/ask @librarian hello")).words).toBe("hello");
    expect(landing(await route("/ask"))).toBe("refused");
  });
});

describe("a mention", () => {
  test.each([
    ["@editor make it short", "editor", "make it short"],
    ["@EDITOR: make it short", "editor", "make it short"],
    ["  @editor, make it short", "editor", "make it short"],
    ["@editor\nmake it short", "editor", "make it short"],
    ["@Ops Watch what failed?", "ops-watch", "what failed?"],
    ["@ops-watch what failed?", "ops-watch", "what failed?"],
    ["@summariser @editor hello", "summariser", "@editor hello"],
  ])("%s", async (words, expected, rest) => {
    const found = await route(words);
    expect(landing(found)).toBe(expected);
    expect(found).toMatchObject({ words: rest, stage: "exact", confidence: 1 });
  });

  test("of nobody is refused with the nearest names", async () => {
    const found = await route("@edtior hello");
    expect(landing(found)).toBe("refused");
    expect(found.reason).toBe("I know no agent called “edtior”. Did you mean @editor?");
  });

  test("of a name like no other lists who is there", async () => {
    expect((await route("@xyzzyplugh hello")).reason).toContain("@librarian");
  });

  test("of an agent that the person may not meet is a mention of nobody", async () => {
    const found = await route("@librarian hello", { person: { role: "guest" } });
    expect(landing(found)).toBe("refused");
    expect(found.reason.replace("“librarian”", "")).not.toContain("librarian");
  });

  test("without words asks what the agent is to do, and the next words are for it", async () => {
    const greeting = await route("@editor");
    expect(landing(greeting)).toBe("ask: editor");
    const last = after("editor", { clarifying: [agentId("editor")], words: greeting.words });
    const next = await route("what did we decide about the database?", { last });
    expect(landing(next)).toBe("editor");
    expect(next.words).toBe("what did we decide about the database?");
    expect(landing(await route("@librarian hello", { last }))).toBe("librarian");
  });

  test.each(["write to ann@editor.example", "ask @editor about it", "@ editor", "me@home"])(
    "is not in %s",
    async (words) => {
      expect((await route(words)).stage).not.toBe("exact");
    },
  );

  test("of Nova itself says nothing about who answers", async () => {
    const found = await route("@nova proofread this mail");
    expect(landing(found)).toBe("editor");
    expect(found.words).toBe("proofread this mail");
  });
});

describe("a pinned conversation", () => {
  test("stays with its agent", async () => {
    const found = await route("summarise this text", { pinned: agentId("editor") });
    expect(landing(found)).toBe("editor");
    expect(found.stage).toBe("exact");
  });

  test("is left for one message by a mention or a command", async () => {
    expect(landing(await route("@librarian hello", { pinned: agentId("editor") }))).toBe("librarian");
    expect(landing(await route("/agent auto", { pinned: agentId("editor") }))).toBe("/agent auto");
  });

  test("says so when its agent is gone, and falls to no other", async () => {
    const found = await route("summarise this text", { pinned: agentId("translator") });
    expect(landing(found)).toBe("refused");
    expect(found.reason).toContain("translator");
    expect(found.reason).toContain("/agent auto");
  });
});

describe("words that an agent has claimed for the beginning of a message", () => {
  test.each([
    "Remember that the broker's number is 555-0142, 12.5% of 8,400",
    "remember: summarise the mail above",
    "Please remember the spelling of this text",
    "NOTE: proofread this mail",
    "Don’t forget that we ship on Monday",
    "Nova, remember the key",
  ])("%s", async (words) => {
    const found = await route(words);
    expect(landing(found)).toBe("librarian");
    expect(found.stage).toBe("exact");
    expect(found.words).toBe(words.replace(/^Nova, /, ""));
    expect(found.reason).toMatch(/begins with/);
  });

  test.each(["notes: sum it up in five bullet points", "remembering names", "note:? is that so?", "remember me?"])(
    "not %s",
    async (words) => {
      expect((await route(words)).stage).not.toBe("exact");
    },
  );
});
