/** A database that fails for now: what its users are told, and what is tried again. */
import { mkdir, mkdtemp, rm, statfs, unlink, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, expect, inject, test } from "vitest";
import { DatabaseAway, isAway } from "#core";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { createSparing } from "../../src/postgres/engine/sparing.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

const run = promisify(execFile);
const isServer = "server" in inject("databaseTemplate");

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(): Promise<Database> {
  const database = await testDatabase();
  closing.push(() => database.close());
  return database;
}

test("a broken rule and a mistake in a statement are thrown as they are", async () => {
  const database = await open();
  const twice = database.system((tx) => tx.query("insert into tenant (id, name) values ('home', 'again')"));
  await expect(twice).rejects.toMatchObject({ code: "23505" });
  const mistaken = database.system((tx) => tx.query("select no_such_thing"));
  await expect(mistaken).rejects.toMatchObject({ code: "42703" });
  await expect(twice.catch(isAway)).resolves.toBe(false);
});

test.skipIf(!isServer)(
  "server only: a connection that is cut in a transaction undoes it, and the next one works",
  async () => {
    const database = await open();
    const cut = database.system(async (tx) => {
      await tx.query("insert into tenant (id, name) values ('other', 'Other')");
      const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      // Between two statements, when nobody waits for an answer.
      await pause(300);
      await tx.query("select 1");
    });
    await expect(cut).rejects.toBeInstanceOf(DatabaseAway);
    await expect(cut).rejects.toMatchObject({
      code: "unavailable",
      message: "The database does not answer just now.",
      cause: expect.any(Error),
    });
    const { rows } = await database.system((tx) => tx.query("select id from tenant"));
    expect(rows).toEqual([{ id: "home" }]);
  },
);

test.skipIf(!isServer)(
  "server only: of two transactions that wait for each other both are done in the end",
  async () => {
    const database = await open();
    await database.pool.query("insert into tenant (id, name) values ('a', '0'), ('b', '0')");
    let together = 0;
    const both = Promise.withResolvers<void>();
    const add = (id: string) => async (tx: Parameters<Parameters<Database["system"]>[0]>[0]) => {
      await tx.query("select set_config('role', 'none', true)");
      await tx.query("update tenant set name = (name::integer + 1)::text where id = $1", [id]);
      together += 1;
      if (together === 2) both.resolve();
      await both.promise;
      await tx.query("update tenant set name = (name::integer + 1)::text where id = $1", [id === "a" ? "b" : "a"]);
    };
    await Promise.all([database.system(add("a")), database.system(add("b"))]);
    const { rows } = await database.pool.query("select name from tenant where id in ('a', 'b')");
    expect(rows).toEqual([{ name: "2" }, { name: "2" }]);
    // One of them was undone and begun anew.
    expect(together).toBe(3);
  },
);

test("the same trouble is written once in a while, with how often it came between", () => {
  let now = 0;
  const sparing = createSparing(() => now);
  const written: string[] = [];
  const say = (key: string) => sparing(key, (more) => written.push(`${key} ${more}`));
  for (let n = 0; n < 10; n += 1) say("lost");
  say("full");
  now = 6_000;
  say("lost");
  expect(written).toEqual(["lost 0", "full 0", "lost 9"]);
});

const mounts = await mayMount();

test.skipIf(!mounts)(
  "a full disk refuses what it cannot keep, and all that was acknowledged is there (needs mount)",
  async () => {
    const disk = await smallDisk(160);
    const place = { folder: join(disk, "data"), log: silentLog };
    const database = await openDatabase(place);
    await database.pool.query(
      "create role nova_app; create table word (n integer, text text); grant all on word to nova_app",
    );
    let acknowledged = 0;
    const keep = () =>
      database.system(async (tx) => {
        await tx.query("insert into word select $1, string_agg(random()::text, '') from generate_series(1, 2000)", [
          acknowledged,
        ]);
      });
    await keep();
    acknowledged += 1;

    await fill(disk, 0);
    const refused = keep();
    await expect(refused).rejects.toBeInstanceOf(DatabaseAway);
    await expect(refused).rejects.toMatchObject({
      message: "The database's disk is full, so nothing can be stored just now.",
    });
    await unlink(join(disk, "ballast"));
    await keep();
    acknowledged += 1;

    // Room for rows, and none for the next segment of the write-ahead log: nothing but a new process helps then.
    await fill(disk, 12_000_000);
    let end: unknown;
    for (let n = 0; n < 2_000 && end === undefined; n += 1) {
      end = await keep().then(
        () => void (acknowledged += 1),
        (error: unknown) => error,
      );
    }
    expect(end).toBeInstanceOf(DatabaseAway);
    expect(await database.ended).toMatchObject({
      code: "database",
      message: `The embedded database in ${place.folder} has stopped working.`,
    });
    await expect(keep()).rejects.toMatchObject({ message: "The embedded database has stopped working." });
    await database.close();

    await unlink(join(disk, "ballast"));
    const again = await openDatabase(place);
    expect((await again.pool.query("select count(*)::integer as n from word")).rows).toEqual([{ n: acknowledged }]);
    await again.close();
  },
  // Thousands of writes until the disk is full: six seconds alone, and five times that on a busy machine.
  120_000,
);

/** Needs root and a system that lets it; many containers do not. */
async function mayMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "nova-mount-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
    await run("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function smallDisk(megabytes: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nova-disk-"));
  await mkdir(folder, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  closing.push(async () => {
    await run("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Leaves so many bytes free. */
async function fill(disk: string, left: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, "ballast"), Buffer.alloc(bavail * bsize - left));
}
