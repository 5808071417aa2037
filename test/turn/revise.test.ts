/** Edits and deletions through a whole Nova: they open no turn, and what was taken back is neither answered nor remembered. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HOME, serviceOf } from "#core";
import { createTestChannel } from "../support/channel.ts";
import { createGatedModels, type GatedModels } from "../support/gated-model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let models: GatedModels;
let lab: TestNova;
beforeAll(async () => {
  models = createGatedModels();
  lab = await startNova({ models: models.models, channel: createTestChannel() });
});
afterAll(async () => {
  models.openAll();
  await lab.nova.stop();
});

const settled = () => lab.nova.settled(AbortSignal.timeout(20_000));
const say = (text: string, key: string, room: string) => lab.channel.say("owner", text, { key, room });
const revise = (key: string, text: string | null, room: string) => lab.channel.revise("owner", key, text, { room });
const turns = async (): Promise<number> =>
  lab.database.within(serviceOf(HOME), async (tx) => {
    const { rows } = await tx.query<{ count: number }>("select count(*)::int from turn");
    return rows[0]?.count ?? 0;
  });
const memory = async () =>
  ((await lab.verb("memory", { do: "list" })) as { items: { text: string }[] }).items.map(({ text }) => text);

test("a turn that a platform stops ends as by /stop, once", async () => {
  await say("@concierge compare my two plans", "s1", "stops");
  await vi.waitFor(() => expect(models.waiting()).toBe(1));
  const taken = lab.channel.progress.find(({ kind }) => kind === "taken");
  if (taken?.kind !== "taken") throw new Error("no turn was taken");
  await lab.channel.stop(taken.turn);
  await settled();
  await lab.channel.stop(taken.turn);
  await settled();
  expect(lab.channel.sent("stops")).toEqual(["Stopped. Nothing of the unfinished answer was kept."]);
});

test("what waits is answered as it stands when its turn begins; what was deleted meanwhile is told in a sentence", async () => {
  await say("@concierge compare my two plans", "a1", "waits");
  await vi.waitFor(() => expect(models.waiting()).toBe(1));
  await say("/help me", "a2", "waits");
  await say("@librarian what is my name?", "a3", "waits");
  expect(await revise("a2", "/agent", "waits")).toEqual({ kind: "revised", read: false });
  expect(await revise("a3", null, "waits")).toEqual({ kind: "revised", read: false });
  expect(await revise("a1", "@concierge compare my three plans", "waits")).toEqual({ kind: "revised", read: true });
  models.openAll();
  await settled();
  expect(lab.channel.sent("waits")).toEqual([
    "The answer.",
    expect.stringContaining("Nova chooses the agent for each message"),
    "You deleted this before I had read it, so there is no answer.",
  ]);
  expect(models.heard().join("\n")).not.toContain("three plans");
  expect(await turns()).toBe(4);
});

test("a deleted message is forgotten with what was kept of it alone, and no later turn reads it", async () => {
  models.openAll();
  await say("My boat lies in the harbour of Rerik", "b1", "boat");
  await settled();
  await say("My cat sleeps in the kitchen at night", "b2", "boat");
  await settled();
  await say("My cat sleeps in the kitchen at night", "b3", "boat");
  await settled();
  expect(await memory()).toEqual(
    expect.arrayContaining([expect.stringContaining("Rerik"), expect.stringContaining("cat")]),
  );
  const before = await turns();

  expect(await revise("b1", null, "boat")).toEqual({ kind: "revised", read: true });
  expect(await revise("b2", null, "boat")).toEqual({ kind: "revised", read: true });
  await settled();
  expect(await turns()).toBe(before);
  // The cat was told of in another message, too.
  const left = await memory();
  expect(left.join()).not.toContain("Rerik");
  expect(left.join()).toContain("cat");

  await say("@concierge compare my two plans", "b4", "boat");
  await settled();
  expect(models.heard().at(-1)).not.toContain("Rerik");
});
