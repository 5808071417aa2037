/** Whatever becomes of a call, the conversation goes on: dead letters, lost calls, and messages that come at a bad moment. */
import { afterEach, expect, test, vi } from "vitest";
import type { Log } from "#core";
import type { Database, OpenTx } from "../../src/postgres/engine/database.ts";
import { createTestChannel } from "../support/channel.ts";
import { testDatabase } from "../support/database.ts";
import { createGatedModels, type GatedModels } from "../support/gated-model.ts";
import { silentLog } from "../support/log.ts";
import { startNova, type TestNova } from "../support/nova.ts";

// Retries and polls add up, and other tests run beside these.
vi.setConfig({ testTimeout: 90_000 });

let lab: TestNova;
let models: GatedModels;
afterEach(async () => {
  models.openAll();
  await lab.nova.stop();
});

async function open(
  options: { readonly sweepEveryMs?: number; readonly database?: Database; readonly log?: Log } = {},
) {
  models = createGatedModels();
  lab = await startNova({ models: models.models, channel: createTestChannel(), ...options });
}

const patience = { timeout: 60_000, interval: 20 };
const sql = <Row extends Record<string, unknown>>(text: string) => lab.database.pool.query<Row>(text);

/** From now on the database refuses what `when` says. */
async function refuse(table: string, when: string): Promise<void> {
  await sql(
    "create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$",
  );
  await sql(`create trigger refuse before insert on ${table} for each row when (${when}) execute function refuse()`);
}

/** Retries as ever, without the time between them. */
const hurry = (queue: string) =>
  sql(`update pgboss.job set retry_delay = 0, retry_backoff = false, start_after = now()
       where name = '${queue}' and state = 'retry'`);

/** The call that waits for its time, and there must be one, comes now. */
async function skipWait(queue: string): Promise<void> {
  const { rowCount } = await sql(
    `update pgboss.job set start_after = now() where name = '${queue}' and state = 'created' and start_after > now()`,
  );
  expect(rowCount).toBe(1);
}

test("a call that fails for the last time apologises once, and what waits behind it is answered by itself", async () => {
  await open();
  await refuse("message", "new.direction = 'out'");
  await lab.channel.say("owner", "@concierge compare my two plans");
  await vi.waitFor(() => expect(models.waiting()).toBe(1), patience);
  await lab.channel.say("owner", "/help");
  models.openAll();

  // The dead letter itself fails as long as the database does, and comes again.
  await vi.waitFor(async () => {
    await hurry("turn");
    const { rows } = await sql("select state from pgboss.job where name = 'turn.dead' and state = 'retry'");
    expect(rows).toHaveLength(1);
  }, patience);
  await sql("drop trigger refuse on message");
  await vi.waitFor(async () => {
    await hurry("turn.dead");
    expect(lab.channel.sent()).toHaveLength(2);
  }, patience);
  expect(lab.channel.sent()).toEqual([expect.stringContaining("has given up"), expect.stringContaining("`/help`")]);

  const { rows } = await sql("select direction, left(text, 10) as text from message order by id");
  expect(rows.map(({ direction }) => direction)).toEqual(["in", "in", "out", "out"]);
  expect((await sql("select state from turn order by id")).rows).toEqual([{ state: "failed" }, { state: "done" }]);
});

test("a message whose turn never came to be is answered when it can be, without any further traffic", async () => {
  await open();
  models.openAll();
  await refuse("turn", "true");
  await lab.channel.say("owner", "/help");
  await vi.waitFor(async () => {
    await hurry("turn");
    const { rows } = await sql("select from pgboss.job where name = 'turn.dead' and state = 'completed'");
    expect(rows).toHaveLength(1);
  }, patience);
  await sql("drop trigger refuse on turn");
  await skipWait("turn");
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(1), patience);
});

