/** A connection of its own that comes back: also when it was cut without a word, and without what had queued up. */
import { afterEach, expect, inject, test, vi } from "vitest";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { openLine } from "../../src/postgres/engine/line.ts";
import { layCable } from "../support/cable.ts";
import { databaseUrl, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

const template = inject("databaseTemplate");

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

test.runIf("server" in template)(
  "a connection that was cut without a word is given up once, however much had queued up, and comes back (a server's)",
  async () => {
    if (!("server" in template)) throw new Error("this is a server's test");
    const database = await testDatabase();
    closing.push(() => database.close());
    const { rows } = await database.pool.query<{ name: string }>("select current_database() as name");
    const cable = await layCable(databaseUrl(template.server, rows[0]?.name ?? ""));
    closing.push(() => cable.close());
    const there = await openDatabase({ url: cable.url, log: silentLog });
    closing.push(() => there.close());
    const lost: number[] = [];
    const line = openLine({
      connection: there.connection,
      name: "nova line",
      greeting: () => [{ sql: "select 1", values: [] }],
      log: { ...silentLog, warn: () => void lost.push(performance.now()) },
    });
    closing.push(() => line.close());
    const answers = () => line.ask<{ one: number }>("select 1 as one", []);
    await vi.waitFor(async () => expect(await answers()).toEqual([{ one: 1 }]), { timeout: 5_000, interval: 20 });

    cable.cut();
    const cutAt = performance.now();
    const queued = Promise.all(Array.from({ length: 20 }, answers));
    for (let i = 0; i < 20; i += 1) line.say("select 1", []);
    expect(await queued).toEqual(Array.from({ length: 20 }));
    await vi.waitFor(async () => expect(await answers()).toEqual([{ one: 1 }]), { timeout: 15_000, interval: 50 });
    // One wait for one answer, not forty.
    expect(performance.now() - cutAt).toBeLessThan(12_000);
    expect(lost).toHaveLength(1);
  },
);
