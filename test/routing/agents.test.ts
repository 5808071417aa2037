/** The agents of this repository, by their own golden inputs. */
import { describe, expect, test } from "vitest";
import { createRouter } from "../../src/langchain/router.ts";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { BACKGROUND } from "../../src/routing/background.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { askOf, landing, rosterOf } from "./crew.ts";

const agents = new URL("../../agents", import.meta.url).pathname;
const tools = await loadTools(`${agents}/tools`);
const { roster } = await loadAgents(agents, { tools: [...tools.values()] });
const router = createRouter(createRouteSteps({ roster }));
const { signal } = new AbortController();

describe.each(roster.all().map((agent) => [agent.id, agent] as const))("the golden inputs of %s", (_id, agent) => {
  test.each(agent.golden.map(({ input, route }) => [input, route] as const))("%s", async (input, expected) => {
    expect(landing(await router.route(askOf(input), signal))).toBe(expected);
  });
});

test("an agent's own examples come back to it", async () => {
  const examples = roster
    .all()
    .flatMap(({ id, skills }) => skills.flatMap((skill) => skill.examples.map((text) => ({ id, text }))));
  const found = await Promise.all(
    examples.map(async ({ id, text }) => [landing(await router.route(askOf(text), signal)), id]),
  );
  const right = found.filter(([to, id]) => to === id);
  expect(right.length / found.length).toBeGreaterThan(0.97);
});

test("examples that were left out of training are settled rightly where the words settle at all", async () => {
  const folds = 5;
  const outcomes = await Promise.all(
    Array.from({ length: folds }, async (_, fold) => {
      const left = (i: number) => i % folds === fold;
      const agents = roster.all().map((agent) => ({
        ...agent,
        skills: agent.skills.map((skill) => ({ ...skill, examples: skill.examples.filter((_text, i) => !left(i)) })),
      }));
      const without = createRouter(createRouteSteps({ roster: rosterOf(agents) }));
      const asked = roster
        .all()
        .flatMap(({ id, skills }) =>
          skills.flatMap(({ examples }) => examples.filter((_text, i) => left(i)).map((text) => ({ id, text }))),
        );
      return Promise.all(asked.map(async ({ id, text }) => ({ id, found: await without.route(askOf(text), signal) })));
    }),
  );
  const settled = outcomes.flat().filter(({ found }) => found.stage === "lexical" && found.to.kind === "agent");
  const right = settled.filter(({ id, found }) => landing(found) === id);
  expect(settled.length / outcomes.flat().length).toBeGreaterThan(0.45);
  expect(right.length / settled.length).toBeGreaterThan(0.8);
});

test("what is nobody's reaches no specialist", async () => {
  const found = await Promise.all(BACKGROUND.map(async (text) => landing(await router.route(askOf(text), signal))));
  expect(found.filter((to) => to !== "concierge")).toEqual([]);
});
