/** A whole Nova on an own embedded database, with a channel for tests. The caller stops it. */
import { join } from "node:path";
import { inject } from "vitest";
import { HOME, serviceOf, type Clock, type Log, type Performer, type Person } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import { buildNova } from "../../src/main.ts";
import type { Nova } from "../../src/nova.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import type { Retrying } from "../../src/service/supervision.ts";
import { createTestChannel, type TestChannel } from "./channel.ts";
import { testDatabase } from "./database.ts";
import { silentLog } from "./log.ts";

export type TestNova = {
  readonly nova: Nova;
  readonly channel: TestChannel;
  readonly database: Database;
  readonly owner: Person;
  /** Says it as the owner and waits for the reply: the text of its parts, joined. */
  ask(text: string): Promise<string>;
  /** Runs a verb of the operator and returns its result; throws the text of its error. */
  verb(name: string, input?: unknown): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type TestNovaOptions = {
  readonly models?: ChatModels;
  readonly channel?: TestChannel;
  /** Another channel, on a platform of its own. */
  readonly beside?: TestChannel;
  readonly agents?: string;
  /** Carry out effects beside those that Nova brings along. */
  readonly performers?: readonly Performer[];
  readonly clock?: Clock;
  readonly log?: Log;
  readonly sweepEveryMs?: number;
  /** How long a channel that is cut off waits before it connects again. */
  readonly retrying?: Retrying;
  /** True: one that can be started and asked for its metrics. */
  readonly service?: boolean;
  /** Real adapters beside the test channel, by the names of their folders; `env` has their settings. */
  readonly adapters?: readonly string[];
  /** Settings beside those of every test. */
  readonly env?: Readonly<Record<string, string>>;
  /** An own database, such as one that somebody else has worked on; closed with the Nova. */
  readonly database?: Database;
};

export async function startNova(options: TestNovaOptions = {}): Promise<TestNova> {
  const database = options.database ?? (await testDatabase());
  const channel = options.channel ?? createTestChannel();
  const names = options.adapters ?? [];
  const adapters = await loadAdapters(join(import.meta.dirname, "../../adapters"), names);
  const env = {
    NOVA_HOME: inject("homeTemplate"),
    NOVA_PORT: "0",
    NOVA_ADAPTERS: names.join(",") || "web",
    // A test tells its model what to say, call by call: it is asked for the route only where the test is about that.
    NOVA_ROUTER_MODEL: "off",
    ...options.env,
  };
  const nova = await buildNova(readConfig(env, adapters), {
    service: options.service ?? false,
    log: options.log ?? silentLog,
    database,
    channels: [channel.definition, ...(options.beside ? [options.beside.definition] : []), ...adapters],
    ...(options.models ? { models: options.models } : {}),
    ...(options.retrying ? { retrying: options.retrying } : {}),
    ...(options.sweepEveryMs === undefined ? {} : { sweepEveryMs: options.sweepEveryMs }),
    ...(options.agents === undefined ? {} : { agents: options.agents }),
    ...(options.performers ? { performers: options.performers } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const owner = await ownerOf(database);
  await channel.introduce("owner", owner);
  return {
    nova,
    channel,
    database,
    owner,
    async ask(text) {
      const before = channel.parts.length;
      await channel.say("owner", text);
      await nova.settled(AbortSignal.timeout(20_000));
      return channel.sent().slice(before).join("");
    },
    async verb(name, input = {}) {
      const request = new Request(`http://nova/control/${name}`, { method: "POST", body: JSON.stringify(input) });
      const lines = (await (await nova.control.fetch(request)).text()).trim().split("\n");
      const last: { result?: unknown; error?: { message: string } } = JSON.parse(lines.at(-1) ?? "{}");
      if (last.error) throw new Error(last.error.message);
      return last.result;
    },
    [Symbol.asyncDispose]: () => nova.stop(),
  };
}

async function ownerOf(database: Database): Promise<Person> {
  return database.within(serviceOf(HOME), async (tx) => {
    const { rows } = await tx.query<{ id: string; name: string }>("select id, name from person where role = 'owner'");
    const [row] = rows;
    if (!row) throw new Error("there is no owner");
    return { id: row.id as Person["id"], tenant: HOME, name: row.name, role: "owner" };
  });
}
