/** The channels that are switched on: made, started, asked for their health, and written to. Built by main.ts. */
import {
  parseMarkdown,
  plainText,
  type Adapter,
  type AdapterDefinition,
  type AdapterHost,
  type AdapterRoute,
  type Address,
  type Log,
  type Surfaces,
} from "#core";
import type { Outlet } from "./turn/crew.ts";

export type Channel = { readonly definition: AdapterDefinition; readonly adapter: Adapter };

export interface Channels {
  readonly all: readonly Channel[];
  readonly routes: readonly AdapterRoute[];
  outlet(address: Address): Outlet | undefined;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Makes every channel; `settings` holds what each one's own schema made of the environment. */
export function createChannels(
  definitions: readonly AdapterDefinition[],
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  host: AdapterHost,
): Channels {
  const all = definitions.map((definition) => ({
    definition,
    adapter: definition.create(definition.settings.parse(settings[definition.platform] ?? {}), {
      ...host,
      log: logOf(host.log, definition.platform),
    }),
  }));
  const byPlatform = new Map(all.map((channel) => [channel.definition.platform, channel]));
  return {
    all,
    routes: all.flatMap(({ adapter }) => adapter.routes),
    outlet(address) {
      const channel = byPlatform.get(address.platform);
      return channel && outletOf(channel);
    },
    async start(signal) {
      for (const { adapter } of all) void adapter.listen?.(signal, () => undefined);
    },
    async stop() {
      await Promise.allSettled(all.map(async ({ adapter }) => adapter.stop?.()));
    },
  };
}

function outletOf({ definition, adapter }: Channel): Outlet {
  return {
    idempotentSend: definition.caps.idempotentSend,
    send: (part, signal) => adapter.send(part, signal),
    ...(adapter.reconcile ? { reconcile: async (part) => (await adapter.reconcile?.(part)) ?? "cannot_tell" } : {}),
  };
}

/** Rendering is pure, so it needs the definitions only: a reply can be written before its channel is up. */
export function createSurfaces(definitions: readonly AdapterDefinition[]): Surfaces {
  const byPlatform = new Map(definitions.map((definition) => [definition.platform, definition]));
  return {
    render(address, markdown) {
      const definition = byPlatform.get(address.platform);
      const parts = definition?.render(markdown) ?? [];
      return parts.length > 0 ? parts : [{ body: plainText(parseMarkdown(markdown)) }];
    },
  };
}

/** Log lines of a channel carry its name. */
function logOf(log: Log, platform: string): Log {
  return {
    debug: (event, fields) => log.debug(event, { platform, ...fields }),
    info: (event, fields) => log.info(event, { platform, ...fields }),
    warn: (event, fields) => log.warn(event, { platform, ...fields }),
    error: (event, error, fields) => log.error(event, error, { platform, ...fields }),
  };
}
