/**
 * Builds the databases' template once for the whole run: every migration applied and the queue's tables made. On the
 * embedded engine, or on the server that NOVA_TEST_DATABASE_URL names (as a user who may do everything there). Beside it
 * a NOVA_HOME as a first start leaves it: a first start takes 10 s of a processor, a copy next to nothing.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { TestProject } from "vitest/node";
import { openOnCall, routerCache } from "../../src/service/on-call.ts";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { migrate } from "../../src/postgres/engine/migrate.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { command, databaseUrl } from "./database.ts";
import { silentLog } from "./log.ts";

type Template = { readonly file: string } | { readonly server: string; readonly name: string };

declare module "vitest" {
  interface ProvidedContext {
    /** A dumped data folder, or a database of a server. */
    databaseTemplate: Template;
    /** A folder to copy; on the embedded engine with the database, in any case with what the router learned. */
    homeTemplate: string;
  }
}

type Made = { readonly template: Template; readonly discard: () => Promise<void> };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.NOVA_TEST_DATABASE_URL;
  const folder = await mkdtemp(join(tmpdir(), "nova-template-"));
  const home = join(folder, "home");
  await mkdir(home, { mode: 0o700 });
  const [{ template, discard }] = await Promise.all([server ? onServer(server) : embedded(folder, home), learn(home)]);
  project.provide("databaseTemplate", template);
  project.provide("homeTemplate", home);
  return async () => {
    await discard();
    await rm(folder, { recursive: true, force: true });
  };
}

const learn = (home: string) => openOnCall(new URL("../../agents", import.meta.url).pathname, routerCache(home));

async function embedded(folder: string, home: string): Promise<Made> {
  const file = join(folder, "template.tar");
  const database = await openDatabase({ log: silentLog });
  // Unpacked once: every test that opens it would else do so again, which takes longer than all else of opening.
  await prepare(database, async () =>
    writeFile(file, await promisify(gunzip)(await (await database.dump()).arrayBuffer())),
  );
  const data = join(home, "database");
  await mkdir(data, { mode: 0o700 });
  await promisify(execFile)("tar", ["-xf", file, "-C", data]);
  return { template: { file }, discard: async () => undefined };
}

async function onServer(server: string): Promise<Made> {
  const name = `nova_template_${process.pid}`;
  await command(server, `create database ${name}`);
  await prepare(await openDatabase({ url: databaseUrl(server, name), log: silentLog }));
  return { template: { server, name }, discard: () => command(server, `drop database ${name} with (force)`) };
}

async function prepare(database: Database, keep = async () => {}): Promise<void> {
  try {
    await migrate(database, new URL("../../migrations", import.meta.url).pathname);
    await (await createQueue(database, silentLog)).stop(0);
    await keep();
  } finally {
    await database.close();
  }
}
