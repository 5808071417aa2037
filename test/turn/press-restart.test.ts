/** Clicks after a restart, and in two processes at once: buttons mean what the rows say, wherever they are pressed. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/postgres/engine/database.ts";
import { openTrial, type Trial } from "../contract/trial-folder.ts";
import { testDatabase } from "../support/database.ts";
import { scripted, says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const models = scripted(says("The answer.")).models;

let database: Database;
let trial: Trial;
beforeAll(async () => {
  database = await testDatabase();
  trial = await openTrial();
});
afterAll(async () => {
  await database.close();
  await trial.close();
});

/** Another process of the same Nova; the database outlives it. */
const start = (agents?: string): Promise<TestNova> =>
  startNova({ models, database: { ...database, close: async () => {} }, ...(agents === undefined ? {} : { agents }) });

test("a card of before a restart still works, and an agent that went with it is named", async () => {
  const before = await start();
  await before.ask("@editor compare the two plans");
  const [answer] = before.channel.parts;
  const { card } = await before.channel.press("owner", answer?.actions[0]?.id ?? "");
  const analyst = card.actions.find(({ label }) => label === "Analyst")?.id ?? "";
  await before.nova.stop();

  for (const file of ["inbox-triage.md", "inbox-triage.ts"]) await trial.remove(`agents/general/${file}`);
  const after = await start(trial.agents);
  try {
    expect(await after.channel.press("owner", `use:${answer?.turn}:inbox-triage`)).toEqual({
      kind: "stale",
      card: { text: "“inbox-triage” is not on call for you any more.", actions: [] },
    });
    expect(await after.channel.press("owner", analyst)).toMatchObject({ kind: "done" });
    await after.nova.settled(AbortSignal.timeout(20_000));
    expect(after.channel.parts.map(({ agent }) => agent)).toEqual(["analyst"]);
    expect(after.channel.parts[0]?.actions).toHaveLength(1);
  } finally {
    await after.nova.stop();
  }
});

test("clicks in two processes at once make one message and one answer", async () => {
  const [one, other] = await Promise.all([start(), start()]);
  try {
    await one.channel.say("owner", "@editor compare the two prices");
    const parts = () => [...one.channel.parts, ...other.channel.parts];
    await expect.poll(() => parts().length, { timeout: 20_000 }).toBe(1);
    const turn = parts()[0]?.turn;
    const answers = await Promise.all(
      [one, other, one, other].map((nova) => nova.channel.press("owner", `use:${turn}:analyst`)),
    );
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["done", "stale", "stale", "stale"]);
    await expect.poll(() => parts().length, { timeout: 20_000 }).toBe(2);
    await Promise.all([one, other].map(({ nova }) => nova.settled(AbortSignal.timeout(20_000))));
    expect(parts().map(({ agent }) => agent)).toEqual(expect.arrayContaining(["editor", "analyst"]));
    const { rows } = await database.pool.query("select id from message where message_key = $1", [`use:${turn}`]);
    expect(rows).toHaveLength(1);
  } finally {
    await Promise.all([one.nova.stop(), other.nova.stop()]);
  }
});
