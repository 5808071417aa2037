/** Builds the databases' template once for the whole run: a fresh embedded engine with every migration applied and the queue's tables made. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/postgres/database.ts";
import { migrate } from "../../src/postgres/migrate.ts";
import { createQueue } from "../../src/postgres/queue.ts";
import { silentLog } from "./log.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of a dumped data folder with the whole schema in it. */
    databaseTemplate: string;
  }
}

export const MIGRATIONS = new URL("../../migrations", import.meta.url).pathname;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "nova-template-"));
  const template = join(folder, "template.tar.gz");
  const database = await openDatabase({ log: silentLog });
  try {
    await migrate(database, MIGRATIONS);
    await (await createQueue(database, silentLog)).stop(0);
    const dump = await database.dump();
    await writeFile(template, dump.stream());
  } finally {
    await database.close();
  }
  project.provide("databaseTemplate", template);
  return () => rm(folder, { recursive: true, force: true });
}
