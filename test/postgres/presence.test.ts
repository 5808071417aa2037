/** Nobody rebuilds a server's database under a Nova that works on it, and nobody begins to work on one that is rebuilt. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { rebuildingAlone, refuseCompany } from "../../src/postgres/archive/alone.ts";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { command, databaseUrl } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

const SERVER = process.env["NOVA_TEST_DATABASE_URL"];
const signal = new AbortController().signal;

describe.skipIf(SERVER === undefined)("on a server (NOVA_TEST_DATABASE_URL)", { timeout: 60_000 }, () => {
  let name: string;
  let databases: Database[];
  const open = async (search = ""): Promise<Database> => {
    const url = Object.assign(new URL(databaseUrl(SERVER ?? "", name)), { search }).href;
    const database = await openDatabase({ url, log: silentLog });
    databases.push(database);
    return database;
  };
  beforeEach(async () => {
    databases = [];
    name = `nova_test_${randomUUID().replaceAll("-", "")}`;
    await command(SERVER ?? "", `create database ${name}`);
  });
  afterEach(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await command(SERVER ?? "", `drop database ${name} with (force)`);
  });

  test("another Nova is seen under any name, until it closes its database", async () => {
    const mine = await open();
    const other = await open("?application_name=nova-prod");
    await expect(refuseCompany(mine, signal)).rejects.toThrow("Another Nova is using the database (connections: 1).");
    databases = databases.filter((database) => database !== other);
    await other.close();
    await refuseCompany(mine, signal);
  });

  test("one that was alone is present again afterwards", async () => {
    const mine = await open();
    await refuseCompany(mine, signal);
    const other = await open();
    await expect(refuseCompany(other, signal)).rejects.toThrow("Another Nova");
  });

  test("one whose connections were all cut is present again by itself", async () => {
    const mine = await open();
    const other = await open();
    await command(
      databaseUrl(SERVER ?? "", name),
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await vi.waitFor(async () => expect((await other.pool.query(HOLDERS)).rows).toEqual([{ holders: 2 }]), {
      timeout: 15_000,
    });
    await expect(refuseCompany(mine, signal)).rejects.toThrow("Another Nova");
  });

  test("a Nova that starts while the database is rebuilt waits until that is committed", async () => {
    const mine = await open();
    const order: string[] = [];
    let starting: Promise<unknown> = Promise.resolve();
    await rebuildingAlone(mine, signal, async (tx) => {
      starting = open().then(() => order.push("started"));
      await tx.query("select pg_sleep(1)");
      order.push("rebuilt");
    });
    await starting;
    expect(order).toEqual(["rebuilt", "started"]);
  });

  test("it refuses with words when that takes too long", async () => {
    const mine = await open();
    await rebuildingAlone(mine, signal, async () => {
      await expect(open()).rejects.toThrow("The database is being rebuilt");
    });
  });
});

const HOLDERS = `select count(*)::integer as holders from pg_locks
  where locktype = 'advisory' and granted and classid::bigint = ${0x68657265}
    and database = (select oid from pg_database where datname = current_database())`;
