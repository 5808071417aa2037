/** The composition root: opens every room, hands each what it needs, and closes them in the reverse order. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  accountText,
  NovaError,
  systemClock,
  type AdapterDefinition,
  type Clock,
  type Log,
  type Performer,
  type Surfaces,
} from "#core";
import { writeBackup } from "./archive/write.ts";
import { createControl, type ControlVerb } from "./http/control.ts";
import type { ReadinessCheck } from "./http/health.ts";
import { createHttpServer } from "./http/server.ts";
import { createChatModels, DEFAULT_MODEL, type ChatModels } from "./langchain/models/chat-models.ts";
import type { Nova } from "./nova.ts";
import { loadAdapters } from "./plugins/index.ts";
import { readArchive } from "./postgres/archive/read.ts";
import { openDatabase, type Database, type DatabaseOptions, type Patience } from "./postgres/engine/database.ts";
import { createChannels, createSurfaces, reachesOf, type Channels } from "./service/channels.ts";
import { closeInTurn } from "./service/closing.ts";
import { databaseOf } from "./service/database-place.ts";
import { createHost } from "./service/host.ts";
import { openOnCall, readAgents, routerCache, type OnCall } from "./service/on-call.ts";
import { once } from "./service/once.ts";
import { openStores, type Stores } from "./service/stores.ts";
import type { Retrying } from "./service/supervision.ts";
import { checksOf, openWatching } from "./service/watching.ts";
import { openWorkshop, warnOfApprovers } from "./service/workshop.ts";
import type { Config } from "./settings/config.ts";
import { verbs, type Facts, type VerbParts } from "./verbs/index.ts";

const FOLDER = join(import.meta.dirname, "..");
const LOGIN_MS = 15 * 60_000;

export type BuildOptions = {
  /** True: the long-running service with its ports and channels. False: one verb, in process. */
  readonly service: boolean;
  readonly log: Log;
  readonly clock?: Clock;
  /** How long a database server that is not up yet is waited for; not at all when left out. */
  readonly patience?: Patience;
  /** Stands in for the database that `config` names. */
  readonly database?: Database;
  readonly models?: ChatModels;
  /** Stand in for the channels that `config` names. */
  readonly channels?: readonly AdapterDefinition[];
  /** Carry out effects beside those that Nova brings along; of the same verb in their place. */
  readonly performers?: readonly Performer[];
  /** Where the agents are, when not beside the source. */
  readonly agents?: string;
  /** How often is looked for work that was left behind. */
  readonly sweepEveryMs?: number;
  /** How long a channel that is cut off waits before it connects again. */
  readonly retrying?: Retrying;
};

