/** Fresh databases for tests: copies of one template that the global set-up made, on the engine that it chose. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { silentLog } from "./log.ts";

/** An own database with the whole schema in it: about 0.3 s. The caller closes it. */
export function testDatabase(): Promise<Database> {
  const template = inject("databaseTemplate");
  return "server" in template ? onServer(template) : openDatabase({ template: template.file, log: silentLog });
}

async function onServer(template: { readonly server: string; readonly name: string }): Promise<Database> {
  const name = freshName();
  await command(template.server, `create database ${name} template ${template.name}`);
  const database = await openDatabase({ url: databaseUrl(template.server, name), log: silentLog });
  return {
    ...database,
    close: async () => {
      await database.close();
      await command(template.server, `drop database ${name} with (force)`);
    },
  };
}

/** Where the Nova processes of a test keep their data, on the engine of the run. */
export type FreshDatabase = {
  /** For their environment. Empty on the embedded engine: each keeps its data in its NOVA_HOME. */
  readonly env: Readonly<Record<string, string>>;
  /** Reads what they left; on the embedded engine what the process of this home left, when it has ended. */
  open(home: string): Promise<Database>;
  drop(): Promise<void>;
};

/** With the whole schema in it, unless it is to be `empty`; on the embedded engine that is for `fillHome` to bring. */
export async function freshDatabase({ empty = false } = {}): Promise<FreshDatabase> {
  const template = inject("databaseTemplate");
  if (!("server" in template)) {
    return {
      env: {},
      open: (home) => openDatabase({ folder: join(home, "database"), log: silentLog }),
      drop: async () => undefined,
    };
  }
  const name = freshName();
  await command(template.server, `create database ${name}${empty ? "" : ` template ${template.name}`}`);
  const url = databaseUrl(template.server, name);
  return {
    env: { DATABASE_URL: url },
    open: () => openDatabase({ url, log: silentLog }),
    drop: () => command(template.server, `drop database ${name} with (force)`),
  };
}

const freshName = (): string => `nova_test_${randomUUID().replaceAll("-", "")}`;

/** The same server, another database of it. */
export function databaseUrl(server: string, name: string): string {
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

/** A statement that needs a connection of its own, such as `create database`. */
export async function command(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
