/** Backup, restore and the move to a server as a person does them: real processes, killed in the middle too. */
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { TableSum } from "#core";
import { readArchive } from "../../src/postgres/archive/read.ts";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { createNova, type Env } from "../cli/process.ts";
import { command, databaseUrl } from "../support/database.ts";
import { fillHome } from "../support/home.ts";
import { silentLog } from "../support/log.ts";
import { isWhole } from "../support/nightly.ts";
import { listen, post, signIn, startService } from "../support/service.ts";

const SERVER = process.env["NOVA_TEST_DATABASE_URL"];
/** What works on a folder is the same beside a server: it is proven on the embedded engine alone. */
const onServer = SERVER !== undefined;

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "nova-backup-"));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const novaAt = (home: string) => createNova(home, (child) => onTestFinished(() => void child.kill("SIGKILL")));
const home = (name: string) => join(place, name);
const file = (name: string) => join(place, name);

async function serverDatabase(): Promise<string> {
  const name = `nova_test_${randomUUID().replaceAll("-", "")}`;
  await command(SERVER ?? "", `create database ${name}`);
  onTestFinished(() => command(SERVER ?? "", `drop database ${name} with (force)`));
  return databaseUrl(SERVER ?? "", name);
}

type Place = { readonly folder: string } | { readonly url: string };

async function open<T>(where: Place, work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>) {
  const database = await openDatabase({ ...where, log: silentLog });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Every table but those that a start adds to. */
const sumsOf = (where: Place): Promise<readonly TableSum[]> =>
  open(where, (database) =>
    readArchive(database, { version: "", madeAt: new Date(), signal: new AbortController().signal }, async (parts) => {
      for await (const part of parts) if (part.kind === "end") return part.tables;
      return [];
    }),
  );

/** Enough for a restore that can be met in its middle; in the process of the test, for every other one takes seconds. */
const fill = (where: Place, from: number, to: number): Promise<unknown> =>
  open(where, ({ pool }) =>
    pool.query(
      `insert into memory_source (person_id, kind, stream, author, trust, body, content_hash, happened_at)
       select (select min(id) from person), 'note', 's', 'a', 'owner', repeat(md5(n::text), 8), decode(md5(n::text), 'hex'), now()
       from generate_series($1::int, $2::int) n`,
      [from, to],
    ),
  );

test.skipIf(onServer)(
  "a service is saved while it works; sessions, notes and what waited go on after a restore",
  { timeout: 400_000 },
  async () => {
    await fillHome(home("first"));
    const first = await startService(home("first"));
    const cookie = await signIn(first.loginUrl);
    const ask = (text: string) => post(first, cookie, { id: randomUUID(), text });
    expect((await ask("Remember that the spare key hangs behind the blue door")).status).toBeLessThan(300);
    const page = listen(first, cookie);
    await vi.waitFor(() => expect(page.of("message").length).toBeGreaterThanOrEqual(2), { timeout: 30_000 });
    page.close();
    const saved = await novaAt(home("first")).run(["backup", file("a.backup"), "--json"]);
    expect(saved).toMatchObject({ code: 0 });
    expect(JSON.parse(saved.out)).toMatchObject({ file: file("a.backup"), manifest: { engine: "embedded" } });
    expect((await stat(file("a.backup"))).mode & 0o777).toBe(0o600);

    const beside = await novaAt(home("first")).run(["restore", file("a.backup"), "--replace"]);
    expect(beside).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Nova runs for .*; a restore needs it to itself/),
    });
    expect(await first.stop()).toBe(0);

    // A message that nobody has begun to answer, as a crash leaves it, without the queue's own note of it.
    await open({ folder: join(home("first"), "database") }, async ({ pool }) => {
      await pool.query(
        `insert into message (conversation_id, person_id, direction, author_id, message_key, text, at, stored_at)
       select conversation_id, person_id, 'in', author_id, 'late', 'Where does the spare key hang?', now(), now()
       from message where direction = 'in' limit 1`,
      );
      await pool.query("truncate pgboss.job");
    });
    const second = await novaAt(home("first")).run(["backup", file("b.backup")]);
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining("guard it like a password") });

    const restored = await novaAt(home("other")).run(["restore", file("b.backup")]);
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining("every table was compared") });
    const other = await startService(home("other"));
    const again = listen(other, cookie);
    await vi.waitFor(() => expect(JSON.stringify(again.of("message"))).toContain("You noted on"), { timeout: 30_000 });
    again.close();
    expect(await other.stop()).toBe(0);
  },
);

