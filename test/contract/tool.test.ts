/** Every tool found keeps the contract, and a new one needs a file and nothing else. */
import { afterAll, describe, expect, test } from "vitest";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { judgeTools } from "./tools-in.ts";
import { AGENTS, TOOLS, openTrial } from "./trial-folder.ts";

const tools = await loadTools(TOOLS);
const { roster } = await loadAgents(AGENTS, { tools });
judgeTools("the project", tools, roster.all());

const DICE = `/** Throws a die that always shows four. */
import { z } from "zod";
import { defineTool } from "#core";

export default defineTool({
  name: "throw_dice",
  description: "Throws dice and returns what they show; use it when chance is to decide something.",
  examples: ["throw a die", "roll two dice", "heads or tails"],
  input: z.object({ count: z.number().int().min(1).max(9).optional().describe("How many dice.") }),
  timeoutMs: 1_000,
  run: async ({ count = 1 }) => Array(count).fill("4").join(" "),
});
`;

const trial = await openTrial();
afterAll(() => trial.close());
await trial.write("agents/tools/throw-dice.ts", DICE);
const more = await loadTools(trial.tools);
judgeTools("a copy with one new file", more, roster.all());

describe("a newcomer's tool", () => {
  test("is one new file and found at once", () => {
    expect(more.map((tool) => tool.name)).toEqual([...tools.map((tool) => tool.name), "throw_dice"].toSorted());
  });
});
