/** The environment as one zod schema: what Nova can be told at start. Read by cli.ts, handed to main.ts. */
import { resolve } from "node:path";
import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { type AdapterDefinition, accountText, type Cap, type ExternalId, NovaError } from "#core";
import type { Allowed } from "../egress/addresses.ts";
import { createPrices, type Price } from "../langchain/models/prices.ts";
import { accounts, allowed, cap, model, names, pairs, prices, text, url } from "./notation.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Config = {
  /** Absolute path of NOVA_HOME. */
  readonly home: string;
  /** Null: the embedded database in `home`. */
  readonly databaseUrl: string | null;
  /** Platforms that are switched on. */
  readonly adapters: readonly string[];
  readonly host: string;
  /** 0 asks the system for a free port. */
  readonly port: number;
  /** The address that people and platforms reach, without a slash at its end; null: the one Nova listens on. */
  readonly publicUrl: string | null;
  readonly ownerName: string | null;
  /** Accounts that are the owner's. */
  readonly owners: readonly ExternalId[];
  /** Names of people who may decide on what waits, besides the owner. */
  readonly approvers: readonly string[];
  /** Without `apiKey` and `baseUrl` the offline model speaks. */
  readonly models: {
    readonly main: string | null;
    readonly fast: string | null;
    readonly deep: string | null;
    readonly apiKey: string | null;
    readonly baseUrl: string | null;
    /** Whether one may help to choose the agent where the words alone do not tell. */
    readonly routes: boolean;
    /** What the operator says that models cost. */
    readonly prices: Readonly<Record<string, Price>>;
  };
  /** What people may have Nova post to beside the public network. */
  readonly egressAllow: readonly Allowed[];
  /** What models may cost in a day; null: as much as it comes to. */
  readonly dailyCap: Cap | null;
  readonly telemetry: {
    /** Base address of an OpenTelemetry collector; null: no spans are sent. */
    readonly endpoint: string | null;
    /** Sent along with every batch of spans. */
    readonly headers: Readonly<Record<string, string>>;
    readonly service: string;
    /** Asked for by GET /metrics; null: whoever is near may read. */
    readonly metricsToken: string | null;
  };
  /** Null: `info` for the service, `warn` for single verbs and on a terminal. */
  readonly logLevel: LogLevel | null;
  /** What each switched-on adapter's own schema made of the environment, by platform. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

type Environment = Readonly<Record<string, string | undefined>>;
type AdapterSettings = Pick<AdapterDefinition, "platform" | "settings" | "accounts">;

export const DEFAULT_ADAPTERS = ["web", "webhook", "terminal"];

/** Every variable of the core; the description is the remedy that an error ends with. */
export const environment = z.object({
  NOVA_HOME: text
    .max(4_000)
    .default("./.nova")
    .describe("The folder that holds everything Nova keeps (default: ./.nova)."),
  DATABASE_URL: url(/^postgres(ql)?$/, "a postgres:// address").describe(
    "PostgreSQL 15 or newer with pgvector 0.8 or newer; unset it to use the embedded database.",
  ),
  NOVA_ADAPTERS: text
    .transform(names)
    .default(DEFAULT_ADAPTERS)
    .describe("Channels to open, separated by commas (default: web,webhook,terminal)."),
  NOVA_HOST: text.default("127.0.0.1").describe("The address to listen on (default: 127.0.0.1, this machine only)."),
  NOVA_PORT: z.coerce
    .number("must be a port number from 0 to 65535")
    .int("must be a port number from 0 to 65535")
    .min(0, "must be a port number from 0 to 65535")
    .max(65_535, "must be a port number from 0 to 65535")
    .default(3_000)
    .describe("The port of the chat page; 0 takes any free one (default: 3000)."),
  NOVA_PUBLIC_URL: url(/^https?$/, "an http:// or https:// address").describe(
    "The address that people and platforms reach, when it is not the one Nova listens on, for instance https://nova.example.",
  ),
  NOVA_OWNER_NAME: text.max(80).nullable().default(null).describe("How Nova addresses you; used at the first start."),
  NOVA_OWNER: accounts.describe(
    "Your accounts on other platforms, separated by commas: slack:<team>/<user>, discord:<user>.",
  ),
  NOVA_APPROVERS: text
    .transform(names)
    .default([])
    .describe("Who may decide on what waits for a decision besides you: names of members, separated by commas."),
  NOVA_MODEL: model.describe(
    "The model that answers, as your provider names it; required with OPENAI_BASE_URL (default with OPENAI_API_KEY alone: gpt-5-mini).",
  ),
  NOVA_MODEL_FAST: model.describe("A quicker model for light work; the default is NOVA_MODEL."),
  NOVA_MODEL_DEEP: model.describe("A stronger model for hard work; the default is NOVA_MODEL."),
  NOVA_ROUTER_MODEL: z
    .enum(["on", "off"], "must be on or off")
    .default("on")
    .describe(
      "Whether NOVA_MODEL_FAST helps to choose the agent where the words alone do not tell: on (default) or off.",
    ),
  OPENAI_API_KEY: text.nullable().default(null).describe("The key of an OpenAI-compatible provider."),
  OPENAI_BASE_URL: url(/^https?$/, "an http:// or https:// address").describe(
    "The address of an OpenAI-compatible server, for instance http://127.0.0.1:11434/v1.",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?$/, "an http:// or https:// address")
    .refine((value) => value === null || !/[?#]/.test(value), "must be an address without ? and #")
    .describe(
      "The base address of an OpenTelemetry collector, for instance http://127.0.0.1:4318; spans go to /v1/traces there.",
    ),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.describe("Headers for the collector, as name=value,name=value."),
  OTEL_SERVICE_NAME: text.max(200).default("nova").describe("What Nova calls itself to the collector (default: nova)."),
  NOVA_METRICS_TOKEN: text
    .min(16, "must have at least 16 characters")
    .nullable()
    .default(null)
    .describe(
      "The bearer token that GET /metrics asks for; without it, programs of this machine may read while NOVA_HOST is loopback.",
    ),
  NOVA_BUDGET_DAILY: cap.describe(
    "The most that models may cost in a day (UTC), in US dollars or in tokens, for instance $5 or 200000 tokens.",
  ),
  NOVA_EGRESS_ALLOW: allowed.describe(
    "Where Nova may post to beside the public network and the ports of the web: addresses, ranges and names, each with a port or with all, for instance 192.168.1.20:9000,10.0.0.0/8,ci.internal.",
  ),
  NOVA_MODEL_PRICES: prices.describe(
    "What models cost in US dollars per million tokens, for instance some-model=0.5/1.5,other-model=2/8.",
  ),
  NOVA_LOG: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`)
    .nullable()
    .default(null)
    .describe(
      `How much is logged: ${LOG_LEVELS.join(", ")} (default: info for the service, warn for verbs and on a terminal).`,
    ),
});

/** Values that are safe to repeat in an error; every other variable may hold a secret. */
const REPEATABLE = new Set([
  "NOVA_PORT",
  "NOVA_HOST",
  "NOVA_LOG",
  "NOVA_ADAPTERS",
  "NOVA_OWNER",
  "NOVA_BUDGET_DAILY",
  "NOVA_MODEL_PRICES",
  "NOVA_EGRESS_ALLOW",
  "NOVA_ROUTER_MODEL",
  "SLACK_MODE",
  "DISCORD_MODE",
  "DISCORD_APPLICATION_ID",
]);

/**
 * Reads the core's variables and those of the switched-on adapters. Throws one `bad_config` that lists every problem:
 * which variable, what was found, what to do. An empty variable counts as absent.
 */
export function readConfig(env: Environment, adapters: readonly AdapterSettings[] = []): Config {
  const given = givenIn(env);
  const core = environment.safeParse(given);
  const problems = problemsOf(core, given, adapters);

  const settings: Record<string, Record<string, unknown>> = {};
  const switchedOn = new Set(core.success ? core.data.NOVA_ADAPTERS : []);
  for (const adapter of adapters.filter(({ platform }) => switchedOn.has(platform))) {
    const own = adapter.settings.safeParse(given);
    if (own.success) settings[adapter.platform] = own.data;
    else problems.push(...describe(own.error, adapter.settings, given));
  }

  if (!core.success || problems.length > 0) throw refusal(problems);
  return assemble(core.data, settings);
}

/** What `readConfig` refuses of the core's variables, whatever the channels' own may be: each with its variable in front. */
export function coreProblems(env: Environment, adapters: readonly AdapterSettings[]): readonly string[] {
  const given = givenIn(env);
  return problemsOf(environment.safeParse(given), given, adapters);
}

const givenIn = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""));

function problemsOf(
  core: z.ZodSafeParseResult<z.infer<typeof environment>>,
  given: Environment,
  adapters: readonly AdapterSettings[],
): string[] {
  return [
    ...unknownNames(given, adapters),
    ...(core.success ? disagreements(core.data, adapters) : describe(core.error, environment, given)),
  ];
}

function assemble(env: z.infer<typeof environment>, settings: Config["settings"]): Config {
  return {
    home: resolve(env.NOVA_HOME),
    databaseUrl: env.DATABASE_URL,
    adapters: env.NOVA_ADAPTERS,
    host: env.NOVA_HOST,
    port: env.NOVA_PORT,
    publicUrl: env.NOVA_PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    ownerName: env.NOVA_OWNER_NAME,
    owners: env.NOVA_OWNER,
    approvers: env.NOVA_APPROVERS,
    models: {
      main: env.NOVA_MODEL,
      fast: env.NOVA_MODEL_FAST,
      deep: env.NOVA_MODEL_DEEP,
      apiKey: env.OPENAI_API_KEY,
      baseUrl: env.OPENAI_BASE_URL,
      routes: env.NOVA_ROUTER_MODEL === "on",
      prices: env.NOVA_MODEL_PRICES,
    },
    egressAllow: env.NOVA_EGRESS_ALLOW,
    dailyCap: env.NOVA_BUDGET_DAILY,
    telemetry: {
      endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: env.OTEL_EXPORTER_OTLP_HEADERS,
      service: env.OTEL_SERVICE_NAME,
      metricsToken: env.NOVA_METRICS_TOKEN,
    },
    logLevel: env.NOVA_LOG,
    settings,
  };
}

function refusal(problems: readonly string[]): NovaError {
  const count = problems.length === 1 ? "One setting is" : `${problems.length} settings are`;
  return new NovaError("bad_config", `${count} wrong:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`, {
    advice: "Correct the environment and start again; `nova start --help` lists what can be set.",
  });
}

function describe(error: z.ZodError, schema: z.ZodObject, given: Environment): string[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "");
    const value = given[name];
    const what = value === undefined ? "must be set" : `${issue.message}, found ${shown(name, value)}`;
    return `${name}: ${what}. ${schema.shape[name]?.description ?? ""}`.trimEnd();
  });
}

function shown(name: string, value: string): string {
  return REPEATABLE.has(name) ? JSON.stringify(value.slice(0, 60)) : `a value of ${value.length} characters`;
}

/** What is well-formed alone and wrong together: asked for, and bound to be silently ignored. */
function disagreements(env: z.infer<typeof environment>, adapters: readonly AdapterSettings[]): string[] {
  const known = adapters.map(({ platform }) => platform);
  const strangers = known.length === 0 ? [] : env.NOVA_ADAPTERS.filter((name) => !known.includes(name));
  const named = [env.NOVA_MODEL, env.NOVA_MODEL_FAST, env.NOVA_MODEL_DEEP].some((value) => value !== null);
  return [
    ...env.NOVA_OWNER.flatMap((account) => {
      const shape = adapters.find(({ platform }) => platform === account.platform)?.accounts;
      // A list that names nobody would silently make nobody the owner.
      if (!shape || shape.written.test(accountText(account))) return [];
      return [`NOVA_OWNER: ${accountText(account)} names nobody on ${account.platform}. Write ${shape.as}.`];
    }),
    ...strangers.map(
      (name) =>
        `NOVA_ADAPTERS: there is no adapter ${JSON.stringify(name)}. Known are: ${known.toSorted().join(", ")}.`,
    ),
    ...(named && env.OPENAI_API_KEY === null && env.OPENAI_BASE_URL === null
      ? ["NOVA_MODEL: a model is named, but no provider. Set OPENAI_API_KEY or OPENAI_BASE_URL, or unset NOVA_MODEL."]
      : []),
    ...(env.OPENAI_BASE_URL !== null && env.NOVA_MODEL === null
      ? ["NOVA_MODEL: a server is named, but no model. Set it to the name of a model that OPENAI_BASE_URL serves."]
      : []),
    ...unpriced(env).map(
      (name) =>
        `NOVA_BUDGET_DAILY: it is in money, and nobody told what ${JSON.stringify(name)} costs. Set NOVA_MODEL_PRICES to ${name}=input/output in US dollars per million tokens, or the budget in tokens.`,
    ),
  ];
}

/** Models without a price under a cap in money, which would refuse every call of theirs. What a key alone stands for has one. */
function unpriced(env: z.infer<typeof environment>): readonly string[] {
  if (env.NOVA_BUDGET_DAILY?.kind !== "money") return [];
  const named = [env.NOVA_MODEL, env.NOVA_MODEL_FAST, env.NOVA_MODEL_DEEP].filter((name) => name !== null);
  const known = createPrices(env.NOVA_MODEL_PRICES, env.OPENAI_BASE_URL);
  return [...new Set(named)].filter((name) => known.costOf(name, { input: 0, output: 0 }) === null);
}

function unknownNames(given: Environment, adapters: readonly AdapterSettings[]): string[] {
  const shapes = [environment, ...adapters.map(({ settings }) => settings)];
  const known = shapes.flatMap((schema) => Object.keys(schema.shape));
  return Object.keys(given)
    .filter((name) => name.startsWith("NOVA_") && !known.includes(name))
    .map((name) => `${name}: there is no such setting. Did you mean ${closest(name, known)}?`);
}