test.skipIf(onServer || !isWhole)(
  "a used folder is replaced only when asked to, and what was there is kept beside",
  { timeout: 400_000 },
  async () => {
    await fillHome(home("a"));
    const nova = novaAt(home("a"));
    await nova.run(["memory", "add", "the first note"]);
    expect((await nova.run(["backup", file("a.backup")])).code).toBe(0);
    await nova.run(["memory", "add", "the second note"]);
    const refused = await nova.run(["restore", file("a.backup")]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("holds something already") });
    expect((await nova.run(["restore", file("a.backup"), "--replace"])).code).toBe(0);
    const list = (await nova.run(["memory", "list"])).out;
    expect(list).toContain("the first note");
    expect(list).not.toContain("the second note");
    const [kept = ""] = (await readdir(home("a"))).filter((name) => name.startsWith("database.before-restore-"));
    const { rows } = await open({ folder: join(home("a"), kept) }, ({ pool }) =>
      pool.query<{ text: string }>("select text from memory_item order by id"),
    );
    expect(rows.map(({ text }) => text)).toEqual(["the first note", "the second note"]);
  },
);

test.skipIf(onServer || !isWhole)(
  "standard output and standard input carry a backup; a check needs no database",
  { timeout: 400_000 },
  async () => {
    await fillHome(home("a"));
    await novaAt(home("a")).run(["memory", "add", "a travelling note"]);
    const { child, ended } = novaAt(home("a")).start(["backup", "-"]);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    expect((await ended).code).toBe(0);
    const arrived = await novaAt(home("b")).run(["restore", "-"], { input: Buffer.concat(chunks) });
    expect(arrived).toMatchObject({ code: 0 });
    expect((await novaAt(home("b")).run(["memory", "list"])).out).toContain("a travelling note");
    expect((await readdir(home("a"))).toSorted()).toEqual(["cache", "database", "lock"]);
    const broken = await novaAt(home("b")).run(["restore", "-"], { input: Buffer.concat(chunks).subarray(0, 900) });
    expect(broken).toMatchObject({ code: 2, err: expect.stringContaining("is not whole") });
    expect((await readdir(home("b"))).toSorted()).toEqual(["cache", "database", "lock"]);
  },
);

test.skipIf(onServer)("killed in the middle of a restore, the folder is as it was", { timeout: 400_000 }, async () => {
  await fillHome(home("a"));
  const nova = novaAt(home("a"));
  const database = { folder: join(home("a"), "database") };
  await fill(database, 1, 20_000);
  expect((await nova.run(["backup", file("big.backup")])).code).toBe(0);
  await fill(database, 20_001, 20_001);
  const before = await sumsOf(database);
  const { child, ended } = nova.start(["restore", file("big.backup"), "--replace"]);
  await vi.waitFor(async () => expect(await readdir(home("a"))).toContain("database.restoring"), { timeout: 60_000 });
  await pause(700);
  child.kill("SIGKILL");
  await ended;
  expect(await sumsOf(database)).toEqual(before);
  // The next one begins anew over what was left behind.
  expect((await nova.run(["restore", file("big.backup"), "--replace"])).code).toBe(0);
  expect(await readdir(home("a"))).not.toContain("database.restoring");
});

test.skipIf(!onServer)(
  "killed in the middle of a restore, the server's database is as it was (needs NOVA_TEST_DATABASE_URL)",
  { timeout: 400_000 },
  async () => {
    const url = await serverDatabase();
    const env: Env = { DATABASE_URL: url };
    const nova = novaAt(home("s"));
    await nova.run(["memory", "add", "a note"], { env });
    await fill({ url }, 1, 20_000);
    expect((await nova.run(["backup", file("big.backup")], { env })).code).toBe(0);
    await nova.run(["memory", "add", "the newest note"], { env });
    const before = await sumsOf({ url });
    for (const wait of [0, 100]) {
      const { child, ended } = nova.start(["restore", file("big.backup"), "--replace"], env);
      await vi.waitFor(() => expect(loading(url)).resolves.toBe(true), { timeout: 60_000, interval: 20 });
      await pause(wait);
      child.kill("SIGKILL");
      await ended;
      expect(await sumsOf({ url })).toEqual(before);
    }
    const done = await nova.run(["restore", file("big.backup"), "--replace"], { env });
    expect(done).toMatchObject({ code: 0 });
    expect((await nova.run(["memory", "list"], { env })).out).not.toContain("the newest note");
  },
);

