/** What Nova is watched by: telemetry, with what it looks at when somebody asks. Opened by main.ts. */
import { HOME, serviceOf, type Log } from "#core";
import { adapterChecks, readiness, type ReadinessCheck } from "../http/health.ts";
import type { ChatModels } from "../langchain/models/chat-models.ts";
import type { Database } from "../postgres/engine/database.ts";
import { installationOf } from "../postgres/engine/installation.ts";
import { checkQueue } from "../postgres/queue/boss.ts";
import { readLoad } from "../postgres/queue/load.ts";
import type { Config } from "../settings/config.ts";
import { openTelemetry, type OpenTelemetry, type TelemetryOptions } from "../telemetry/telemetry.ts";
import type { Channels } from "./channels.ts";

export type Watched = {
  /** Only a service can be asked for its metrics. */
  readonly service: boolean;
  readonly version: string;
  readonly database: Database;
  readonly models: ChatModels;
  /** Asked anew each time: channels come after the telemetry that they tell. */
  readonly checks: () => readonly ReadinessCheck[];
  readonly log: Log;
};

/** Less than a scrape's deadline, so that one part that hangs does not hide the others. */
const CHECK_MS = 800;

export async function openWatching({ telemetry }: Config, watched: Watched): Promise<OpenTelemetry> {
  const { service, version, database, log } = watched;
  return openTelemetry({
    ...(service && { sights: sightsOf(watched) }),
    ...(telemetry.endpoint !== null && {
      collector: {
        url: `${telemetry.endpoint.replace(/\/+$/, "")}/v1/traces`,
        headers: telemetry.headers,
        service: telemetry.service,
        version,
        installation: await installationOf(database),
      },
    }),
    log,
  });
}

function sightsOf({ version, database, models, checks }: Watched): NonNullable<TelemetryOptions["sights"]> {
  return {
    load: () => readLoad(database),
    parts: async () => (await readiness(checks(), CHECK_MS)).checks,
    connections: () => ({
      total: database.pool.totalCount,
      idle: database.pool.idleCount,
      waiting: database.pool.waitingCount,
    }),
    breakers: () => models.health().map(({ model, state }) => ({ model, open: state === "open" })),
    build: { version, node: process.versions.node, database: database.engine },
  };
}

/** What GET /readyz and GET /metrics ask of the parts. */
export function checksOf(database: Database, channels: Channels): readonly ReadinessCheck[] {
  return [
    {
      name: "database",
      async check() {
        // The schema was brought up to date before anything could ask.
        await database.within(serviceOf(HOME), (tx) => tx.query("select 1"));
        return { ok: true, detail: database.engine };
      },
    },
    { name: "queue", check: () => checkQueue(database) },
    ...channels.all.flatMap((channel) =>
      adapterChecks(channel.definition.platform, channel, channel.adapter.listen !== undefined),
    ),
  ];
}
