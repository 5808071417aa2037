/** What becomes of parts that were not sent, or of which nobody knows: again in time, in order, and never in silence. */
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createTestChannel } from "../support/channel.ts";
import { testDatabase } from "../support/database.ts";
import { createGatedModels } from "../support/gated-model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

vi.setConfig({ testTimeout: 90_000 });

let lab: TestNova | undefined;
afterEach(async () => {
  await lab?.nova.stop();
  lab = undefined;
});

const REPLY = "A reply that is certainly longer than forty characters, so that it takes several parts.";
const NOTICE = "Part of my reply may not have reached you";
const patience = { timeout: 60_000, interval: 20 };

async function open(caps: Parameters<typeof createTestChannel>[0], database?: Database): Promise<TestNova> {
  const models = createGatedModels();
  models.openAll(REPLY);
  const given = database ? { database } : {};
  lab = await startNova({ models: models.models, channel: createTestChannel(caps), sweepEveryMs: 200, ...given });
  return lab;
}

async function parts({ database }: TestNova) {
  const { rows } = await database.pool.query<{ state: string; notice: boolean }>(
    "select state, notice from outbox_part order by turn_id, ordinal",
  );
  return rows.map(({ state, notice }) => (notice ? `${state} notice` : state));
}

/** What a process leaves behind that dies in the middle of a send. */
const interrupt = ({ database }: TestNova, ordinal: number) =>
  database.pool.query("update outbox_part set state = 'sending' where ordinal = $1 and not notice", [ordinal]);

const ask = (nova: TestNova) => nova.channel.say("owner", "@concierge compare my two plans");

test("parts of unknown fate are told of once a turn, behind its parts, and a lost notice has no notice", async () => {
  const nova = await open({ maxText: 200, idempotentSend: false });
  nova.channel.failNext({ kind: "unknown", code: "reset" });
  await ask(nova);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["unknown", "sent notice"]), patience);
  expect(nova.channel.sent()).toEqual([expect.stringContaining(NOTICE)]);

  nova.channel.failNext({ kind: "unknown", code: "reset" }, { kind: "unknown", code: "reset" });
  await ask(nova);
  await vi.waitFor(async () => expect((await parts(nova)).slice(2)).toEqual(["unknown", "unknown notice"]), patience);
  await nova.nova.settled();
  expect(nova.channel.parts).toHaveLength(1);
});

test("a reply of several parts in doubt is told of once", async () => {
  const nova = await open({ maxText: 60, idempotentSend: false });
  nova.channel.failNext({ kind: "unknown", code: "reset" }, { kind: "unknown", code: "reset" });
  await ask(nova);
  await vi.waitFor(async () => expect((await parts(nova)).slice(0, 2)).toEqual(["unknown", "unknown"]), patience);
  await nova.nova.settled();
  expect(
    nova.channel
      .sent()
      .join("")
      .match(/may not have reached/g),
  ).toHaveLength(1);
});

test("an interrupted send is what the platform knows of it: sent, sent again, or told", async () => {
  const nova = await open({ maxText: 200, idempotentSend: false });
  await ask(nova);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["sent"]), patience);

  nova.channel.knows("sent");
  await interrupt(nova, 0);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["sent"]), patience);
  expect(nova.channel.parts).toHaveLength(1);

  nova.channel.knows("absent");
  await interrupt(nova, 0);
  await vi.waitFor(() => expect(nova.channel.sent()).toEqual([REPLY, REPLY]), patience);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["sent"]), patience);

  nova.channel.knows("cannot_tell");
  await interrupt(nova, 0);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["unknown", "sent notice"]), patience);
  expect(nova.channel.sent()).toEqual([REPLY, REPLY, expect.stringContaining(NOTICE)]);
});

test("a part that is looked for when Nova stops is left to be looked for again", async () => {
  const kept = await testDatabase();
  onTestFinished(() => kept.close());
  const nova = await open({ maxText: 200, idempotentSend: false }, { ...kept, close: async () => undefined });
  const asked = nova.channel.muses();
  nova.channel.failNext({ kind: "unknown", code: "reset" });
  await ask(nova);
  const signal = await asked;
  await nova.nova.stop();
  expect(signal.aborted).toBe(true);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["sending"]), patience);
});

