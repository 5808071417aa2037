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
  return code(agentId(id))?.before?.(agentStep(spec, { words, roster: roster.all() }));
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
