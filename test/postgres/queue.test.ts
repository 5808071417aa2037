/** Calls: one at a time for a conversation, again after a failure, and never lost with a process. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { conversationId, messageId, type CallKind, type ConversationId, type Queue } from "#core";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

type Handlers = Parameters<Queue["serve"]>[0];
const idle: Handlers = { turn: async () => {}, deliver: async () => {}, effect: async () => {}, dead: async () => {} };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(workers?: Record<CallKind, number>) {
  const database = await testDatabase();
  closing.push(() => database.close());
  const queue = await createQueue(database, silentLog, workers && { workers });
  closing.push(() => queue.stop(0));
  return { database, queue };
}

const a = conversationId("1");
const b = conversationId("2");
const patience = { timeout: 15_000, interval: 20 };

/** A handler that holds its call until it is let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: promise, open: resolve };
}

/** Those that are under way or still to come. */
async function openCalls(database: Database): Promise<number | undefined> {
  const { rows } = await database.pool.query<{ count: number }>(
    "select count(*)::integer from pgboss.job where state in ('created', 'retry', 'active')",
  );
  return rows[0]?.count;
}

test("calls of one conversation never overlap, those of others do not wait for them", async () => {
  const { database, queue } = await open();
  const running = new Map<ConversationId, number>();
  let overlaps = 0;
  let served = 0;
  let together = 0;
  const hold = gate();
  await queue.serve({
    ...idle,
    turn: async (conversation) => {
      const count = (running.get(conversation) ?? 0) + 1;
      running.set(conversation, count);
      if (count > 1) overlaps += 1;
      together = Math.max(together, [...running.values()].filter((n) => n > 0).length);
      await hold.wait;
      running.set(conversation, (running.get(conversation) ?? 0) - 1);
      served += 1;
    },
  });
  for (const conversation of [a, b]) await queue.wake("turn", conversation);
  await vi.waitFor(() => expect(together).toBe(2), patience);
  for (let n = 0; n < 4; n += 1) for (const conversation of [a, b]) await queue.wake("turn", conversation);
  hold.open();
  // What waits when a call begins is found by it, and needs no call of its own.
  await vi.waitFor(() => expect(served).toBe(4), patience);
  await vi.waitFor(async () => expect(await openCalls(database)).toBe(0), patience);
  expect(served).toBe(4);
  expect(overlaps).toBe(0);
});

test("turns and deliveries of one conversation do not wait for each other", async () => {
  const { queue } = await open();
  const hold = gate();
  const delivered: string[] = [];
  await queue.serve({
    ...idle,
    turn: () => hold.wait,
    deliver: async (conversation) => void delivered.push(conversation),
  });
  await queue.wake("turn", a);
  await queue.wake("deliver", a);
  await vi.waitFor(() => expect(delivered).toEqual([a]), patience);
  hold.open();
});

test("a call that throws comes again, before the ones after it", async () => {
  const { queue, database } = await open();
  let tries = 0;
  await queue.serve({
    ...idle,
    turn: async () => {
      tries += 1;
      if (tries === 1) throw new Error("secret words of a person");
    },
  });
  await queue.wake("turn", a);
  await vi.waitFor(() => expect(tries).toBe(2), patience);
  const { rows } = await database.pool.query("select output::text as output from pgboss.job where name = 'turn'");
  expect(JSON.stringify(rows)).not.toContain("secret");
});

test("a call that fails for good is told once and frees its conversation", async () => {
  const { queue, database } = await open();
  const dead: string[] = [];
  const served: string[] = [];
  let failing = true;
  await queue.serve({
    ...idle,
    turn: async (conversation) => {
      if (failing) throw new Error("always");
      served.push(conversation);
    },
    dead: async (kind, conversation) => {
      failing = false;
      dead.push(`${kind} ${conversation}`);
    },
  });
  await queue.wake("turn", a);
  // Only the last try is of interest here, not the delays between them.
  await database.pool.query("update pgboss.job set retry_limit = 0 where name = 'turn'");
  await vi.waitFor(() => expect(dead).toEqual(["turn 1"]), patience);
  await queue.wake("turn", a);
  await vi.waitFor(() => expect(served).toEqual([a]), patience);
  expect(dead).toHaveLength(1);
});

