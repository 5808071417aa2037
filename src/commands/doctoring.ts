/** What `nova doctor` looks at, in which order. Built by cli.ts. */
import { join } from "node:path";
import { z } from "zod";
import { NovaError, systemClock, type Log } from "#core";
import { call } from "../cli/client.ts";
import type { DoctoringActions } from "../cli/doctoring-commands.ts";
import { createLive } from "../cli/live.ts";
import type { Terminal } from "../cli/terminal.ts";
import { judgeClock, type Offset } from "../doctor/clock.ts";
import { judgeDatabase } from "../doctor/database.ts";
import { examine, foundBroken, unknown, warning, well, type Examination, type Finding } from "../doctor/finding.ts";
import { lookAtDisk, lookAtHome } from "../doctor/home.ts";
import { judgeModel } from "../doctor/model.ts";
import { lookAtPort } from "../doctor/port.ts";
import { judgeService } from "../doctor/service.ts";
import { drawFindings } from "../doctor/words.ts";
import { lookForDatabase } from "../home/database-folder.ts";
import { lockHome } from "../home/lock.ts";
import { refuseMoved } from "../home/moved.ts";
import { findService, type Service } from "../home/service.ts";
import type { Config } from "../settings/config.ts";

const MIGRATIONS = join(import.meta.dirname, "../..", "migrations");
const AGENTS = join(import.meta.dirname, "../..", "agents");

/** Longer than a connection takes that is never answered. */
const PATIENCE_MS = 15_000;

export type DoctoringDeps = {
  readonly terminal: Terminal;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Reads the environment; throws `bad_config` when it is wrong. */
  readonly prepare: () => Promise<{ readonly config: Config; readonly log: Log }>;
  /** What is to be looked at of the channels that are switched on. */
  readonly channels: (log: Log) => Promise<readonly Examination[]>;
  /** Called when something is wrong, so that the command fails. */
  readonly onIll: () => void;
};

export function createDoctoring({
  terminal,
  version,
  signal,
  prepare,
  channels,
  onIll,
}: DoctoringDeps): DoctoringActions {
  const { out, err, ink, errInk } = terminal;
  return {
    async doctor({ json = false }) {
      const live = createLive(err, errInk);
      const look = (subject: string) => live.status(`Looking at the ${subject}`);
      const findings = await lookAtAll(prepare, { version, signal, channels, onLook: look }).finally(() =>
        live.clear(),
      );
      const isIll = findings.some(({ state }) => state === "ill");
      out.write(`${json ? JSON.stringify({ well: !isIll, findings }, null, 2) : drawFindings(findings, ink)}\n`);
      if (isIll) onIll();
    },
  };
}

export type LookOptions = {
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onLook: (subject: string) => void;
  readonly channels?: DoctoringDeps["channels"];
};

/** Without settings nothing else can be found. */
export async function lookAtAll(prepare: DoctoringDeps["prepare"], options: LookOptions): Promise<readonly Finding[]> {
  const prepared = await prepare().catch((error: unknown) => foundBroken("settings", error));
  if ("state" in prepared) return [prepared];
  const { config, log } = prepared;
  const settings = well("settings", `They fit together; channels: ${config.adapters.join(", ")}.`);
  const service = await findService(config.home, options.signal);
  const channels = (await options.channels?.(log)) ?? [];
  const findings = await examine(examinations({ config, log, service, channels, version: options.version }), {
    ...options,
    patienceMs: PATIENCE_MS,
    onBroken: (error) => log.error("doctor.look_failed", error),
  });
  return [settings, ...findings];
}

type Patient = {
  readonly config: Config;
  readonly log: Log;
  readonly service: Service | undefined;
  readonly channels: readonly Examination[];
  readonly version: string;
};

function examinations({ config, log, service, channels, version }: Patient): readonly Examination[] {
  const offsets: Offset[] = [];
  return [
    lookAtHome(config.home),
    lookAtDisk(config.home),
    config.databaseUrl === null
      ? lookAtFolder(config, log, service)
      : lookAtServer(config.databaseUrl, offsets, service === undefined),
    lookAtAgents,
    lookAtModel(config, offsets),
    ...(service ? [lookAtService(service, version)] : [lookAtPort(config.host, config.port)]),
    ...channels,
    { subject: "clock", look: async () => [judgeClock(systemClock.now(), offsets)] },
  ];
}

