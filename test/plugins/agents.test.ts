/** A broken plug-in stops the start, with its file, the field and what to do. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NovaError } from "#core";
import { loadAgents, loadTools, openRoster } from "../../src/plugins/index.ts";
import { openTrial, type Trial } from "../contract/trial-folder.ts";

const EXAMPLES = Array.from({ length: 15 }, (_, i) => `      - chop the wood, part ${i}`).join("\n");
const SOUND = `---
name: Lumberjack
purpose: Chops wood.
useWhen: Wood is to be chopped.
notFor: Trees that stand.
skills:
  - name: chop
    description: Chops wood
    examples:
${EXAMPLES}
tools: [calculate]
mayHandOffTo: [concierge]
trust: T1
visibility: guest
failureModes:
  - what: The wood is stone.
    detect: The axe is blunt afterwards.
    fallback: A word about the stone.
golden:
  - input: chop some birch
    route: lumberjack
---

${"Chop what you are given, and stack what you chopped. ".repeat(5)}
`;
const FILE = "agents/general/lumberjack.md";

let trial: Trial;
beforeEach(async () => {
  trial = await openTrial();
});
afterEach(() => trial.close());

const load = async () => loadAgents(trial.agents, { tools: await loadTools(trial.tools) });

async function refusal(): Promise<NovaError> {
  const error: unknown = await load().then(
    () => new Error("nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NovaError)) throw error;
  expect(error.code).toBe("bad_plugin");
  expect(error.message).not.toContain(trial.agents);
  return error;
}

test("comments that cut no text are read over", async () => {
  const noted = SOUND.replace("purpose: Chops wood.", "# What it is for.\npurpose: 'Chops #wood.' # its reason to be")
    .replace("skills:\n", "skills: # at least one\n  # the first\n")
    .replace("chop the wood, part 3", "chop wood#3")
    .replace("trust: T1", "timeoutMs: 45000 # ms\ntrust: T1");
  await trial.write(FILE, noted);
  const { roster } = await load();
  expect(roster.get("lumberjack")).toMatchObject({ purpose: "Chops #wood.", timeoutMs: 45_000, trust: "T1" });
  expect(roster.get("lumberjack")?.skills[0]?.examples).toContain("chop wood#3");
});

test("a sound agent is read whole: defaults filled in, domain from the folder, prompt from the body", async () => {
  await trial.write(FILE, SOUND);
  const { roster } = await load();
  expect(roster.get("lumberjack")).toMatchObject({
    id: "lumberjack",
    domain: "general",
    prompt: expect.stringMatching(/^Chop what you are given.*chopped\.$/),
    input: "Words",
    model: "main",
    budget: { modelCalls: 8, toolCalls: 12, tokens: 30_000 },
  });
});

describe("a file is refused by name, field and remedy when", () => {
  const cases: readonly (readonly [string, (text: string) => string, RegExp, RegExp])[] = [
    ["a field is misspelt", (text) => text.replace("useWhen:", "usewhen:"), /lumberjack\.md: usewhen/, /`useWhen`/],
    [
      "a field of a skill is misspelt",
      (text) => text.replace("description: Chops", "descripton: Chops"),
      /skills\[0\]/,
      /`description`/,
    ],
    [
      "a field is missing",
      (text) => text.replace(/^purpose.*\n/m, ""),
      /lumberjack\.md: purpose: is missing/,
      /Add `purpose`/,
    ],
    [
      "a choice is none of the choices",
      (text) => text.replace("trust: T1", "trust: T9"),
      /lumberjack\.md: trust/,
      /T0, T1, T2, T3, T4/,
    ],
    [
      "an effect is claimed, which no agent of this release may hold",
      (text) => text.replace("trust:", "effects: [pay]\ntrust:"),
      /effects/,
      /./,
    ],
    [
      "a tool does not exist",
      (text) => text.replace("[calculate]", "[calcualte]"),
      /tools\[0\]: there is no tool `calcualte`/,
      /`calculate`/,
    ],
    [
      "an agent to hand over to does not exist",
      (text) => text.replace("[concierge]", "[conciarge]"),
      /mayHandOffTo\[0\]/,
      /`concierge`/,
    ],
    [
      "it may hand over to itself",
      (text) => text.replace("[concierge]", "[lumberjack]"),
      /mayHandOffTo\[0\]: is the agent itself/,
      /Remove/,
    ],
    [
      "it may hand over to the same agent twice",
      (text) => text.replace("[concierge]", "[concierge, concierge]"),
      /mayHandOffTo\[1\]: `concierge` stands twice/,
      /once/,
    ],
    ["a contract does not exist", (text) => text.replace("trust:", "output: Txt\ntrust:"), /output: .*`Txt`/, /`Text`/],
    [
      "a golden route leads nowhere",
      (text) => text.replace("route: lumberjack", "route: lumberjak"),
      /golden\[0\]\.route/,
      /`lumberjack`/,
    ],
    [
      "a golden tool is not held",
      (text) => text.replace("route: lumberjack", "route: lumberjack\n    tool: date_math"),
      /golden\[0\]\.tool/,
      /calculate/,
    ],
    [
      "there are fewer than fifteen examples",
      (text) => text.replace(/ {6}- chop the wood, part 14\n/, ""),
      /skills: has 14 examples/,
      /Add/,
    ],
    [
      "an example is another agent's",
      (text) => text.replace("chop the wood, part 3", "Forget  M12"),
      /examples\[3\]: .* has this example already|examples.*: lumberjack has this/,
      /one agent/,
    ],
    [
      "its name is another agent's",
      (text) => text.replace("name: Lumberjack", "name: librarian"),
      /name: the agent|has it too/,
      /another/,
    ],
    [
      "the front matter is no YAML",
      (text) => text.replace("tools: [calculate]", "tools: [calculate"),
      /line \d+ is not YAML/,
      /that line/,
    ],
    [
      "a text begins with the sign of an alias",
      () => SOUND.replace("purpose: Chops wood.", "purpose: *everything"),
      /line 3: the text begins with `\*`/,
      /in quotes/,
    ],
    [
      "an example is cut by a comment",
      (text) => text.replace("chop the wood, part 3", "chop the wood in #yard, now"),
      /lumberjack\.md: line 13: the text ends at its `#`/,
      /in quotes/,
    ],
    [
      "an example begins with what begins a comment",
      (text) => text.replace("chop the wood, part 4", "#yard: chop the wood"),
      /line 14: the text ends at its `#`/,
      /in quotes/,
    ],
    [
      "a text over two lines is cut by a comment",
      (text) => text.replace("purpose: Chops wood.", "purpose: Chops\n  wood # and more."),
      /line 4: the text ends at its `#`/,
      /in quotes/,
    ],
    ["there is no front matter", () => "Chop what you are given.", /no front matter/, /---/],
    ["there is no prompt", (text) => text.replace(/^Chop what.*\n/m, ""), /prompt is empty/, /below/],
    [
      "the prompt says next to nothing",
      (text) => text.replace(/^Chop what.*\n/m, "Chop.\n"),
      /200 are the least/,
      /leaves to others/,
    ],
  ];

  test.each(cases)("%s", async (_, damage, message, advice) => {
    await trial.write(FILE, damage(SOUND));
    const error = await refusal();
    expect(error.message).toMatch(/agents\/\w+\/[\w-]+\.md/);
    expect(error.message).toMatch(message);
    expect(error.advice).toMatch(advice);
  });

  test("a language agent holds tools, reads memory or calls others", async () => {
    const more = "reads: [memory]\nmayDelegateTo: [editor]\ntrust:";
    await trial.write("agents/language/lumberjack.md", SOUND.replace("trust:", more));
    const error = await refusal();
    expect(error.message).toContain("holds no tools");
    expect(error.message).toContain("does not read memory");
    expect(error.message).toContain("calls nobody");
  });

  test("a general agent holds a verb of the ERP", async () => {
    await trial.write(
      "agents/tools/erp-post-journal.ts",
      `import { z } from "zod"; import { defineTool } from "#core";
       export default defineTool({ name: "erp_post_journal", description: "Posts.", examples: ["post"], input: z.object({}), timeoutMs: 9, run: async () => "" });`,
    );
    await trial.write(FILE, SOUND.replace("[calculate]", "[erp_post_journal]"));
    expect((await refusal()).message).toContain("a general agent cannot hold the erp verb `erp_post_journal`");
  });

  test("its name is a command of the chat", async () => {
    await trial.write("agents/general/help.md", SOUND);
    expect((await refusal()).message).toContain("`help` is a word of the chat");
  });

  test("its name cannot be an id", async () => {
    await trial.write("agents/general/Wood Cutter.md", SOUND);
    expect((await refusal()).message).toContain("agents/general/Wood Cutter.md");
  });

  test("two faults stand in it, and both are told", async () => {
    await trial.write(FILE, SOUND.replace("[calculate]", "[saw]").replace("[concierge]", "[nobody]"));
    const { message } = await refusal();
    expect(message).toContain("`saw`");
    expect(message).toContain("`nobody`");
  });
});

describe("a folder is refused when", () => {
  test("it is no domain", async () => {
    await trial.write("agents/languages/x.md", SOUND);
    expect(await refusal()).toMatchObject({
      message: "agents/languages/: is not a domain",
      advice: "Did you mean `language`?",
    });
  });

  test("code stands beside no agent", async () => {
    await trial.write("agents/general/analist.ts", "export default {};");
    expect(await refusal()).toMatchObject({ advice: expect.stringContaining("`analyst`") });
  });

  test("code is no agent's code", async () => {
    await trial.write("agents/general/analyst.ts", "export default {};");
    expect((await refusal()).message).toContain("agents/general/analyst.ts: default");
  });

  test("code cannot be imported", async () => {
    await trial.write("agents/general/analyst.ts", "throw new Error('no axe');");
    expect((await refusal()).message).toContain("agents/general/analyst.ts: cannot be imported");
  });

  test("it does not exist", async () => {
    await trial.remove("agents/tools");
    await expect(loadTools(trial.tools)).rejects.toMatchObject({ code: "bad_plugin" });
  });
});

describe("a reload", () => {
  test("swaps the whole set when every file is sound", async () => {
    const roster = await openRoster(load);
    await trial.write(FILE, SOUND);
    expect(roster.get("lumberjack")).toBeUndefined();
    expect(await roster.reload()).toEqual({ kind: "swapped", agents: roster.all().length });
    expect(roster.get("lumberjack")).toBeDefined();
    const librarian = roster.get("librarian");
    expect(librarian && roster.code(librarian)).toBeDefined();
  });

  test("D33: keeps the last good set and says why when one file is not", async () => {
    const roster = await openRoster(load);
    const before = roster.all();
    await trial.write(FILE, SOUND.replace("[calculate]", "[saw]"));
    expect(await roster.reload()).toMatchObject({ kind: "kept", why: { message: expect.stringContaining("`saw`") } });
    expect(roster.all()).toBe(before);
  });

  test("waits for one that has begun: whoever reads later wins", async () => {
    const slow = Promise.withResolvers<void>();
    let reads = 0;
    const roster = await openRoster(async () => {
      reads += 1;
      const mine = reads;
      const loaded = await load();
      if (mine === 2) await slow.promise;
      return loaded;
    });
    const first = roster.reload();
    await vi.waitFor(() => expect(reads).toBe(2));
    await trial.write(FILE, SOUND);
    const second = roster.reload();
    slow.resolve();
    await Promise.all([first, second]);
    expect(roster.get("lumberjack")).toBeDefined();
  });

  test("keeps the last good set when the judge refuses the new one", async () => {
    const roster = await openRoster(load, async ({ roster: next }) => {
      if (next.get("lumberjack")) throw new NovaError("bad_plugin", "A golden route fails.");
    });
    await trial.write(FILE, SOUND);
    expect(await roster.reload()).toMatchObject({ kind: "kept", why: { message: "A golden route fails." } });
    expect(roster.get("lumberjack")).toBeUndefined();
  });
});