test("a delivery that fails for the last time keeps its parts, and they leave later", async () => {
  await open();
  models.openAll();
  await sql(
    "create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$",
  );
  await sql("create trigger refuse before update on outbox_part for each row execute function refuse()");
  await lab.channel.say("owner", "/help");
  await vi.waitFor(async () => {
    await hurry("deliver");
    const { rows } = await sql("select from pgboss.job where name = 'deliver.dead' and state = 'completed'");
    expect(rows).toHaveLength(1);
  }, patience);
  expect((await sql("select state from outbox_part")).rows).toEqual([{ state: "ready" }]);
  await sql("drop trigger refuse on outbox_part");
  await skipWait("deliver");
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(1), patience);
});

test("work whose call is gone is found and done, and no calls pile up", async () => {
  await open({ sweepEveryMs: 200 });
  // A turn that runs in no process, a message that waits behind it, and nothing to wake them.
  await lab.channel.say("owner", "@concierge compare my two plans");
  await vi.waitFor(() => expect(models.waiting()).toBe(1), patience);
  await lab.channel.say("owner", "/help");
  await sql("delete from pgboss.job");
  models.openAll();
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(2), patience);
  await lab.nova.settled();

  // A part that nobody sends.
  await sql("delete from pgboss.job");
  await sql("update outbox_part set state = 'ready' where ordinal = 0 and turn_id = (select max(id) from turn)");
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(3), patience);
});

test("a conversation that is at work or waits for its time gets no second call", async () => {
  let swept = 0;
  const log: Log = { ...silentLog, debug: (event) => void (swept += event === "sweep.done" ? 1 : 0) };
  await open({ log, sweepEveryMs: 50 });
  const later = async (sweeps: number) => {
    const then = swept + sweeps;
    await vi.waitFor(() => expect(swept).toBeGreaterThanOrEqual(then), patience);
  };
  lab.channel.failNext({ kind: "not_sent", retry: true, afterMs: 60_000, code: "rate_limited" });
  await lab.channel.say("owner", "/help");
  await vi.waitFor(async () => {
    const { rows } = await sql("select state from outbox_part where not_before is not null");
    expect(rows).toEqual([{ state: "ready" }]);
  }, patience);
  const calls = async () =>
    (
      await sql<{ name: string }>(
        "select name from pgboss.job where state in ('created', 'retry', 'active') order by 1",
      )
    ).rows;
  // A sweep that looked before the first turn had ended may wake the conversation once more, for nothing.
  await later(2);
  await vi.waitFor(async () => expect(await calls()).toEqual([{ name: "deliver" }]), patience);
  await lab.channel.say("owner", "@concierge compare my two plans");
  await vi.waitFor(() => expect(models.waiting()).toBe(1), patience);
  await vi.waitFor(async () => expect(await calls()).toEqual([{ name: "deliver" }, { name: "turn" }]), patience);
  await later(10);
  expect(await calls()).toEqual([{ name: "deliver" }, { name: "turn" }]);
});

test("E3: a message that is stored between the last look and the end of the call is answered within a second", async () => {
  const onDone: { run: (() => Promise<void>) | undefined } = { run: undefined };
  await open({ database: watched(await testDatabase(), () => onDone.run), sweepEveryMs: 600_000 });
  models.openAll();
  let stored = 0;
  onDone.run = async () => {
    onDone.run = undefined;
    await lab.channel.say("owner", "/agent");
    stored = Date.now();
  };
  await lab.channel.say("owner", "/help");
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(2), patience);
  expect(stored).toBeGreaterThan(0);
  // The next sweep would come after ten minutes.
  expect(Date.now() - stored).toBeLessThan(15_000);
});

/** Calls `onDone` after a turn ended its call, because nothing more waited, and before whoever worked on it hears of it. */
function watched(database: Database, onDone: () => (() => Promise<void>) | undefined): Database {
  return {
    ...database,
    async within(scope, work) {
      let done = false;
      const result = await database.within(scope, (tx) =>
        work({
          query: (text, values) => tx.query(text, values),
          async last<Row extends Record<string, unknown>>(text: string, values?: unknown[]) {
            const answer = await tx.last<Row>(text, values);
            if (text.startsWith("update pgboss.job") && values?.[0] === "turn" && answer.rowCount === 1) done = true;
            return answer;
          },
          onEnd: (listener) => tx.onEnd(listener),
        } satisfies OpenTx),
      );
      if (done) await onDone()?.();
      return result;
    },
  };
}