function lookAtServer(url: string, offsets: Offset[], starting: boolean): Examination {
  return {
    subject: "database",
    async look() {
      const { inspectServer } = await import("../postgres/engine/inspect.ts");
      const seen = await inspectServer(url, MIGRATIONS);
      offsets.push({ than: "the database server's", ms: systemClock.now().getTime() - seen.now.getTime() });
      return judgeDatabase(seen, "The server of DATABASE_URL", starting);
    },
  };
}

/** The embedded engine lets one process in: what a service has open is looked at through the service. */
function lookAtFolder({ home }: Config, log: Log, service: Service | undefined): Examination {
  return {
    subject: "database",
    async look(signal) {
      if (service) return [well("database", "The embedded database is open in the running service.")];
      await refuseMoved(home);
      const found = await lookForDatabase(home);
      if (found.kind === "none") return [well("database", "There is none yet; the first start makes an embedded one.")];
      if (found.kind === "unfinished") return [unfinished];
      const lock = await lockHome(home, { waitMs: 0, signal }).catch(ifLocked);
      if (!lock)
        return [unknown("database", "Another Nova process has it open just now; look again when that has ended.")];
      try {
        const { inspectEmbedded } = await import("../postgres/engine/inspect.ts");
        return judgeDatabase(await inspectEmbedded(found.folder, MIGRATIONS, log), "The embedded database", false);
      } finally {
        lock.release();
      }
    },
  };
}

const unfinished = warning(
  "database",
  "A restore was broken off just before its end.",
  "Start Nova, or run any verb: what was restored is put in its place then.",
);

function ifLocked(error: unknown): undefined {
  if (error instanceof NovaError && error.code === "locked") return undefined;
  throw error;
}

/** Files that do not hold together would stop the next start. */
const lookAtAgents: Examination = {
  subject: "agents",
  async look() {
    const { loadAgents, loadTools } = await import("../plugins/index.ts");
    const { roster } = await loadAgents(AGENTS, { tools: await loadTools(join(AGENTS, "tools")) });
    return [well("agents", `${roster.all().length} are ready, and their files hold together.`)];
  },
};

function lookAtModel({ models }: Config, offsets: Offset[]): Examination {
  return {
    subject: "model",
    async look(signal) {
      const { main, fast, deep, apiKey, baseUrl } = models;
      if (apiKey === null && baseUrl === null) return [withoutModel];
      const [{ reachModels }, { DEFAULT_MODEL }] = await Promise.all([
        import("../langchain/models/reach.ts"),
        import("../langchain/models/chat-models.ts"),
      ]);
      const answer = await reachModels({ apiKey: apiKey ?? undefined, baseUrl: baseUrl ?? undefined, fetch, signal });
      if (answer.kind === "reached" && answer.date) {
        offsets.push({ than: "the model server's", ms: systemClock.now().getTime() - answer.date.getTime() });
      }
      const names = [...new Set([main ?? DEFAULT_MODEL, fast, deep])].filter((name) => name !== null);
      return [judgeModel(answer, baseUrl, names)];
    },
  };
}

const withoutModel = well(
  "model",
  "None is configured: the offline model answers. OPENAI_API_KEY, or OPENAI_BASE_URL and NOVA_MODEL, set a real one.",
);

const health = z.object({ ok: z.boolean(), detail: z.string() });
const status = z.object({
  version: z.string(),
  url: z.string(),
  adapters: z.array(z.object({ platform: z.string(), transport: health, admission: health, auth: health })),
  report: z.object({ failedParts: z.int(), unknownParts: z.int() }),
});

function lookAtService(service: Service, version: string): Examination {
  return {
    subject: "service",
    async look(signal) {
      const told = await call((request) => service.fetch(request), { path: "/control/status", body: {}, signal });
      return judgeService(status.parse(told), { pid: service.run.pid, version });
    },
  };
}
