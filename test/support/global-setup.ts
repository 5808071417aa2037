/**
 * Builds the databases' template once for the whole run: every migration applied and the queue's tables made. On the
 * embedded engine, or on the server that NOVA_TEST_DATABASE_URL names (as a user who may do everything there).
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openDatabase, type Database } from "../../src/postgres/database.ts";
import { migrate } from "../../src/postgres/migrate.ts";
import { createQueue } from "../../src/postgres/queue.ts";
import { command, databaseUrl } from "./database.ts";
import { silentLog } from "./log.ts";

type Template = { readonly file: string } | { readonly server: string; readonly name: string };

declare module "vitest" {
  interface ProvidedContext {
    /** A dumped data folder, or a database of a server. */
    databaseTemplate: Template;
  }
}

type Made = { readonly template: Template; readonly discard: () => Promise<void> };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.NOVA_TEST_DATABASE_URL;
  const { template, discard } = server ? await onServer(server) : await embedded();
  project.provide("databaseTemplate", template);
  return discard;
}

async function embedded(): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), "nova-template-"));
  const file = join(folder, "template.tar.gz");
  const database = await openDatabase({ log: silentLog });
  await prepare(database, async () => writeFile(file, (await database.dump()).stream()));
  return { template: { file }, discard: () => rm(folder, { recursive: true, force: true }) };
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
