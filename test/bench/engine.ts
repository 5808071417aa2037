/** The engines that are measured: the embedded one, and a PostgreSQL server that is at hand or built for the run. */
import { randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { migrate } from "../../src/postgres/engine/migrate.ts";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { MIGRATIONS } from "../../src/service/database-place.ts";
import { command, databaseUrl } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

export type EngineName = "embedded" | "server";

export interface Engine {
  readonly name: EngineName;
  /** A database with the whole schema in it; closing it removes it. */
  database(): Promise<Database>;
  /** For a Nova process of its own: an empty folder, and what its environment needs. */
  home(): Promise<{ readonly folder: string; readonly env: Record<string, string>; drop(): Promise<void> }>;
  close(): Promise<void>;
}

export const openEngine = (name: EngineName): Promise<Engine> => (name === "embedded" ? embedded() : server());

async function embedded(): Promise<Engine> {
  const places: string[] = [];
  const place = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "nova-bench-"));
    places.push(folder);
    return folder;
  };
  return {
    name: "embedded",
    // In a folder, as people run it.
    database: async () => prepared(await openDatabase({ folder: join(await place(), "database"), log: silentLog })),
    home: async () => ({ folder: await place(), env: {}, drop: async () => undefined }),
    close: async () => {
      for (const folder of places) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function server(): Promise<Engine> {
  const given = process.env["NOVA_TEST_DATABASE_URL"];
  const { url, stop }: Built = given ? { url: given, stop: async () => undefined } : await build();
  const create = async () => {
    const name = `nova_bench_${randomUUID().replaceAll("-", "")}`;
    await command(url, `create database ${name}`);
    return { at: databaseUrl(url, name), drop: () => command(url, `drop database ${name} with (force)`) };
  };
  return {
    name: "server",
    async database() {
      const { at, drop } = await create();
      const database = await prepared(await openDatabase({ url: at, log: silentLog }));
      return {
        ...database,
        async close() {
          await database.close();
          await drop();
        },
      };
    },
    async home() {
      const folder = await mkdtemp(join(tmpdir(), "nova-bench-"));
      const { at, drop } = await create();
      return {
        folder,
        env: { DATABASE_URL: at },
        async drop() {
          await drop();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
    close: stop,
  };
}

async function prepared(database: Database): Promise<Database> {
  await migrate(database, MIGRATIONS);
  return database;
}

const SCRIPT = new URL("../../.ci/postgres", import.meta.url).pathname;

type Built = { readonly url: string; readonly stop: () => Promise<void> };

/** From Debian's packages, in a folder of its own: some twenty seconds. */
async function build(): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), "nova-bench-server-"));
  // The server runs as a user of its own when the bench runs as root.
  await chmod(folder, 0o755);
  const port = String(await freePort());
  const tell = (verb: string) => promisify(execFile)(SCRIPT, [verb, folder, port]);
  const { stdout } = await tell("start");
  return {
    url: stdout.trim(),
    async stop() {
      await tell("stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
