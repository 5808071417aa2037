/** What agents may not say: figures without ground, deeds not done, agents and turns that do not exist. */
import { describe, expect, test } from "vitest";
import { agentId } from "#core";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { agentStep } from "../contract/context.ts";
import { AGENTS, TOOLS } from "../contract/trial-folder.ts";

const { roster, code } = await loadAgents(AGENTS, { tools: await loadTools(TOOLS) });

function check(id: string, words: string, answer: string, results: readonly string[] = []): string | undefined {
  const spec = roster.get(id);
  if (!spec) throw new Error(`${id} is not on call`);
  return code(agentId(id))?.check?.(agentStep(spec, { words, roster: roster.all() }), answer, results);
}

async function before(id: string, words: string) {
  const spec = roster.get(id);
  if (!spec) throw new Error(`${id} is not on call`);
  const colleagues = spec.mayHandOffTo.map(
    (to) => ({ id: agentId(to), purpose: "", how: "handoff", input: {} }) as const,
  );
  return code(agentId(id))?.before?.({ ...agentStep(spec, { words, roster: roster.all() }), colleagues });
}

/** What code makes of words, in one line. */
async function coded(id: string, words: string): Promise<string> {
  const reply = (await before(id, words))?.reply;
  switch (reply?.kind) {
    case "handoff":
      return `> ${reply.to}`;
    case "clarify":
      return `? ${reply.question}`;
    case "propose":
      return reply.effects.map(({ input }) => Object.values(input).map(String).join(" | ")).join(" & ");
    case "answer":
      return reply.text;
    case "fail":
      return reply.reason;
    case "delegate":
    case undefined:
      return "model";
  }
}

describe("the analyst", () => {
  test("gives only figures of its tools or of the person", () => {
    const results = ["17% of 2,340 = 397.8"];
    expect(check("analyst", "17% of 2,340?", "17% of 2,340 is 397.8, so about 398.", results)).toBeUndefined();
    expect(check("analyst", "17% of 2,340?", "It is 401.2.", results)).toContain("401.2");
    expect(check("analyst", "what is 2 + 2?", "4")).toContain("4");
  });
});

describe("the concierge", () => {
  test.each(["hello", "Good morning, Nova!", "hi there, how are you?"])("greets without a model: %s", async (words) => {
    expect(await before("concierge", words)).toMatchObject({ reply: { text: expect.stringMatching(/Ana/) } });
  });

  test.each(["thanks a lot!", "bye for now", "🙂", "  "])("is courteous without a model: %s", async (words) => {
    expect(await before("concierge", words)).toMatchObject({ reply: { kind: "answer" } });
  });

  test.each([
    ["what's my name?", "I know you as Ana."],
    ["Who are you?", "I am Nova"],
    ["are you an AI?", "not a person"],
    ["what can u do", "@analyst"],
    ["what time is it?", "It is 10:00 UTC."],
    ["ok", "Good."],
    ["good night", "Goodbye, Ana."],
    ["help", "@librarian"],
  ])("knows a short answer to %s", async (words, says) => {
    expect(await before("concierge", words)).toMatchObject({ reply: { text: expect.stringContaining(says) } });
  });

  test("introduces everyone on call", async () => {
    const coded = await before("concierge", "What can you do?");
    for (const { id } of roster.all()) expect(coded?.reply).toMatchObject({ text: expect.stringContaining(`@${id}`) });
  });

  test.each(["hello, what is 3 + 4?", "thanks, and who has the key?"])(
    "leaves a request in a greeting to the model: %s",
    async (words) => {
      expect(await before("concierge", words)).toBeUndefined();
    },
  );

  test("does not claim a deed or name an agent that does not exist", () => {
    expect(check("concierge", "book it", "I have booked the room.")).toContain("cannot act");
    expect(check("concierge", "booked?", "You said: “I have booked the flight” [m12]")).toBeUndefined();
    expect(check("concierge", "who?", "Ask @accountant.")).toContain("@accountant");
    expect(check("concierge", "who?", "Ask @analyst, or write to ana@example.org.")).toBeUndefined();
    const code = [
      "Thank @ben for it:",
      "",
      "```java",
      "@Override",
      "// ask @javadoc",
      "public void run() {}",
      "```",
    ].join("\n");
    expect(check("concierge", "how do I run it?", code)).toBeUndefined();
    expect(check("concierge", "shall I ask @ben?", "Yes, ask @ben.")).toBeUndefined();
  });
});