export async function buildNova(config: Config, options: BuildOptions): Promise<Nova> {
  const { log, clock = systemClock } = options;
  const folder = join(FOLDER, "adapters");
  const definitions = options.channels ?? (await loadAdapters(folder, config.adapters));
  // Also those that run in another process: a reply that is written here may be sent there, and only as its channel reads it.
  const installed = options.channels ?? (await loadAdapters(folder));
  const surfaces = createSurfaces(installed);
  const agents = await openOnCall(options.agents ?? join(FOLDER, "agents"), routerCache(config.home));
  const database = options.database ?? (await openDatabase(await place(config, options)));
  try {
    const stores = await openStores(database, {
      clock,
      log,
      cap: config.dailyCap,
      reaches: reachesOf(installed, definitions),
    });
    try {
      return await assemble(config, options, { definitions, surfaces, agents, database, stores });
    } catch (error) {
      await stores.queue.stop(0);
      throw error;
    }
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function place(config: Config, { log, clock = systemClock, patience }: BuildOptions): Promise<DatabaseOptions> {
  return { ...(await databaseOf(config, log, clock)), ...(patience && { patience }) };
}

type Opened = {
  readonly definitions: readonly AdapterDefinition[];
  readonly surfaces: Surfaces;
  readonly agents: OnCall;
  readonly database: Database;
  readonly stores: Stores;
};

async function assemble(config: Config, options: BuildOptions, opened: Opened): Promise<Nova> {
  const { definitions, surfaces, agents, database, stores } = opened;
  const { log, clock = systemClock, agents: agentsFolder = join(FOLDER, "agents") } = options;
  const startedAt = clock.now();
  const models = options.models ?? createChatModels(modelSettings(config), clock);
  const health = (): readonly ReadinessCheck[] => [
    { name: "service", check: () => ({ ok: accepting, detail: accepting ? "running" : "stopping" }) },
    ...checksOf(database, channels),
  ];
  const watched = { service: options.service, version: VERSION, database, models, checks: health, log };
  const telemetry = await openWatching(config, watched);
  const { worker, postRound, egress, router, progress } = openWorkshop({
    config,
    stores,
    agents,
    models,
    surfaces,
    telemetry,
    outlet: (address) => channels.outlet(address),
    performers: options.performers ?? [],
    sweepEveryMs: options.sweepEveryMs,
    keepsTime: options.service,
    clock,
    log,
  });
  /** The service works from its start; a single verb only once it has brought something to work on. */
  const working = once(async () => {
    await worker.start();
    postRound.start();
  });

  let url = configuredUrl(config);
  let listening: string | undefined;
  let accepting = true;
  const open = async (): Promise<void> => {
    if (!accepting) throw new NovaError("unavailable", "Nova is stopping.", { advice: "Send it again in a moment." });
    await working.begin();
  };
  const publicUrl = () => url;
  const host = createHost({ worker, stores, roster: agents.roster, progress, open, publicUrl, clock, log });
  const channels: Channels = createChannels(definitions, config.settings, host, options.retrying);
  const owner = await stores.people.owner(config.ownerName ?? "Owner");
  const claimed = await stores.directory.claim(config.owners, owner.id);
  for (const account of claimed.blocked)
    log.warn("owner.account_blocked", { account: accountText(account), remedy: "nova people unblock" });
  for (const { account, from } of claimed.moved)
    log.warn("owner.account_moved", { account: accountText(account), from, to: owner.id });

  if (options.service) warnOfApprovers(config.approvers, await stores.people.all(owner.tenant), log);

  const model = models.kind === "offline" ? "offline" : (config.models.main ?? DEFAULT_MODEL);
  const facts = (): Facts => ({
    service: options.service,
    startedAt,
    version: VERSION,
    model,
    database: database.engine,
    adapters: channels.all.map((channel) => ({ platform: channel.definition.platform, ...channel.health() })),
  });
  const parts: VerbParts = {
    ...stores,
    roster: agents.roster,
    effects: agents.effects,
    router,
    decisions: {
      ...worker.decisions,
      // What is approved is carried out by whoever works here, also where that is this one verb.
      say: async (said) => {
        await open();
        return worker.decisions.say(said);
      },
      change: async (said, fields) => {
        await open();
        return worker.decisions.change(said, fields);
      },
    },
    egress,
    webhookPosts: {
      list: (tenant, query) => stores.webhookPosts.list(tenant, query),
      async replay(id, tenant, now) {
        const replayed = await stores.webhookPosts.replay(id, tenant, now);
        postRound.look();
        return replayed;
      },
    },
    archive: {
      save: (file, onRows, signal) =>
        readArchive(database, { version: VERSION, madeAt: clock.now(), signal }, (found) =>
          writeBackup(file, found, onRows),
        ),
    },
    clock,
    publicUrl,
    listening: () => listening,
    readAgents: () => readAgents(agentsFolder, routerCache(config.home)),
    async reloadAgents() {
      const reloaded = await agents.roster.reload();
      if (reloaded.kind === "kept") throw reloaded.why;
      await router.learn();
      return { onCall: reloaded.agents };
    },
    facts,
    traceOf: (turn) => telemetry.traceOf(turn),
  };
  const controlVerbs: readonly ControlVerb[] = verbs.map((verb) => ({
    name: verb.name,
    run: (input, emit, signal) => verb.run(input, parts, emit, signal),
  }));
  const controlWith = (token: string) =>
    createControl({ token, version: VERSION, verbs: controlVerbs, routes: channels.routes, log });
  const control = controlWith(randomBytes(32).toString("hex"));

  /** Spans leave beside the ports' end: both are done within its time. */
  const ports: (() => Promise<void>)[] = [() => telemetry.close(), () => egress.close()];
  /** What comes in meanwhile is refused: better that its platform brings it to another process, or again. */
  const finishWork = async (): Promise<void> => {
    // Waited for with the channels: one that will not end takes none of the work's time.
    void channels.hush();
    await (working.begun() ? Promise.all([worker.stop(), postRound.stop()]) : stores.queue.stop(0));
  };
  /** Whoever waits for an answer gets it, or is told that Nova stops, before the doors close. */
  const close = once(async () => {
    accepting = false;
    await closeInTurn(
      [
        { name: "work", mostMs: 14_800, end: finishWork },
        { name: "channels", mostMs: 3_200, end: () => channels.stop() },
        { name: "ports", mostMs: 800, end: async () => void (await Promise.all(ports.map((shut) => shut()))) },
        { name: "news", mostMs: 300, end: () => stores.wire.close() },
        { name: "database", mostMs: 400, end: () => database.close() },
      ],
      log,
    );
  });

  return {
    control,
    model,
    failed: database.ended,
    async start({ controlToken, onChannel = () => {} }) {
      await database.upkeep();
      const server = createHttpServer({
        host: config.host,
        port: config.port,
        publicUrl: config.publicUrl ?? undefined,
        routes: channels.routes,
        health: health(),
        telemetry,
        metrics: telemetry.metrics && { token: config.telemetry.metricsToken, text: telemetry.metrics },
        log,
      });
      const bound = await server.start();
      listening = bound.url;
      url = config.publicUrl ?? bound.url;
      ports.push(() => server.stop());
      const loopback = controlWith(controlToken);
      const { port: controlPort } = await loopback.listen();
      ports.push(() => loopback.stop());
      void router.learn();
      await working.begin();
      channels.start(onChannel);

      const code = await stores.people.issueCode(owner.id, new Date(clock.now().getTime() + LOGIN_MS));
      return { url, loginUrl: `${url}/login?code=${code}`, controlPort };
    },
    async settled(signal = new AbortController().signal) {
      if (working.begun()) await worker.settled(signal);
    },
    stop: () => close.begin(),
  };
}

const VERSION = versionOf(join(FOLDER, "package.json"));

function modelSettings({ models }: Config) {
  return {
    main: models.main ?? undefined,
    fast: models.fast ?? undefined,
    deep: models.deep ?? undefined,
    apiKey: models.apiKey ?? undefined,
    baseUrl: models.baseUrl ?? undefined,
  };
}

/** Until the port is taken. */
function configuredUrl(config: Config): string {
  return config.publicUrl ?? `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${config.port}`;
}

function versionOf(manifest: string): string {
  const parsed: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  const version = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof version === "string" ? version : "unknown";
}
