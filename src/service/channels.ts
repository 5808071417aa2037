/** The channels that are switched on: made, started, asked for their health, and written to. Built by main.ts. */
import {
  commandsAs,
  plainMarkdown,
  type Adapter,
  type AdapterDefinition,
  type AdapterHost,
  type AdapterRoute,
  type Address,
  type Health,
  type Log,
  type Reach,
  type Surfaces,
} from "#core";
import type { Outlet } from "../turn/crew.ts";
import { createSupervision, RETRYING, type ConnectionNews, type Retrying } from "./supervision.ts";

export type Channel = {
  readonly definition: AdapterDefinition;
  readonly adapter: Adapter;
  /** The adapter's own word, but never green while its connection is down. */
  health(): Readonly<Record<"transport" | "admission" | "auth", Health>>;
};

export type ChannelNews = ConnectionNews & {
  readonly platform: string;
  /** Where the platform posts to; null for a channel that connects out. */
  readonly servedAt: string | null;
};

export interface Channels {
  readonly all: readonly Channel[];
  readonly routes: readonly AdapterRoute[];
  outlet(address: Address): Outlet | undefined;
  /** Lets every channel connect that connects out, and waits for none. */
  start(onNews: (news: ChannelNews) => void): void;
  /** Ends the connections over which a platform brings again what is not taken; replies still leave. */
  hush(): Promise<void>;
  /** Ends the connections and the channels; resolves when both have ended. */
  stop(): Promise<void>;
}

/** Makes every channel; `settings` holds what each one's own schema made of the environment. */
export function createChannels(
  definitions: readonly AdapterDefinition[],
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  host: AdapterHost,
  retrying: Retrying = RETRYING,
): Channels {
  let onNews: (news: ChannelNews) => void = () => {};
  const all = definitions.map((definition) => {
    const { platform } = definition;
    const log = logOf(host.log, platform);
    const adapter = definition.create(definition.settings.parse(settings[platform] ?? {}), { ...host, log });
    const supervision =
      adapter.listen &&
      createSupervision({
        listen: async (signal, up) => adapter.listen?.(signal, up),
        clock: host.clock,
        log,
        retrying,
        onNews: (news) => onNews({ platform, servedAt: publicPath(adapter), ...news }),
      });
    const health = (): ReturnType<Channel["health"]> => {
      const own = adapter.health();
      return supervision ? { ...own, transport: supervision.transport(own.transport) } : own;
    };
    return { definition, adapter, health, supervision };
  });
  const byPlatform = new Map(all.map((channel) => [channel.definition.platform, channel]));
  return {
    all,
    routes: all.flatMap(({ adapter }) => adapter.routes),
    outlet(address) {
      const channel = byPlatform.get(address.platform);
      return channel && outletOf(channel);
    },
    start(listener) {
      onNews = listener;
      for (const { supervision } of all) supervision?.start();
    },
    async hush() {
      await Promise.allSettled(
        all.map(async ({ definition, supervision }) => definition.caps.redelivers && supervision?.stop()),
      );
    },
    async stop() {
      await Promise.allSettled(
        // Both at once: a connection that will not end must not keep its channel from closing the rest.
        all.flatMap(({ adapter, supervision }) => [
          (async () => supervision?.stop())(),
          (async () => adapter.stop?.())(),
        ]),
      );
    },
  };
}

const publicPath = ({ routes }: Adapter): string | null =>
  routes.find(({ surface }) => surface === "public")?.path ?? null;

function outletOf({ definition, adapter }: Channel): Outlet {
  return {
    idempotentSend: definition.caps.idempotentSend,
    send: (part, signal) => adapter.send(part, signal),
    ...(adapter.fetch ? { fetch: adapter.fetch.bind(adapter) } : {}),
    ...(adapter.reconcile ? { reconcile: adapter.reconcile.bind(adapter) } : {}),
  };
}

/** Rendering is pure, so it needs the definitions only: a reply can be written before its channel is up. */
export function createSurfaces(definitions: readonly AdapterDefinition[]): Surfaces {
  const byPlatform = new Map(definitions.map((definition) => [definition.platform, definition]));
  const render: Surfaces["render"] = (address, markdown) => {
    const parts = byPlatform.get(address.platform)?.render(markdown) ?? [];
    return parts.length > 0 ? parts : [{ body: plainMarkdown(markdown) }];
  };
  return {
    render,
    renderOwn(address, markdown) {
      const prefix = byPlatform.get(address.platform)?.caps.commandPrefix;
      return render(address, prefix === undefined ? markdown : commandsAs(markdown, prefix));
    },
  };
}

/** Where people can be written to unasked; what is not among the running ones is switched on elsewhere, or later. */
export const reachesOf = (
  installed: readonly AdapterDefinition[],
  running: readonly AdapterDefinition[],
): readonly Reach[] =>
  installed
    .filter(({ unasked }) => unasked !== "never")
    .map(({ platform, unasked }) => ({
      platform,
      how: unasked === undefined ? ("rings" as const) : ("page" as const),
      running: running.some((each) => each.platform === platform),
      ...(typeof unasked === "object" ? { home: (person) => unasked.at(person) } : {}),
    }));

/** Log lines of a channel carry its name. */
function logOf(log: Log, platform: string): Log {
  return {
    debug: (event, fields) => log.debug(event, { platform, ...fields }),
    info: (event, fields) => log.info(event, { platform, ...fields }),
    warn: (event, fields) => log.warn(event, { platform, ...fields }),
    error: (event, error, fields) => log.error(event, error, { platform, ...fields }),
  };
}
