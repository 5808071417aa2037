/** The agents of this repository, by their own golden inputs. */
import { describe, expect, test } from "vitest";
import { createRouter } from "../../src/langchain/router.ts";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { BACKGROUND } from "../../src/routing/background.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { crossValidate } from "../../src/routing/cross-validate.ts";
import { askOf, landing } from "./crew.ts";

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

test("what was not learned is settled rightly where the words settle at all, and leads nobody astray", async () => {
  const found = await crossValidate(roster.all());
  expect(found.settled).toBeGreaterThan(0.3);
  expect(found.precision).toBeGreaterThan(0.9);
  expect(found.hijacked).toBeLessThan(0.015);
  expect(found.misled).toBeLessThan(0.03);
  expect(found.accuracy).toBeGreaterThan(0.75);
  expect(found.routes.filter(({ of }) => of === null)).toHaveLength(BACKGROUND.length);
});

test("what is nobody's reaches no specialist", async () => {
  const found = await Promise.all(BACKGROUND.map(async (text) => landing(await router.route(askOf(text), signal))));
  expect(found.filter((to) => to !== "concierge")).toEqual([]);
});