describe("the summariser", () => {
  const text = "summarise: The bridge costs 4.2 million and opens in 2027.";
  test("keeps to the figures of the text", () => {
    expect(
      check("summariser", text, "The 1 of 1 sentences that carry the most:\n\n- Costs 4.2 million [s1]"),
    ).toBeUndefined();
    expect(check("summariser", text, "- The bridge costs 5 million [s1]")).toContain("5000000");
  });
});

describe("the editor", () => {
  test("keeps figures and negations in a rewriting", () => {
    const text = "make this polite: Do not send 3 files";
    expect(check("editor", text, "Please do not send 3 files.")).toBeUndefined();
    expect(check("editor", text, "Please send 3 files.")).toContain("denies");
    expect(check("editor", text, "Please do not send 4 files.")).toContain("4");
  });
  test("may count", () => {
    expect(check("editor", "how many words: one two three", "- **Words:** 3")).toBeUndefined();
  });
});

describe("ops-watch", () => {
  test("names only turns and figures of its reports", () => {
    const results = ["Turn t12 on web: failed, agent analyst"];
    expect(check("ops-watch", "why did t12 fail?", "t12 failed.", results)).toBeUndefined();
    expect(check("ops-watch", "what failed?", "t13 failed.", results)).toContain("t13");
    expect(check("ops-watch", "how is it?", "There were 9 failures.", results)).toContain("9");
  });
});

describe("the scheduler", () => {
  test.each([
    ["remind me what we decided about the printer", "> librarian"],
    ["remind me what Ann likes", "> librarian"],
    ["please remind me where the key is", "> librarian"],
    ["every time I run npm test it fails, why?", "> concierge"],
    ["schedule of the trains", "> concierge"],
    ["remind me tomorrow at 9 what Ann likes", "what Ann likes | tomorrow at 9"],
    ["wake me at 7am", "wake up | at 7am"],
    ["wake me up tomorrow at 7 to catch the train", "catch the train | tomorrow at 7"],
    [
      "remind me tomorrow at 9 to call Ann and at 10 to call Bob",
      "call Ann | tomorrow at 9 & call Bob | tomorrow at 10",
    ],
    [
      "remind me tomorrow at 9 to call Ann and Bob; also remind me at 17:00 to leave",
      "call Ann and Bob | tomorrow at 9 & leave | tomorrow at 17:00",
    ],
    [
      "remind me on Friday at 9 to call Ann and on Monday at 10 to call Bob",
      "call Ann | on Friday at 9 & call Bob | on Monday at 10",
    ],
    ["remind me every Monday and Thursday at 8 to run", "run | every Monday and Thursday at 8"],
    ["remind me tomorrow at 9 to eat and drink", "eat and drink | tomorrow at 9"],
  ])("%s", async (words, expected) => {
    expect(await coded("scheduler", words)).toBe(expected);
  });

  test("says whom it reminds", async () => {
    expect(await coded("scheduler", "remind Ben tomorrow at 9 to call Ann")).toContain("only you, not Ben");
  });
});

describe("the notifier", () => {
  test.each([
    ["tell ben the server is down", "ben | the server is down"],
    ["please tell Ben I'll be late", "Ben | I'll be late"],
    ["tell my wife dinner is ready", "my wife | dinner is ready"],
    ["let Anna know I am late", "Anna | I am late"],
    ["tell Ben and Ann that the build is green", "Ben | the build is green & Ann | the build is green"],
    ["tell Ben, Ann and Tom that it works", "Ben | it works & Ann | it works & Tom | it works"],
    ["tell Ben that bread, milk and eggs are out", "Ben | bread, milk and eggs are out"],
    ["tell Ben", "? What shall I tell Ben? Write: tell Ben that …"],
    ["send a message", "? Whom shall I tell, and what? Write: tell Ben that …"],
    ["I told Ben that the build is green", "> concierge"],
    ["Ben told me that the server is down", "> concierge"],
    ["how do I tell Ben that he is fired?", "> concierge"],
    ["every time I run npm test it fails, why?", "> concierge"],
    ["tell me about Ben", "> librarian"],
    ["tell me a joke", "> concierge"],
    ["tell me what 17% of 80 is", "> analyst"],
    ["let me know what 12*12 is", "> analyst"],
    ["remind Ben tomorrow at 9 to call Ann", "> scheduler"],
    ["don't tell Ben that he is fired", "I tell Ben nothing."],
    ["tell Ben about the party", "model"],
    ["tell Ben whether it rains", "model"],
    ["tell them that it works", "model"],
  ])("%s", async (words, expected) => {
    expect(await coded("notifier", words)).toBe(expected);
  });
});
