/** The agents of this repository, by their own golden inputs. */
import { describe, expect, test } from "vitest";
import { createRouter } from "../../src/langchain/router.ts";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { BACKGROUND } from "../../src/routing/learning/background.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { crossValidate } from "../../src/routing/learning/cross-validate.ts";
import { GENERAL } from "../../src/routing/names.ts";
import { scoreOwnRoutes } from "../../src/eval/own-routing.ts";
import { after, askOf, landing } from "./trial-roster.ts";
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

const TELLINGS = [
  "tell Ben that the build is green",
  "tell Ben that dinner is ready",
  "Tell Ben I'll be late",
  "message Ben: see you at nine",
  "message Ben: the keys are at the desk, and the door is open",
  "let Ben know that the parcel came",
  "could you tell Ben that the door is open?",
  "send Ben a message: lunch?",
  "send a message to Ben that the demo is at three",
];

test.each(TELLINGS)("%s, or anybody else: no name is evidence", async (words) => {
  const names = ["Ben", "Ada", "Carla", "ada", "Zbigniew", "Mr Brown", "Priya Patel", "Ada and Carla"];
  const found = await Promise.all(
    // Without a capital, only what stands behind it tells a name.
    names
      .filter((name) => name !== "ada" || !words.includes("I'll"))
      .map(async (name) => router.route(askOf(words.replace("Ben", name)), signal)),
  );
  expect(found.map(landing)).toEqual(found.map(() => "notifier"));
  expect(new Set(found.map(({ candidates }) => JSON.stringify(candidates))).size).toBe(1);
});

test.each([
  ["tell me that joke about the penguin", "concierge"],
  ["Ada told me that the server is down", "concierge"],
  ["how do I tell Ada that she is fired?", "concierge"],
  ["remind me to tell Ada at five that the build is green", "scheduler"],
  ["remember that Ada told Carla the code", "librarian"],
])("%s tells nobody anything", async (words, expected) => {
  expect(landing(await router.route(askOf(words), signal))).toBe(expected);
});

test("the reason quotes no name as what decided", async () => {
  const { reason } = await router.route(askOf("message Ada: see you at nine"), signal);
  expect(reason).toMatch(/^Somebody to tell looks like the examples of the Notifier \(/);
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
