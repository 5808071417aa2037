/** What a server is refused for, and that it takes no administrator to run on one. On a server of the test's own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { unfitness } from "../../src/postgres/engine/fitness.ts";
import { refusal } from "../../src/postgres/engine/refusal.ts";
import { takeOnRoles } from "../../src/postgres/engine/roles.ts";
import { createNova } from "../cli/process.ts";
import { command, databaseUrl } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { BUILT, openServer, type OwnServer } from "../support/own-server.ts";

const place = { name: "db:5432/nova", host: "db", user: "ada", database: "nova" };
const fit = {
  version: 17,
  version_name: "17.2",
  encoding: "UTF8",
  standby: false,
  read_only: false,
  offered: "0.8.0",
  installed: null,
};

test.each([
  [
    "an old PostgreSQL",
    { version: 14, version_name: "14.9" },
    /runs PostgreSQL 14\.9; Nova needs 15/,
    /pgvector\/pgvector:pg17/,
  ],
  ["no pgvector", { offered: null }, /has no pgvector/, /postgresql-17-pgvector/],
  ["an old pgvector to install", { offered: "0.7.4" }, /offers pgvector 0\.7\.4/, /postgresql-17-pgvector/],
  [
    "an old pgvector, a newer one at hand",
    { installed: "0.7.4" },
    /has pgvector 0\.7\.4/,
    /^The server has 0\.8\.0 ready.*alter extension vector update/,
  ],
  [
    "an old pgvector and none newer",
    { installed: "0.5.1", offered: "0.5.1" },
    /has pgvector 0\.5\.1/,
    /package.*Then run `alter extension/,
  ],
  ["a standby", { standby: true, read_only: true }, /read-only standby/, /primary/],
] as const)("%s is refused with what to do", (_what, found, message, advice) => {
  const [said = "", told = ""] = unfitness({ ...fit, ...found }, place) ?? [];
  expect(said).toMatch(message);
  expect(told).toMatch(advice);
});

test("a newer server and pgvector are fit", () => {
  expect(unfitness({ ...fit, version: 19, installed: "0.10.1" }, place)).toBeUndefined();
  expect(unfitness({ ...fit, version: 19, offered: "1.0" }, place)).toBeUndefined();
});

test.each([
  [Object.assign(new Error("x"), { code: "ENOTFOUND" }), /The host db .* is not known/],
  [Object.assign(new Error("x"), { code: "57P03" }), /is starting or shutting down/],
  [Object.assign(new Error("x"), { code: "53300" }), /takes no more connections/],
  [
    Object.assign(new Error("x"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
    /certificate .* is not trusted \(DEPTH_ZERO/,
  ],
  [
    Object.assign(new Error("no pg_hba.conf entry for host, no encryption"), { code: "28000" }),
    /does not let the user ada in/,
  ],
  [
    Object.assign(new Error("no pg_hba.conf entry for host, SSL encryption"), { code: "28000" }),
    /does not let the user ada in/,
  ],
  [new Error("Connection terminated due to connection timeout"), /did not answer in time/],
  [Object.assign(new Error("x"), { code: "XX000" }), /cannot be reached \(XX000\)/],
])("refusal %# has a sentence of its own", (cause, message) => {
  expect(refusal(place, cause).message).toMatch(message);
});

test.each([
  [
    "whoever made a role",
    "create role maker createrole login; set session authorization maker; begin; create role nova_app",
  ],
  [
    "whoever was granted it",
    "create role nova_app; create role maker login; grant nova_app to maker; set session authorization maker; begin",
  ],
])("%s can take it on, also where making it is not enough (PostgreSQL 16 and newer)", async (_who, before) => {
  const client = await onEmbedded(before);
  await takeOnRoles(client);
  await client.query("set local role nova_app");
  expect((await client.query("select current_user as name")).rows).toEqual([{ name: "nova_app" }]);
});

test("a role of somebody else is told with the statement that lends it", async () => {
  const client = await onEmbedded(
    "create role nova_app; create role maker login; set session authorization maker; begin",
  );
  await expect(takeOnRoles(client)).rejects.toMatchObject({
    code: "database",
    advice: "As an administrator run `grant nova_app to maker`, then start again.",
  });
});

/** The newer of the two engines, in a transaction of a user who is no administrator. */
async function onEmbedded(before: string): Promise<pg.PoolClient> {
  const database = await openDatabase({ log: silentLog });
  const client = await database.pool.connect();
  onTestFinished(async () => {
    await client.query("rollback");
    client.release();
    await database.close();
  });
  await client.query(before);
  return client;
}

