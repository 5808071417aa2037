/** Every example that an agent gives of itself, without a model: done by rule, asked back, or honestly left. */
import { describe, expect, test } from "vitest";
import type { Log } from "#core";
import { createChatModels } from "../../src/langchain/models/chat-models.ts";
import { createStepRunner } from "../../src/langchain/step-runner.ts";
import { checkFor } from "../../src/turn/check/answer-check.ts";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { NOW, agentStep, item } from "../contract/context.ts";
import { AGENTS, TOOLS } from "../contract/trial-folder.ts";

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
const ITEMS = [item("12", "The office lease ends in June."), item("13", "Anna is allergic to peanuts.")];

const tools = await loadTools(TOOLS);
const { roster, code } = await loadAgents(AGENTS, { tools });
const runner = createStepRunner({
  models: createChatModels({}),
  code: ({ id }) => code(id),
  clock: { now: () => NOW },
  log: SILENT,
});

/** What must be done by rule; other skills may leave it to a model. */
const DONE = ["calculate", "tables", "dates", "health", "turns", "list", "introduce", "guide", "welcome"];

const HONEST: readonly string[] = ["answer", "clarify", "propose", "needs_model", "not_found"];
/** The records of the fixture hold the turn t12 alone, and rules cannot tell which turn is meant. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  explain: ["answer", "cannot"],
  golden: [...HONEST, "cannot"],
  "follow-up": ["answer", "cannot", "needs_model"],
};

describe.each(roster.all().map((agent) => [agent.id, agent] as const))("%s, offline", (_id, agent) => {
  const examples = agent.skills.flatMap(({ name, examples: texts }) => texts.map((words) => ({ name, words })));
  const golden = agent.golden
    .filter(({ route }) => route === agent.id)
    .map(({ input }) => ({ name: "golden", words: input }));

  test.each([...examples, ...golden])("$name: $words", async ({ name, words }) => {
    const bare = agentStep(agent, { words, items: ITEMS, roster: roster.all() });
    const recalled = agent.reads.includes("memory") ? await bare.context.recall.recall({ query: words }) : undefined;
    const facts = { deeds: [], changes: [], places: { here: [], others: [] } };
    const step = { ...bare, recalled, check: checkFor({ ...bare, recalled }, facts) };
    const held = tools.filter((tool) => agent.tools.includes(tool.name));
    const witness = { draft() {}, status() {}, trace() {} };
    const { reply, breaches } = await runner.run({ ...step, tools: held }, witness, new AbortController().signal);
    // What rules answer rests on what they read: nothing of it is ever weakened.
    expect(breaches).toEqual([]);
    const end = reply.kind === "fail" ? reply.code : reply.kind;
    expect(DONE.includes(name) ? ["answer"] : (LEFT[name] ?? HONEST)).toContain(end);
  });
});