test("the owner sees parts in doubt and parts given up apart from those to be sent, and in the trace", async () => {
  const nova = await open({ maxText: 60, idempotentSend: false });
  nova.channel.failNext({ kind: "unknown", code: "reset" }, { kind: "not_sent", retry: false, code: "banned" });
  await ask(nova);
  await vi.waitFor(async () => expect((await parts(nova)).slice(0, 2)).toEqual(["unknown", "failed"]), patience);
  await nova.nova.settled();
  expect(await nova.verb("status")).toMatchObject({
    report: { undeliveredParts: 0, unknownParts: 1, failedParts: 1 },
  });
  const { turn } = nova.channel.parts[0]!;
  const traced = await nova.verb("trace", { turn });
  expect(traced).toMatchObject({
    events: expect.arrayContaining([
      expect.objectContaining({ event: { kind: "delivered", part: 0, outcome: "unknown", code: "reset" } }),
      expect.objectContaining({ event: { kind: "delivered", part: 1, outcome: "failed", code: "banned" } }),
    ]),
  });
});

test("a part that the platform puts off is not tried before, nothing overtakes it, and the queue does not spin", async () => {
  const nova = await open({ maxText: 60 });
  nova.channel.failNext({ kind: "not_sent", retry: true, afterMs: 3_000, code: "rate_limited" });
  const began = Date.now();
  await ask(nova);
  await vi.waitFor(async () => expect((await parts(nova))[0]).toBe("ready"), patience);
  await nova.channel.say("owner", "/help");
  await vi.waitFor(async () => expect(await queued(nova)).toBe(1), patience);
  await vi.waitFor(() => expect(nova.channel.parts.length).toBeGreaterThan(0), patience);
  expect(Date.now() - began).toBeGreaterThanOrEqual(3_000);
  await nova.nova.settled();
  expect(nova.channel.sent().slice(0, 2).join("")).toBe(REPLY);
  expect(nova.channel.parts.map(({ turn }) => Number(turn))).toEqual(
    nova.channel.parts.map(({ turn }) => Number(turn)).toSorted((a, b) => a - b),
  );
  const { rows } = await nova.database.pool.query("select id from pgboss.job where name = 'deliver'");
  expect(rows.length).toBeLessThanOrEqual(4);
});

test("a platform that asks for a moment again and again is waited for, in order, however often it asks", async () => {
  const nova = await open({ maxText: 60 });
  const busy = { kind: "not_sent", retry: true, afterMs: 1, code: "rate_limited" } as const;
  nova.channel.failNext(...Array<typeof busy>(13).fill(busy));
  await ask(nova);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["sent", "sent"]), patience);
  expect(nova.channel.sent().join("")).toBe(REPLY);
});

test("a part that is given up is told of: at once when it is refused, and after a day when nobody took it", async () => {
  const nova = await open({ maxText: 200 });
  nova.channel.failNext({ kind: "not_sent", retry: false, code: "too_long" });
  await ask(nova);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["failed", "sent notice"]), patience);
  expect(nova.channel.sent()).toEqual([expect.stringMatching(/^Part of my reply could not be sent:.*did not take it/)]);

  nova.channel.failNext({ kind: "not_sent", retry: true, afterMs: 3_600_000, code: "away" });
  await ask(nova);
  await vi.waitFor(async () => expect((await parts(nova)).slice(2)).toEqual(["ready"]), patience);
  await nova.nova.settled();
  nova.channel.failNext({ kind: "not_sent", retry: true, code: "away" });
  await nova.database.pool.query("update message set at = at - interval '25 hours'");
  await nova.database.pool.query("update outbox_part set not_before = null, attempts = 20 where state = 'ready'");
  await nova.database.pool.query("delete from pgboss.job");
  await vi.waitFor(async () => expect((await parts(nova)).slice(2)).toEqual(["failed", "sent notice"]), patience);
  expect(nova.channel.sent().at(-1)).toMatch(/^Part of my reply could not be sent:.*for a day/);
});

test("a place that takes nothing is told nothing more, and what was lost there is counted once", async () => {
  const nova = await open({ maxText: 200 });
  const banned = { kind: "not_sent", retry: false, code: "banned" } as const;
  nova.channel.failNext(banned, banned);
  await ask(nova);
  await vi.waitFor(async () => expect(await parts(nova)).toEqual(["failed", "failed notice"]), patience);
  expect(await nova.verb("status")).toMatchObject({ report: { undeliveredParts: 0, failedParts: 1 } });
  expect(nova.channel.parts).toEqual([]);
});

/** Deliveries that are still to come. */
async function queued({ database }: TestNova): Promise<number> {
  const { rows } = await database.pool.query(
    "select id from pgboss.job where name = 'deliver' and state in ('created', 'retry')",
  );
  return rows.length;
}
