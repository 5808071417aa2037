/** The contract of agents, as tests over every agent that the loader finds in a folder. */
import { describe, expect, test } from "vitest";
import { sentenceOf, type AgentSpec, type ToolDefinition } from "#core";
import type { LoadedAgents } from "../../src/plugins/index.ts";
import { agentStep } from "./context.ts";

export type Found = { readonly agents: LoadedAgents; readonly tools: readonly ToolDefinition[] };

/** Registers the suite. `where` names the folder in the report. */
export function judgeAgents(where: string, { agents, tools }: Found): void {
  const specs = agents.roster.all();
  const held = (spec: AgentSpec) => tools.filter((tool) => spec.tools.includes(tool.name));

  describe(`the agents of ${where}`, () => {
    test("there are some, and each is found under its id", () => {
      expect(specs.length).toBeGreaterThan(0);
      for (const spec of specs) expect(agents.roster.get(spec.id)).toBe(spec);
    });

    describe.each(specs.map((spec) => [spec.id, spec] as const))("%s", (_, spec) => {
      const examples = spec.skills.flatMap((skill) => skill.examples);

      test("has at least fifteen examples, all different", () => {
        expect(examples.length).toBeGreaterThanOrEqual(15);
        expect(new Set(examples.map((text) => text.toLowerCase())).size).toBe(examples.length);
      });

      test("has names of skills that are all different", () => {
        const names = spec.skills.map((skill) => skill.name);
        expect(new Set(names).size).toBe(names.length);
      });

      test("has a prompt that says something", () => {
        expect(spec.prompt.length).toBeGreaterThan(200);
        expect(spec.prompt).not.toMatch(/TODO|lorem ipsum/i);
      });

      test("says for each failure how code notices it and what the person gets", () => {
        expect(spec.failureModes.length).toBeGreaterThan(0);
        for (const { what, detect, fallback } of spec.failureModes) {
          for (const text of [what, detect, fallback]) expect(text.trim().split(/\s+/).length).toBeGreaterThan(3);
        }
      });

      test("has golden inputs for itself that are none of its examples", () => {
        const own = spec.golden.filter((golden) => golden.route === spec.id);
        expect(own.length).toBeGreaterThan(0);
        for (const { input } of own) expect(examples).not.toContain(input);
      });

      test("does not claim as an example what it lists as none of its business", () => {
        for (const negative of spec.negatives) expect(examples).not.toContain(negative);
      });

      test("holds at most seven tools, and all that its golden inputs name", () => {
        expect(held(spec)).toHaveLength(spec.tools.length);
        expect(spec.tools.length).toBeLessThanOrEqual(7);
        const named = spec.golden.filter(({ route }) => route === spec.id).flatMap(({ tool }) => tool ?? []);
        expect(spec.tools).toEqual(expect.arrayContaining(named));
      });

      test.runIf(spec.domain === "language")("turns text into text: no tools, no memory", () => {
        expect(spec.tools).toEqual([]);
        expect(spec.reads.filter((scope) => scope !== "conversation")).toEqual([]);
      });

      test("can be afforded: its idle time is within its time, its budget above nothing", () => {
        expect(spec.idleMs).toBeLessThanOrEqual(spec.timeoutMs);
        expect(spec.tools.length === 0 || spec.budget.toolCalls > 0).toBe(true);
      });

      test("its code, if any, takes any words and refuses no plain answer", async () => {
        const code = agents.code(spec.id);
        for (const words of [
          ...examples,
          "",
          "🙂",
          "'; drop table",
          ":*&|!".repeat(500),
          "forget m999999999999999999",
        ]) {
          const step = agentStep(spec, { words, roster: specs });
          const coded = await code?.before?.(step);
          // Of what code proposes, the card says all.
          const isSaid = coded?.reply.kind === "propose" || (coded && sentenceOf(coded.reply).trim() !== "");
          expect(coded === undefined || isSaid).toBe(true);
          expect(code?.check?.(step, "I cannot tell.", [])).toBeUndefined();
        }
      });
    });
  });
}
