/** Broken tools and adapters stop the start, with their file and what to do. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadAdapters, loadTools } from "../../src/plugins/index.ts";
import { openTrial, type Trial } from "../contract/trial-folder.ts";

let trial: Trial;
beforeEach(async () => {
  trial = await openTrial();
});
afterEach(() => trial.close());

const tool = (more: string) => `import { z } from "zod";
import { defineTool } from "#core";
export default defineTool({ name: "saw", description: "Saws wood.", examples: ["saw"], input: z.object({}), timeoutMs: 1_000, run: async () => "sawn", ${more} });`;

describe("a tool is refused when", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["it is none", "export default 7;", /agents\/tools\/saw\.ts: default: is not a tool/],
    ["its name is not its file's", tool('name: "axe"'), /name: is `axe`/],
    ["it has no description", tool('description: " "'), /description: is empty/],
    ["it has no examples", tool("examples: []"), /examples: is empty/],
    ["it has no time limit", tool("timeoutMs: 0"), /timeoutMs/],
    ["a field has no description", tool("input: z.object({ wood: z.string() })"), /input\.wood: has no description/],
    [
      "a field names a person",
      tool('input: z.object({ personId: z.string().describe("x") })'),
      /input\.personId: names whose data/,
    ],
    [
      "a field deep inside names a tenant",
      tool('input: z.object({ a: z.object({ tenant: z.string().describe("x") }).describe("x") })'),
      /input\.a\.tenant/,
    ],
    [
      "an item of a list names a user",
      tool('input: z.object({ a: z.array(z.object({ user_name: z.string().describe("x") })).describe("x") })'),
      /input\.a\.user_name/,
    ],
    ["it cannot be imported", "import './nothing.ts';", /agents\/tools\/saw\.ts: cannot be imported/],
  ];

  test.each(cases)("%s", async (_, text, message) => {
    await trial.write("agents/tools/saw.ts", text);
    await expect(loadTools(trial.tools)).rejects.toMatchObject({
      code: "bad_plugin",
      message: expect.stringMatching(message),
    });
  });
});

describe("an adapter is refused when", () => {
  test("there is none of that name", async () => {
    await trial.write("adapters/pigeon/index.ts", "export default {};");
    await expect(loadAdapters(trial.adapters, ["pidgeon"])).rejects.toMatchObject({
      code: "bad_config",
      advice: expect.stringContaining("`pigeon`"),
    });
  });

  test("its folder holds none", async () => {
    await trial.write("adapters/pigeon/index.ts", "export default {};");
    await expect(loadAdapters(trial.adapters)).rejects.toMatchObject({
      code: "bad_plugin",
      message: expect.stringContaining("adapters/pigeon/index.ts"),
    });
  });

  test("it says another name than its folder, or says too little", async () => {
    await trial.write(
      "adapters/pigeon/index.ts",
      'export default { kind: "adapter", platform: "dove", parse() {}, render() {}, create() {} };',
    );
    const error = await loadAdapters(trial.adapters).catch((thrown: unknown) => thrown);
    for (const field of ["platform", "settings", "caps", "examples"]) expect(String(error)).toContain(field);
  });

  test("another one that was not asked for is broken: it is not even looked at", async () => {
    await trial.write("adapters/pigeon/index.ts", "throw new Error('lost');");
    await expect(loadAdapters(trial.adapters, [])).resolves.toEqual([]);
  });
});