describe.skipIf(BUILT === undefined)("with a server of its own (NOVA_TEST_POSTGRES names a built one)", () => {
  let server: OwnServer;
  let home: string;
  beforeAll(async () => {
    server = await openServer(BUILT ?? "");
    home = await mkdtemp(join(tmpdir(), "nova-server-home-"));
  });
  afterAll(async () => {
    await server.discard();
    await rm(home, { recursive: true, force: true });
  });

  const at = (database: string, user = "postgres", password = "very-secret") =>
    Object.assign(new URL(databaseUrl(server.url, database)), { username: user, password }).href;
  const refused = (url: string) =>
    openDatabase({ url, log: silentLog }).then(
      () => undefined,
      (error: unknown) => error,
    );

  test("each way not to be let in has its own sentence, and none of them the password", async () => {
    await command(server.url, "create role locked login password 'right'; create role ghost login");
    const hba =
      "host all locked all scram-sha-256\nhost all ghost all reject\nlocal all all trust\nhost all all all trust";
    const { rows } = await asked(server.url, "select current_setting('hba_file') as file");
    await command(
      server.url,
      `copy (select unnest(string_to_array('${hba}', E'\\n'))) to '${String(rows[0]?.["file"])}'`,
    );
    await command(server.url, "select pg_reload_conf()");

    const sentences = await Promise.all(
      [
        at("postgres", "locked"),
        at("postgres", "locked", ""),
        at("postgres", "ghost"),
        at("postgres", "nobody"),
        at("nowhere"),
        `${at("postgres")}?sslmode=verify-full`,
      ].map(async (url) => {
        const error = await refused(url);
        expect(error).toMatchObject({ code: "database", advice: expect.stringMatching(/\w/) });
        expect(JSON.stringify(error)).not.toContain("very-secret");
        return error instanceof Error ? error.message : "";
      }),
    );
    expect(sentences).toEqual([
      expect.stringMatching(/^The database at 127\.0\.0\.1:\d+\/postgres refuses the password of the user locked\.$/),
      expect.stringMatching(/asks for the password of the user locked, and DATABASE_URL holds none/),
      expect.stringMatching(/does not let the user ghost in/),
      expect.stringMatching(/knows no user nobody/),
      expect.stringMatching(/has no database called nowhere/),
      expect.stringMatching(/asks for an encrypted connection, and the server .* offers none/),
    ]);
  });

  test("an unfit database ends the start with exit code 1 and just the words", async () => {
    const nova = createNova(home, (child) => onTestFinished(() => void child.kill("SIGKILL")));
    const start = (database: string) => nova.run(["start"], { env: { DATABASE_URL: at(database) } });
    await command(server.url, "create database latin encoding 'LATIN1' locale 'C' template template0");
    expect(await start("latin")).toEqual({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^nova: The database at 127\.0\.0\.1:\d+\/latin is encoded as LATIN1; Nova needs UTF8\.\nMake another one: .*\n$/,
      ),
    });
    await command(server.url, "create database frozen");
    await command(server.url, "alter database frozen set default_transaction_read_only = on");
    expect(await start("frozen")).toMatchObject({ code: 1, err: expect.stringContaining("takes no changes") });
    await command(server.url, "create database old");
    await command(
      at("old"),
      "create extension vector; update pg_extension set extversion = '0.7.4' where extname = 'vector'",
    );
    expect(await start("old")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/has pgvector 0\.7\.4; Nova needs 0\.8 or newer\.\n.*alter extension vector update/),
    });
  }, 60_000);

  test("a user without rights is told what an administrator must run, and that is enough", async () => {
    await command(server.url, `create role "Plain" login`);
    await command(server.url, "create database plain");
    const told = await refused(at("plain", "Plain"));
    expect(told).toMatchObject({
      message: expect.stringMatching(/^The user Plain lacks rights that the first start needs at .*plain\.$/),
      advice: expect.stringContaining('`create extension vector;` `grant create on database "plain" to "Plain";`'),
    });
    await obey(told, at("plain"));

    const nova = createNova(home, (child) => onTestFinished(() => void child.kill("SIGKILL")));
    const ended = await nova.run(["ask", "What is 20 + 22?"], { env: { DATABASE_URL: at("plain", "Plain") } });
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining("42") });
  }, 60_000);

  test("who merely owns the database asks, opens an address, forgets, saves and restores", async () => {
    await command(server.url, "create role holder login");
    await command(server.url, "create database held owner holder");
    await obey(await refused(at("held", "holder")), at("held"));
    const nova = createNova(home, (child) => onTestFinished(() => void child.kill("SIGKILL")));
    const done = async (...args: readonly string[]) => {
      const ended = await nova.run(args, { env: { DATABASE_URL: at("held", "holder") } });
      expect(ended).toMatchObject({ code: 0, err: "" });
      return ended.out;
    };
    expect(await done("ask", "Remember that the spare key hangs behind the blue door")).toContain("Kept");
    await done("hooks", "add", "alerts");
    await done("backup", join(home, "held.backup"));
    await done("memory", "forget", "m1");
    await done("restore", join(home, "held.backup"), "--replace");
    expect(await done("ask", "Where does the spare key hang?")).toContain("blue door");
    expect((await asked(at("held"), "select name from endpoint")).rows).toEqual([{ name: "alerts" }]);
    expect(
      (await asked(at("held", "holder"), "select rolsuper, rolcreaterole from pg_roles where rolname = current_user"))
        .rows,
    ).toEqual([{ rolsuper: false, rolcreaterole: false }]);
  }, 120_000);

  test("four processes that start together on an empty database all come up, with one owner", async () => {
    await command(server.url, "create database fresh");
    const starts = await Promise.all([1, 2, 3, 4].map((n) => mkdtemp(join(home, `fresh-${n}-`))));
    const ended = await Promise.all(
      starts.map((folder, n) =>
        createNova(folder, (child) => onTestFinished(() => void child.kill("SIGKILL"))).run(
          ["ask", `What is ${n} + 40?`],
          {
            env: { DATABASE_URL: at("fresh") },
          },
        ),
      ),
    );
    expect(ended.map(({ code, err }) => ({ code, err }))).toEqual(ended.map(() => ({ code: 0, err: "" })));
    for (const [n, { out }] of ended.entries()) expect(out).toContain(String(n + 40));
    expect(
      (await asked(at("fresh"), "select count(*)::integer as owners from person where role = 'owner'")).rows,
    ).toEqual([{ owners: 1 }]);
  }, 120_000);
});

/** Runs what a refusal says that an administrator must run. */
async function obey(told: unknown, url: string): Promise<void> {
  const advice = told instanceof Error && "advice" in told ? String(told.advice) : "";
  for (const [, statement = ""] of advice.matchAll(/`([^`]+;)`/g)) await command(url, statement);
}

async function asked(url: string, sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
