/** A model's call in a whole Nova: what is noted of it, and what happens when the day's budget does not reach for it. */
import { createInk } from "../../src/cli/ink.ts";
import { verbs } from "../../src/verbs/index.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { says, scripted } from "../support/model.ts";
import { startNova } from "../support/nova.ts";
import { openTrial } from "../contract/trial-folder.ts";
import { addAgent, handsTo, speaking } from "./trial-agents.ts";

const QUESTION = "@summariser Sum this up: the ferry leaves at nine, and the shop on the quay opens at ten.";

test("what an answer cost is noted with it, and shown", async () => {
  const env = { NOVA_MODEL_PRICES: "scripted=1000/2000", NOVA_BUDGET_DAILY: "$400" };
  const { models, heard } = scripted(says("The ferry leaves at nine."));
  await using nova = await startNova({ models, env });
  expect(await nova.ask(QUESTION)).toContain("The ferry leaves at nine.");
  expect(heard.length).toBe(1);

  const status = await nova.verb("status");
  const [{ model, ...used }] = await callsOf(nova);
  expect(model).toBe("scripted");
  expect(used).toMatchObject({ state: "settled", agent: "summariser", outcome: "answered" });
  expect(used.micros).toBe(1_000 * used.input + 2_000 * used.output);
  expect(status).toMatchObject({
    spent: {
      cap: { kind: "money", micros: 400_000_000 },
      today: { ended: { tokens: used.input + used.output, micros: used.micros }, reserved: { tokens: 0, micros: 0 } },
      days: [{ total: { calls: 1, tokens: { input: used.input, output: used.output } } }],
    },
  });
  expect(await nova.verb("trace", { turn: "last" })).toMatchObject({
    events: expect.arrayContaining([
      expect.objectContaining({ event: expect.objectContaining({ kind: "model_called", micros: used.micros }) }),
    ]),
  });
  expect(await nova.ask("/budget")).toMatch(
    /Today\*\* this installation used \$\S+, for 1 call[^]*\| Summariser \| 1 \|/,
  );
});

test("a call that the day's budget does not reach for is not made, and the person is told", async () => {
  const { models, heard } = scripted(says("The ferry leaves at nine."));
  await using nova = await startNova({ models, env: { NOVA_BUDGET_DAILY: "500 tokens" } });
  expect(await nova.ask(QUESTION)).toContain("What is left of today's budget does not cover another call of a model");
  expect(heard.length).toBe(0);
  expect(await callsOf(nova)).toEqual([]);
  expect(await nova.ask("/budget")).toContain("**500 tokens** is left of it today");
});

test("the owner is told once a day when four fifths are used, of everybody's cap and of an agent's own", async () => {
  const trial = await openTrial();
  onTestFinished(() => trial.close());
  const file = await readFile(join(trial.agents, "language/summariser.md"), "utf8");
  await trial.write(
    "agents/language/summariser.md",
    file.replace("\nbudget:\n", '\nbudget:\n  daily: "200000 tokens"\n'),
  );
  const { models } = scripted(says("The ferry leaves at nine."));
  const env = { NOVA_BUDGET_DAILY: "50000 tokens" };
  await using nova = await startNova({ models, env, agents: trial.agents });
  await nova.ask(QUESTION);
  expect(nova.channel.sent().join()).not.toContain("Four fifths");
  await nova.database.pool.query("update spending_day set tokens = 45000");
  await nova.database.pool.query("update model_call set input_tokens = 170000");
  await nova.ask(QUESTION);
  await nova.ask(QUESTION);
  const told = nova.channel.sent().filter((text) => text.includes("Four fifths"));
  expect(told).toEqual([
    expect.stringMatching(/today's budget for models are used: \*\*[\d,]+ tokens\*\* of 50,000 tokens is left/),
    expect.stringMatching(/what Summariser may spend today are used: \*\*[\d,]+ tokens\*\* of 200,000 tokens/),
  ]);
});

test("an agent's own cap is looked at, too, when it handed over and another one answered", async () => {
  const trial = await openTrial();
  onTestFinished(() => trial.close());
  const budget = '{ daily: "200000 tokens" }';
  await addAgent(trial, { id: "hander", front: { mayHandOffTo: "[taker]", budget } });
  await addAgent(trial, { id: "taker" });
  const { models } = scripted(speaking({ hander: handsTo("taker"), taker: says("Taken.") }));
  await using nova = await startNova({ models, agents: trial.agents });
  expect(await nova.ask("@hander go on")).toContain("Taken.");
  expect(
    verbs
      .find(({ name }) => name === "agents")
      ?.read(await nova.verb("agents", { do: "show", id: "hander" }))
      .words(createInk(false)),
  ).toMatch(/^budget .*, and 200,000 tokens a day$/m);
  await nova.database.pool.query("update model_call set input_tokens = 170000 where agent = 'hander'");
  await nova.ask("@hander go on");
  await vi.waitFor(() => {
    const told = nova.channel.sent().filter((text) => text.includes("Four fifths"));
    expect(told).toEqual([expect.stringContaining("what hander may spend today are used")]);
  });
});

type Nova = Awaited<ReturnType<typeof startNova>>;

async function callsOf({ database }: Nova) {
  const { rows } = await database.pool.query(
    `select agent, model, state, outcome, input_tokens::integer as input, output_tokens::integer as output,
       micros::integer as micros
     from model_call order by id`,
  );
  return rows;
}
