/** The golden routes, as tests: each goes through the real router and must reach the agent that it names. */
import { describe, expect, test } from "vitest";
import type { Roster } from "#core";
import { createRouter } from "../../src/langchain/router.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";

/** Registers the suite. `where` names the folder in the report. */
export function judgeRoutes(where: string, roster: Roster): void {
  const router = createRouter(createRouteSteps({ roster }));
  const golden = roster.all().flatMap((spec) => spec.golden);
  const negatives = roster.all().flatMap((spec) => spec.negatives.map((words) => ({ words, agent: spec.id })));

  const reached = async (words: string) => {
    const ask = { words, person: { role: "owner" }, origin: "owner", pinned: null, last: null, history: [] } as const;
    const route = await router.route(ask, new AbortController().signal);
    return route.to.kind === "agent" ? route.to.agent : route.to.kind;
  };

  describe(`the routes of ${where}`, () => {
    test.each(golden)("$input", async ({ input, route }) => {
      expect(await reached(input)).toBe(route);
    });

    test.each(negatives)("not to $agent: $words", async ({ words, agent }) => {
      expect(await reached(words)).not.toBe(agent);
    });
  });
}
