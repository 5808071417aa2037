/** Calls change hands: at once when their process dies, after its heartbeat when it stands still, and it is told so. */
import { afterEach, expect, inject, test, vi } from "vitest";
import { conversationId, QueueStopping, type ConversationId, type Log, type Queue } from "#core";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { command, databaseUrl, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

const template = inject("databaseTemplate");
const onServer = "server" in template;
const patience = { timeout: 25_000, interval: 20 };
const a = conversationId("1");
const b = conversationId("2");

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(): Promise<Database> {
  const database = await testDatabase();
  closing.push(() => database.close());
  return database;
}

/** A queue that serves turns and ends none before it is told to. */
async function serving(database: Database, log: Log = silentLog) {
  const queue: Queue = await createQueue(database, log);
  closing.push(() => queue.stop(0));
  const served: ConversationId[] = [];
  const signals: AbortSignal[] = [];
  const ended = Promise.withResolvers<void>();
  await queue.serve({
    turn: async (conversation, signal) => {
      served.push(conversation);
      signals.push(signal);
      await Promise.race([ended.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
    },
    deliver: async () => {},
    effect: async () => {},
    dead: async () => {},
  });
  return { queue, served, signals, end: () => ended.resolve() };
}

test("a handler whose call was given to another is told, and not that the service stops", async () => {
  const database = await open();
  const { queue, signals } = await serving(database);
  await queue.wake("turn", a);
  await vi.waitFor(() => expect(signals).toHaveLength(1), patience);
  // What the queue itself does when the heartbeat of a process that stood still has run out.
  await database.pool.query(
    "update pgboss.job set state = 'retry', start_after = now() + interval '1 hour' where name = 'turn'",
  );
  await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true), patience);
  expect(signals[0]?.reason).not.toBeInstanceOf(QueueStopping);
});

/** Connections of another process to the same database, which can be cut all at once. */
async function elsewhere(database: Database): Promise<{ readonly there: Database; readonly die: () => Promise<void> }> {
  if (!("server" in template)) throw new Error("this is a server's test");
  const { rows } = await database.pool.query<{ name: string }>("select current_database() as name");
  const user = `process_${process.pid}`;
  await command(template.server, `create role ${user} superuser login`);
  closing.push(() => command(template.server, `drop role ${user}`));
  const url = Object.assign(new URL(databaseUrl(template.server, rows[0]?.name ?? "")), { username: user }).href;
  const there = await openDatabase({ url, log: silentLog });
  closing.push(() => there.close());
  return {
    there,
    async die() {
      await command(template.server, `alter role ${user} nologin`);
      await database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [user]);
    },
  };
}

test.runIf(onServer)("the calls of a process that is gone go on elsewhere within seconds", async () => {
  const database = await open();
  const { there, die } = await elsewhere(database);
  const first = await serving(there);
  await first.queue.wake("turn", a);
  await vi.waitFor(() => expect(first.served).toEqual([a]), patience);
  const second = await serving(database);
  const began = performance.now();
  await die();
  await vi.waitFor(() => expect(second.served).toEqual([a]), patience);
  console.log(`taken over after ${Math.round(performance.now() - began)} ms`);
});

async function callLines(database: Database): Promise<number | null> {
  const { rowCount } = await database.pool.query(
    "select from pg_stat_activity where datname = current_database() and application_name = 'nova calls'",
  );
  return rowCount;
}

test.runIf(onServer)(
  "a call in living hands is left alone, also when its connection was lost for a moment",
  async () => {
    const database = await open();
    const warned: (readonly [event: string, conversation: unknown])[] = [];
    const log: Log = { ...silentLog, warn: (event, fields) => void warned.push([event, fields?.["conversation"]]) };
    const first = await serving(database, log);
    await first.queue.wake("turn", a);
    await vi.waitFor(() => expect(first.served).toEqual([a]), patience);
    const second = await serving(database, log);
    await vi.waitFor(async () => expect(await callLines(database)).toBe(2), patience);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'nova calls'`,
    );
    await vi.waitFor(() => expect(warned.filter((said) => said[0] === "line.lost")).toHaveLength(2), patience);
    await vi.waitFor(async () => expect(await callLines(database)).toBe(2), patience);
    // A call that is under way in nobody's hands, and began to be so later: when it is taken over, the other was spared.
    await first.queue.wake("turn", b, 3_600_000);
    await database.pool.query(
      "update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() where singleton_key = $1",
      [b],
    );
    await vi.waitFor(() => expect(warned).toContainEqual(["queue.taken_over", b]), patience);
    expect(warned).not.toContainEqual(["queue.taken_over", a]);
    expect(first.served.filter((call) => call === a)).toEqual([a]);
    expect(second.served).not.toContain(a);
    first.end();
    second.end();
  },
);
