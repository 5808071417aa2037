/** Turns that are interrupted through no fault of their own: by a database that is away, by deaths of the process, by a channel that is not there. */
import { afterEach, expect, test, vi } from "vitest";
import { createTestChannel } from "../support/channel.ts";
import { createGatedModels, type GatedModels } from "../support/gated-model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

vi.setConfig({ testTimeout: 90_000 });

let lab: TestNova;
let models: GatedModels;
afterEach(async () => {
  models.openAll();
  await lab.nova.stop();
});

async function open(): Promise<void> {
  models = createGatedModels();
  lab = await startNova({ models: models.models, channel: createTestChannel(), sweepEveryMs: 200 });
}

const patience = { timeout: 60_000, interval: 20 };
const sql = <Row extends Record<string, unknown>>(text: string) => lab.database.pool.query<Row>(text);

/** As long as it lasts the database has no room for a reply; a row for every attempt to store one stays. */
async function fillDisk(): Promise<() => Promise<unknown>> {
  await sql("create sequence refusals");
  await sql("grant usage on sequence refusals to public");
  await sql(
    `create function refuse() returns trigger language plpgsql as $$ begin
       perform nextval('refusals'); raise exception using errcode = '53100', message = 'no space'; end $$`,
  );
  await sql("create trigger refuse before insert on outbox_part for each row execute function refuse()");
  return () => sql("drop trigger refuse on outbox_part");
}

test("an answer that cannot be stored waits until it can, and is not worked out again", async () => {
  await open();
  const freeDisk = await fillDisk();
  models.openAll("Here it is.");
  await lab.channel.say("owner", "@concierge compare my two plans");
  await vi.waitFor(async () => {
    const { rows } = await sql<{ last_value: string }>("select last_value from refusals");
    expect(Number(rows[0]?.last_value)).toBeGreaterThan(4);
  }, patience);
  await freeDisk();
  await vi.waitFor(() => expect(lab.channel.sent()).toEqual(["Here it is."]), patience);
  expect(models.calls()).toBe(1);
  expect((await sql("select state, attempts from turn")).rows).toEqual([{ state: "done", attempts: 0 }]);
});

test("an answer that no row can hold ends with words, and is not worked out again", async () => {
  await open();
  await sql(
    `create function refuse() returns trigger language plpgsql as $$ begin
       raise exception using errcode = '22P05', message = 'no such character'; end $$`,
  );
  await sql("create trigger refuse before insert on step for each row execute function refuse()");
  models.openAll("Here it is.");
  await lab.channel.say("owner", "@concierge compare my two plans");
  await vi.waitFor(
    () => expect(lab.channel.sent()).toEqual([expect.stringContaining("went wrong inside Nova")]),
    patience,
  );
  expect(models.calls()).toBe(1);
  expect((await sql("select state, attempts from turn")).rows).toEqual([{ state: "failed", attempts: 0 }]);
});

test("characters that PostgreSQL does not keep cost nobody an answer", async () => {
  await open();
  models.openAll("Here\0 it is \ud800.");
  await lab.channel.say("owner", "@concierge compare my two plans");
  await vi.waitFor(() => expect(lab.channel.sent()).toEqual([expect.stringMatching(/^Here.? it is .?\.$/u)]), patience);
  expect(models.calls()).toBe(1);
  expect((await sql("select state from turn")).rows).toEqual([{ state: "done" }]);
});

test("turns over which processes died twice run one at a time, and nobody else waits for them", async () => {
  await open();
  const rooms = ["a", "b", "c", "d", "e", "f", "g", "h"];
  for (const room of rooms) await lab.channel.say("owner", "@concierge compare my two plans", { room });
  await vi.waitFor(() => expect(models.waiting()).toBe(rooms.length), patience);
  // Another process had them, and died; the holds of this one are lost.
  await sql("update turn set epoch = epoch + 1, attempts = 1");
  await vi.waitFor(() => expect(models.waiting()).toBe(1), patience);

  await lab.channel.say("owner", "@concierge and this?", { room: "healthy" });
  await vi.waitFor(() => expect(models.waiting()).toBe(2), patience);
  // One that has to wait is counted for the moment in which it is looked at.
  await vi.waitFor(async () => {
    const { rows } = await sql("select attempts from turn order by attempts desc");
    expect(rows.map(({ attempts }) => attempts)).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 0]);
  }, patience);

  models.openAll();
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(rooms.length + 1), patience);
  expect((await sql("select from turn where state <> 'done'")).rows).toEqual([]);
});

test("a reply waits for a channel that is not there, as long as there is hope", async () => {
  await open();
  models.openAll();
  await lab.channel.say("owner", "/help");
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(1), patience);
  await sql(`update turn set address = jsonb_set(address, '{platform}', '"gone"')`);
  await sql("update outbox_part set state = 'ready'");
  await vi.waitFor(async () => {
    const { rows } = await sql("select state, code, not_before is not null as waits from outbox_part");
    expect(rows).toEqual([{ state: "ready", code: "channel_not_running", waits: true }]);
  }, patience);

  await sql(`update turn set address = jsonb_set(address, '{platform}', '"test"')`);
  await sql("update outbox_part set not_before = null");
  await sql("delete from pgboss.job");
  await vi.waitFor(() => expect(lab.channel.sent()).toHaveLength(2), patience);

  await sql(`update turn set address = jsonb_set(address, '{platform}', '"gone"')`);
  await sql("update message set at = at - interval '25 hours'");
  await sql("update outbox_part set state = 'ready'");
  await vi.waitFor(async () => {
    expect((await sql("select state from outbox_part")).rows).toEqual([{ state: "failed" }]);
  }, patience);
});
