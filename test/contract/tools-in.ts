/** The contract of tools, as tests over every tool that the loader finds in a folder. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { NovaError, type AgentSpec, type ToolDefinition } from "#core";
import { item, toolContext } from "./context.ts";

const ITEMS = [item("12", "The office lease ends in June."), item("13", "Anna is allergic to peanuts.")];

/** Registers the suite. `where` names the folder in the report. */
export function judgeTools(where: string, tools: readonly ToolDefinition[], roster: readonly AgentSpec[]): void {
  describe(`the tools of ${where}`, () => {
    test("there are some, with names that are all different", () => {
      expect(tools.length).toBeGreaterThan(0);
      expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
    });

    describe.each(tools.map((tool) => [tool.name, tool] as const))("%s", (_, tool) => {
      test("is described for the models that choose it", () => {
        expect(tool.name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(tool.description.split(/\s+/).length).toBeGreaterThan(8);
        expect(tool.examples.length).toBeGreaterThanOrEqual(3);
      });

      test("describes each field of its input, and lets none of them name whose data is meant", () => {
        const { properties = {} } = z.toJSONSchema(tool.input, { io: "input" });
        for (const [name, field] of Object.entries(properties)) {
          expect(name).not.toMatch(/person|tenant|project|branch|user|owner|principal/i);
          expect(field).toMatchObject({ description: expect.stringMatching(/\w/) });
        }
      });

      test.each(tool.examples)("answers or refuses in words: %s", async (example) => {
        const context = toolContext({ words: example, items: ITEMS, roster });
        const outcome = await tool.run(inputFor(tool, example), context).catch(refusal);
        expect(outcome).toMatch(/\S/);
        expect(outcome.length).toBeLessThanOrEqual(8_000);
        expect(outcome).not.toMatch(/undefined|NaN|\[object/);
      });
    });
  });
}

/** A refusal is words that the model reads; any other throw is a fault of the tool. */
function refusal(error: unknown): string {
  if (error instanceof NovaError) return `${error.message} ${error.advice}`;
  throw error;
}

/** The least input that the schema takes: required texts are the words, or the first of them that fits. */
function inputFor(tool: ToolDefinition, words: string): z.infer<ToolDefinition["input"]> {
  const { required = [] } = z.toJSONSchema(tool.input, { io: "input" });
  const shape: Readonly<Record<string, z.core.$ZodType>> = tool.input.shape;
  const filled = required.map((name) => {
    const field = shape[name];
    const candidates = [words, ...words.split(/\s+/)];
    return [name, candidates.find((word) => field !== undefined && z.safeParse(field, word).success)];
  });
  return tool.input.parse(Object.fromEntries(filled));
}