/** A restore has its transaction open, and rows are on their way. */
async function loading(url: string): Promise<boolean> {
  // No Nova: it would wait until the restore is done.
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and query like 'insert into public.%'`,
    );
    return rows.length > 0;
  } finally {
    await client.end();
  }
}

test.skipIf(!onServer)(
  "the move to a server in one command: counts side by side, and the service goes on there (needs NOVA_TEST_DATABASE_URL)",
  { timeout: 400_000 },
  async () => {
    const url = await serverDatabase();
    await fillHome(home("m"));
    const service = await startService(home("m"));
    const cookie = await signIn(service.loginUrl);
    await post(service, cookie, { id: randomUUID(), text: "Remember that the spare key hangs behind the blue door" });
    const page = listen(service, cookie);
    await vi.waitFor(() => expect(page.of("message").length).toBeGreaterThanOrEqual(2), { timeout: 30_000 });
    page.close();
    expect(await service.stop()).toBe(0);
    const nova = novaAt(home("m"));
    expect((await nova.run(["backup", file("m.backup")])).code).toBe(0);

    const moved = await nova.run(["migrate", "--to", "-"], { input: `${url}\n` });
    expect(moved).toMatchObject({ code: 0, out: expect.stringMatching(/message +2 +2 +equal [0-9a-f]{12}/) });
    expect(moved.out).toContain("From now on set DATABASE_URL=");
    expect(await sumsOf({ url })).toEqual(await sumsOf({ folder: join(home("m"), "database") }));

    const twice = await nova.run(["migrate", "--to", url]);
    expect(twice).toMatchObject({ code: 2, err: expect.stringContaining("holds something already") });

    // Whoever forgets the setting must not go on with the copy.
    const forgot = await nova.run(["ask", "hello"]);
    expect(forgot).toMatchObject({ code: 2, err: expect.stringContaining("was moved to postgres://") });
    const there = await startService(home("m"), { DATABASE_URL: url });
    const company = await novaAt(home("n")).run(["restore", file("m.backup"), "--replace"], {
      env: { DATABASE_URL: url },
    });
    expect(company).toMatchObject({ code: 1, err: expect.stringContaining("Another Nova is using the database") });
    await post(there, cookie, { id: randomUUID(), text: "Where does the spare key hang?" });
    const later = listen(there, cookie);
    await vi.waitFor(() => expect(JSON.stringify(later.of("message"))).toContain("You noted on"), { timeout: 30_000 });
    later.close();
    expect(await there.stop()).toBe(0);
  },
);

test.skipIf(SERVER === undefined || !isWhole)(
  "beside a running service nothing is rebuilt, whatever its connections are called; when it has stopped, it is (needs NOVA_TEST_DATABASE_URL)",
  { timeout: 400_000 },
  async () => {
    const url = await serverDatabase();
    const env: Env = { DATABASE_URL: Object.assign(new URL(url), { search: "?application_name=nova-prod" }).href };
    await fillHome(home("source"));
    const source = novaAt(home("source"));
    await source.run(["memory", "add", "the note of the backup"]);
    expect((await source.run(["backup", file("other.backup")])).code).toBe(0);

    const service = await startService(home("prod"), env);
    const cookie = await signIn(service.loginUrl);
    const other = novaAt(home("other"));
    const restore = ["restore", file("other.backup"), "--replace"];
    const refused = { code: 1, err: expect.stringContaining("Another Nova is using the database") };
    expect(await other.run(restore, { env })).toMatchObject(refused);
    expect(await source.run(["migrate", "--to", env["DATABASE_URL"] ?? "", "--replace"])).toMatchObject(refused);

    await post(service, cookie, { id: randomUUID(), text: "Remember that the spare key hangs behind the blue door" });
    const page = listen(service, cookie);
    await vi.waitFor(() => expect(page.of("message").length).toBeGreaterThanOrEqual(2), { timeout: 30_000 });
    page.close();
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    await command(url, "alter schema pgboss rename to gone");
    expect(await (await fetch(`${service.url}/readyz`)).json()).toMatchObject({ notReady: ["queue"] });
    await command(url, "alter schema gone rename to pgboss");
    expect(await service.stop()).toBe(0);

    // Without --replace it is looked at in the transaction of the load.
    const held = { code: 2, err: expect.stringContaining("holds something already") };
    expect(await other.run(restore.slice(0, 2), { env })).toMatchObject(held);
    expect(await other.run(restore, { env })).toMatchObject({ code: 0, err: "" });
    const { out } = await other.run(["memory", "list"], { env });
    expect(out).toContain("the note of the backup");
    expect(out).not.toContain("spare key");
  },
);

test.skipIf(onServer)(
  "migrate says what it applied, refuses beside a service, and refuses what is no server",
  { timeout: 400_000 },
  async () => {
    const nova = novaAt(home("a"));
    expect((await nova.run(["migrate"])).out).toMatch(/Applied \d+ migrations:\n {2}0001_conversation.sql/);
    expect((await nova.run(["migrate", "--json"])).out).toBe('{\n  "migrated": []\n}\n');
    const wrong = await nova.run(["migrate", "--to", "mysql://u:secret@h/d"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.not.stringContaining("secret") });
    const service = await startService(home("a"));
    expect(await nova.run(["migrate"])).toMatchObject({ code: 1, err: expect.stringContaining("Nova runs for") });
    expect(await service.stop()).toBe(0);
  },
);