test("a call that is sent within a transaction is undone with it, and sent once for one message", async () => {
  const { database, queue } = await open();
  const message = "77" as Parameters<typeof queue.send>[3];
  const undone = database.system(async (tx) => {
    await queue.send(tx, "turn", a, message);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  const served: string[] = [];
  await queue.serve({ ...idle, turn: async (conversation) => void served.push(conversation) });
  await database.system((tx) => queue.send(tx, "turn", b, message));
  await database.system((tx) => queue.send(tx, "turn", b, message));
  await vi.waitFor(() => expect(served).toEqual([b]), patience);
  await queue.wake("turn", a);
  await vi.waitFor(() => expect(served).toEqual([b, a]), patience);
});

const states = async (database: Database) =>
  (
    await database.pool.query<{ state: string }>("select state from pgboss.job where name = 'turn' order by id")
  ).rows.map(({ state }) => state);

test("a call that is sent while a hand is free is under way with the commit, and frees the hand with a rollback", async () => {
  const { database, queue } = await open({ turn: 1, deliver: 1, effect: 1 });
  const hold = gate();
  const served: string[] = [];
  await queue.serve({
    ...idle,
    turn: async (conversation) => {
      served.push(conversation);
      await hold.wait;
    },
  });
  const undone = database.system(async (tx) => {
    await queue.send(tx, "turn", a, messageId("1"));
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await database.system((tx) => queue.send(tx, "turn", b, messageId("2")));
  expect(await states(database)).toEqual(["active"]);
  expect(served).toEqual([b]);
  // The one hand is at work: this one waits.
  await database.system((tx) => queue.send(tx, "turn", a, messageId("3")));
  expect(await states(database)).toEqual(["active", "created"]);
  hold.open();
  await vi.waitFor(() => expect(served).toEqual([b, a]), patience);
  await vi.waitFor(async () => expect(await states(database)).toEqual(["completed", "completed"]), patience);
});

test("a call ends with the transaction that says so, the next of its conversation need not wait for its handler", async () => {
  const { database, queue } = await open();
  const [first, second] = [gate(), gate()];
  let served = 0;
  await queue.serve({ ...idle, turn: () => (served++ === 0 ? first.wait : second.wait) });
  await database.system((tx) => queue.send(tx, "turn", a, messageId("1")));
  expect(served).toBe(1);
  const undone = database.system(async (tx) => {
    expect(await queue.done(tx, "turn", a)).toBe(true);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await states(database)).toEqual(["active"]);
  expect(await database.system((tx) => queue.done(tx, "turn", a))).toBe(true);
  expect(await database.system((tx) => queue.done(tx, "turn", a))).toBe(false);
  expect(await states(database)).toEqual(["completed"]);
  await database.system((tx) => queue.send(tx, "turn", a, messageId("2")));
  expect(await states(database)).toEqual(["completed", "active"]);
  await vi.waitFor(() => expect(served).toBe(2), patience);
  first.open();
  second.open();
  await vi.waitFor(async () => expect(await states(database)).toEqual(["completed", "completed"]), patience);
});

test("stopping waits for what runs, then aborts it, and keeps the call for the next start", async () => {
  const { database, queue } = await open();
  const started = gate();
  let reason: unknown;
  await queue.serve({
    ...idle,
    turn: (_conversation, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reason = signal.reason;
          reject(new Error("aborted"));
        });
        started.open();
      }),
  });
  await queue.wake("turn", a);
  await started.wait;
  await queue.stop(50);
  expect(reason).toMatchObject({ message: "the service is stopping" });

  const next = await createQueue(database, silentLog);
  closing.push(() => next.stop(0));
  const served: string[] = [];
  await next.serve({ ...idle, turn: async (conversation) => void served.push(conversation) });
  await vi.waitFor(() => expect(served).toEqual([a]), patience);
});

test("a call that is handed back comes again at once, however often, and none of it counts as a try", async () => {
  const { database } = await open();
  const calls = async () =>
    (
      await database.pool.query(
        `select state, retry_limit - retry_count as left, start_after <= now() as due
         from pgboss.job where name = 'turn'`,
      )
    ).rows;
  for (let deploy = 0; deploy < 5; deploy += 1) {
    const queue = await createQueue(database, silentLog);
    const started = gate();
    await queue.serve({
      ...idle,
      turn: (_conversation, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          started.open();
        }),
    });
    if (deploy === 0) await queue.wake("turn", a);
    await started.wait;
    await queue.stop(0);
    expect(await calls()).toEqual([{ state: "retry", left: 4, due: true }]);
  }
});

test("a handler that does not end is left behind, and its call is handed back over its head", async () => {
  const { database, queue } = await open();
  const started = gate();
  await queue.serve({
    ...idle,
    turn: () => {
      started.open();
      return new Promise(() => {});
    },
  });
  await queue.wake("turn", a);
  await started.wait;
  // Without an end of its patience this would never return.
  await queue.stop(0);

  const next = await createQueue(database, silentLog);
  closing.push(() => next.stop(0));
  const served: string[] = [];
  await next.serve({ ...idle, turn: async (conversation) => void served.push(conversation) });
  await vi.waitFor(() => expect(served).toEqual([a]), patience);
});

test(
  "E4: a call that takes three times its lease keeps it, and the next one of its conversation waits",
  { timeout: 40_000 },
  async () => {
    const { database, queue } = await open();
    const job = async () => {
      const { rows } = await database.pool.query<{ beat: Date; tries: number }>(
        "select heartbeat_on as beat, retry_count as tries from pgboss.job where state = 'active'",
      );
      return rows;
    };
    await queue.wake("turn", a);
    // Shorter than may be asked for: the lease itself is what is tried here.
    await database.pool.query("update pgboss.job set heartbeat_seconds = 2");
    const beats = new Set<number>();
    let running = 0;
    let most = 0;
    let served = 0;
    await queue.serve({
      ...idle,
      turn: async () => {
        most = Math.max(most, (running += 1));
        // Each beat is a new time, half a lease after the one before: without them this does not come to its end.
        while (served === 0 && beats.size <= 6) {
          const held = await job();
          expect(held).toHaveLength(1);
          expect(held[0]?.tries).toBe(0);
          beats.add(held[0]!.beat.getTime());
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        running -= 1;
        served += 1;
      },
    });
    await vi.waitFor(() => expect(running).toBe(1), patience);
    await queue.wake("turn", a);
    await vi.waitFor(() => expect(served).toBe(2), { timeout: 30_000, interval: 50 });
    expect(beats.size).toBe(7);
    expect(most).toBe(1);
  },
);

test("only what nothing else will wake is roused, also from behind a call that failed for good", async () => {
  const { database, queue } = await open();
  await queue.wake("turn", a);
  await queue.wake("deliver", b, 60_000);
  await queue.wake("deliver", b, 60_000);
  expect(await queue.rouse("turn", [a, b])).toEqual([b]);
  expect(await queue.rouse("turn", [a, b])).toEqual([]);
  expect(await queue.rouse("deliver", [b])).toEqual([]);
  const { rows } = await database.pool.query("select name, singleton_key from pgboss.job order by 1, 2");
  expect(rows).toEqual([
    { name: "deliver", singleton_key: "2" },
    { name: "turn", singleton_key: "1" },
    { name: "turn", singleton_key: "2" },
  ]);

  await database.pool.query("update pgboss.job set state = 'failed' where name = 'turn'");
  expect(await queue.rouse("turn", [a])).toEqual([a]);
  const served: string[] = [];
  await queue.serve({ ...idle, turn: async (conversation) => void served.push(conversation) });
  await vi.waitFor(() => expect(served).toEqual([a]), patience);
});

test("a handler that ends within the grace is not aborted", async () => {
  const { queue } = await open();
  const started = gate();
  const hold = gate();
  let aborted: boolean | undefined;
  await queue.serve({
    ...idle,
    turn: async (_conversation, signal) => {
      started.open();
      await hold.wait;
      aborted = signal.aborted;
    },
  });
  await queue.wake("turn", a);
  await started.wait;
  const stopped = queue.stop(10_000);
  hold.open();
  await stopped;
  expect(aborted).toBe(false);
});

test("a call that a killed process was serving is served promptly by the next", { timeout: 90_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "nova-queue-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(
    process.execPath,
    [new URL("serve-and-hang.ts", import.meta.url).pathname, join(folder, "data")],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");

  const database: Database = await openDatabase({ folder: join(folder, "data"), log: silentLog });
  closing.push(() => database.close());
  const queue = await createQueue(database, silentLog);
  closing.push(() => queue.stop(0));
  const served: string[] = [];
  await queue.serve({ ...idle, turn: async (conversation) => void served.push(conversation) });
  await vi.waitFor(() => expect(served).toEqual([a]), patience);
});
