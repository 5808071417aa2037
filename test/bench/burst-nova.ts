/** A whole Nova that knows the crowd, and notes when each message was stored. Made by burst. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOME, type AdapterDefinition, type AdapterHost } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import type { Nova } from "../../src/nova.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { silentLog } from "../support/log.ts";
import { nowMs, PEOPLE, type Crowd } from "./burst-crowd.ts";
import type { Engine } from "./engine.ts";

export type BurstNova = {
  readonly nova: Nova;
  readonly url: string;
  readonly database: Database;
  /** By the keys of messages: when they were first stored. */
  readonly storedAt: ReadonlyMap<string, number>;
  /** How many deliveries were known already. */
  repeats(): number;
  close(): Promise<void>;
};

type Setting = { readonly engine: Engine; readonly agents: string; readonly model: string; readonly crowd: Crowd };

export async function startBurstNova({ engine, agents, model, crowd }: Setting): Promise<BurstNova> {
  const platform = crowd.accounts[0]?.platform ?? "";
  const adapters = await loadAdapters(join(import.meta.dirname, "../../adapters"), [platform]);
  const home = await mkdtemp(join(tmpdir(), "nova-bench-"));
  const storedAt = new Map<string, number>();
  let repeats = 0;
  let people: AdapterHost["people"] | undefined;
  const watched = (definition: AdapterDefinition): AdapterDefinition => ({
    ...definition,
    create(settings, host) {
      people = host.people;
      return definition.create(settings, {
        ...host,
        async accept(inbound) {
          const receipt = await host.accept(inbound);
          if (receipt.kind !== "accepted") throw new Error(`a message was not accepted: ${receipt.kind}`);
          if (receipt.duplicate) repeats += 1;
          if (!storedAt.has(inbound.messageKey)) storedAt.set(inbound.messageKey, nowMs());
          return receipt;
        },
      });
    },
  });
  const env = {
    ...crowd.env,
    NOVA_HOME: home,
    NOVA_PORT: "0",
    NOVA_ADAPTERS: platform,
    OPENAI_BASE_URL: model,
    NOVA_MODEL: "stub",
    NOVA_ROUTER_MODEL: "off",
  };
  const database = await engine.database();
  let closing: Promise<void> | undefined;
  const nova = await buildNova(readConfig(env, adapters), {
    service: true,
    log: silentLog,
    database: { ...database, close: () => (closing ??= database.close()) },
    channels: adapters.map(watched),
    agents,
  });
  const close = async (): Promise<void> => {
    await nova.stop();
    // Nova does not wait for it for long; the engine must not end under it.
    await closing;
    await rm(home, { recursive: true, force: true });
  };
  try {
    for (const [at, account] of crowd.accounts.entries()) {
      const person = await people?.add(HOME, PEOPLE[at] ?? "", "member");
      if (person) await people?.link(account, person.id);
    }
    const { url } = await nova.start({ controlToken: "bench" });
    return { nova, url, database, storedAt, repeats: () => repeats, close };
  } catch (error) {
    await close();
    throw error;
  }
}
