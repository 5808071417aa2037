/** The golden runs, as tests: without any model at hand, the agent calls the tool and says what its file promises. */
import { describe, expect, test } from "vitest";
import type { Log, ToolDefinition } from "#core";
import { createChatModels } from "../../src/langchain/models/chat-models.ts";
import { createStepRunner } from "../../src/langchain/step-runner.ts";
import type { Found } from "./agents-in.ts";
import { NOW, agentStep, item } from "./context.ts";

const ITEMS = [item("12", "The office lease ends in June."), item("13", "Anna is allergic to peanuts.")];
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Registers the suite. `where` names the folder in the report. */
export function judgeRuns(where: string, { agents, tools }: Found): void {
  const specs = agents.roster.all();
  const models = createChatModels({});
  const runner = createStepRunner({
    models,
    code: ({ id }) => agents.code(id),
    clock: { now: () => NOW },
    log: SILENT,
  });
  const promised = specs.flatMap((spec) =>
    spec.golden
      .filter((golden) => golden.tool !== undefined || golden.says !== undefined)
      .map((golden) => ({ ...golden, agent: agents.roster.get(golden.route) ?? spec })),
  );

  describe(`the golden runs of ${where}`, () => {
    test.each(promised)("$route: $input", async ({ input, agent, tool, says }) => {
      const held: readonly ToolDefinition[] = tools.filter(({ name }) => agent.tools.includes(name));
      const step = { ...agentStep(agent, { words: input, items: ITEMS, roster: specs }), tools: held };
      const witness = { draft() {}, status() {}, trace() {} };
      const { reply, tools: ran } = await runner.run(step, witness, new AbortController().signal);
      expect(ran).toEqual(expect.arrayContaining(tool === undefined ? [] : [tool]));
      expect(JSON.stringify(reply)).toContain(says ?? "");
    });
  });
}
