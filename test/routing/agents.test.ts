/** The agents of this repository, by their own golden inputs. */
import { describe, expect, test } from "vitest";
import { createRouter } from "../../src/langchain/router.ts";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { BACKGROUND } from "../../src/routing/background.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { crossValidate } from "../../src/routing/cross-validate.ts";
import { GENERAL } from "../../src/routing/names.ts";
import { scoreOwnRoutes } from "../../src/eval/own-routing.ts";
import { after, askOf, landing } from "./crew.ts";
import { EVERYDAY, GOING_ON } from "./everyday.ts";

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
  const routes = await crossValidate(roster.all());
  const score = scoreOwnRoutes(routes, GENERAL);
  expect(score.settled).toBeGreaterThan(43);
  expect(score.precision).toBeGreaterThan(92);
  expect(score.hijacked).toBeLessThan(1.5);
  expect(score.misled).toBeLessThan(4);
  expect(score.accuracy).toBeGreaterThan(79);
  expect(routes.filter(({ of }) => of === null)).toHaveLength(BACKGROUND.length);
});

test("what is nobody's reaches no specialist", async () => {
  const found = await Promise.all(BACKGROUND.map(async (text) => landing(await router.route(askOf(text), signal))));
  expect(found.filter((to) => to !== "concierge")).toEqual([]);
});

describe.each(Object.entries(EVERYDAY))("what people write to %s every day", (expected, messages) => {
  test.each(messages)("%s", async (words) => {
    expect(landing(await router.route(askOf(words), signal))).toBe(expected);
  });
});

test.each(GOING_ON)("“%s” after %s goes on with it", async (words, agent) => {
  expect(landing(await router.route(askOf(words, { last: after(agent) }), signal))).toBe(agent);
});

test.each(["hello", "thank you, that helped", "what can you do?"])(
  "“%s” is the concierge's after any",
  async (words) => {
    expect(landing(await router.route(askOf(words, { last: after("analyst") }), signal))).toBe("concierge");
  },
);
