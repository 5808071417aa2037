/** What the environment may hold, and what is said about the rest. */
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { NovaError } from "#core";
import { environment, readConfig } from "../../src/settings/config.ts";
import { DEFAULT_MODEL } from "../../src/langchain/models/chat-models.ts";
import { loadAdapters } from "../../src/plugins/index.ts";

const chat = {
  platform: "chat",
  settings: z.object({
    CHAT_TOKEN: z
      .string()
      .min(5, "must have at least 5 characters")
      .describe("The bot's token, from its settings page."),
    NOVA_CHAT_MODE: z.enum(["socket", "http"], "must be socket or http").default("socket"),
  }),
};
const web = { platform: "web", settings: z.object({}) };

function refusal(env: Record<string, string>, adapters = [web, chat]): string {
  try {
    readConfig(env, adapters);
  } catch (error) {
    if (error instanceof NovaError && error.code === "bad_config") return `${error.message}\n${error.advice}`;
    throw error;
  }
  throw new Error("the environment was taken");
}

test("an empty environment gives a Nova on this machine, on the embedded database, with the offline model", () => {
  expect(readConfig({ NOVA_PORT: " ", OPENAI_API_KEY: "" })).toEqual({
    home: resolve(".nova"),
    databaseUrl: null,
    adapters: ["web", "webhook", "terminal"],
    host: "127.0.0.1",
    port: 3000,
    publicUrl: null,
    ownerName: null,
    owners: [],
    approvers: [],
    models: { main: null, fast: null, deep: null, apiKey: null, baseUrl: null, routes: true, prices: {} },
    egressAllow: [],
    dailyCap: null,
    telemetry: { endpoint: null, headers: {}, service: "nova", metricsToken: null },
    logLevel: null,
    settings: {},
  });
});

test("the public address is read whatever the channels are", () => {
  const env = { NOVA_PUBLIC_URL: "https://nova.example//" };
  for (const name of ["webhook", "web", "terminal"])
    expect(readConfig({ ...env, NOVA_ADAPTERS: name }, found).publicUrl).toBe("https://nova.example");
  expect(refusal({ NOVA_PUBLIC_URL: "ftp://nova.example" })).toContain(
    "NOVA_PUBLIC_URL: must be an http:// or https:// address",
  );
});

const found = await loadAdapters(join(import.meta.dirname, "../../adapters"));

test("the owner's accounts are read as people write them, each once", () => {
  const written = " slack:T024BE7LD/U023BECGF, discord:80351110224678912 ,slack:T024BE7LD/U023BECGF,";
  expect(readConfig({ NOVA_OWNER: written }).owners).toEqual([
    { platform: "slack", scope: "T024BE7LD", id: "U023BECGF" },
    { platform: "discord", scope: "global", id: "80351110224678912" },
  ]);
});

test.each([
  ["Ada", /NOVA_OWNER: must be written as slack:T024BE7LD\/U023BECGF or discord:\d+, found "Ada"\./],
  ["slack:T024BE7LD/U023BECGF, Ada", /or discord:\d+ each, and not "Ada", found "slack:/],
  [",", /NOVA_OWNER: must be written as/],
  ["slack:U023BECGF", /slack:U023BECGF names nobody on slack\. Write slack:<team>\/<user>/],
  ["slack:T024BE7LD/@ada", /names nobody on slack/],
  ["discord:ada#1234", /names nobody on discord\. Write discord:<user> with the long number/],
  ["discord:4711/80351110224678912", /names nobody on discord/],
])("the owner's account %s is refused with how it is written", (written, words) => {
  expect(() => readConfig({ NOVA_OWNER: written }, found)).toThrow(words);
});

test("a collector's headers are read as OpenTelemetry writes them", () => {
  const { telemetry } = readConfig({
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/otel",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20YTpi, x-plan = 100% sure ,x-empty=",
    OTEL_SERVICE_NAME: "nova-at-home",
    NOVA_METRICS_TOKEN: "sixteen-letters-x",
  });
  expect(telemetry).toEqual({
    endpoint: "https://collector.example/otel",
    headers: { authorization: "Basic YTpi", "x-plan": "100% sure", "x-empty": "" },
    service: "nova-at-home",
    metricsToken: "sixteen-letters-x",
  });
});

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318/?x=1"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a=b%0Ac"],
])("%s=%s, which no span could be sent with, is refused", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

test("what is wrong with a collector's settings is told without the secrets in them", () => {
  const told = refusal({
    OTEL_EXPORTER_OTLP_ENDPOINT: "127.0.0.1:4318",
    OTEL_EXPORTER_OTLP_HEADERS: "Bearer k-e-y",
    NOVA_METRICS_TOKEN: "short-one",
  });
  expect(told).toContain("OTEL_EXPORTER_OTLP_ENDPOINT: must be an http:// or https:// address");
  expect(told).toContain("OTEL_EXPORTER_OTLP_HEADERS: must be written as name=value,name=value");
  expect(told).toContain("NOVA_METRICS_TOKEN: must have at least 16 characters");
  expect(told).not.toMatch(/k-e-y|short-one/);
});

test("values are read into their types, and adapters get what their own schema makes of them", () => {
  const config = readConfig(
    {
      NOVA_HOME: "/data/nova",
      DATABASE_URL: "postgres://nova@db.example/nova",
      NOVA_ADAPTERS: "web, chat,web",
      NOVA_PORT: "0",
      NOVA_MODEL: "some-model",
      OPENAI_BASE_URL: "http://127.0.0.1:11434/v1",
      NOVA_LOG: "debug",
      CHAT_TOKEN: "abcdef",
    },
    [web, chat],
  );
  expect(config).toMatchObject({
    home: "/data/nova",
    adapters: ["web", "chat"],
    port: 0,
    models: { main: "some-model", baseUrl: "http://127.0.0.1:11434/v1" },
    logLevel: "debug",
    settings: { web: {}, chat: { CHAT_TOKEN: "abcdef", NOVA_CHAT_MODE: "socket" } },
  });
});

test("an unknown NOVA_ name is an error that names the nearest known one", () => {
  expect(refusal({ NOVA_PROT: "3000" })).toContain("NOVA_PROT: there is no such setting. Did you mean NOVA_PORT?");
  expect(refusal({ NOVA_CHAT_MOD: "http" })).toContain("Did you mean NOVA_CHAT_MODE?");
});

test.each([
  [{ NOVA_PORT: "http" }, 'NOVA_PORT: must be a port number from 0 to 65535, found "http".'],
  [{ NOVA_PORT: "70000" }, 'found "70000"'],
  [{ NOVA_PORT: "80.5" }, 'found "80.5"'],
  [{ NOVA_LOG: "loud" }, "NOVA_LOG: must be one of debug, info, warn, error, silent"],
  [{ NOVA_ADAPTERS: "web,fax" }, 'NOVA_ADAPTERS: there is no adapter "fax". Known are: chat, web.'],
  [{ DATABASE_URL: "mysql://db" }, "DATABASE_URL: must be a postgres:// address"],
  [{ OPENAI_BASE_URL: "localhost:80" }, "OPENAI_BASE_URL: must be an http:// or https:// address"],
  [{ NOVA_ADAPTERS: "chat" }, "CHAT_TOKEN: must be set. The bot's token"],
  [{ NOVA_MODEL: "some-model" }, "Set OPENAI_API_KEY or OPENAI_BASE_URL, or unset NOVA_MODEL"],
])("%j is refused by name, with what was found and what to do", (env, words) => {
  expect(refusal({ NOVA_ADAPTERS: "web", ...env })).toContain(words);
});

test("all problems are told at once", () => {
  const words = refusal({ NOVA_PORT: "x", NOVA_LOG: "y", NOVA_HOST_NAME: "z", NOVA_ADAPTERS: "web" });
  expect(words).toContain("3 settings are wrong");
  for (const name of ["NOVA_PORT", "NOVA_LOG", "NOVA_HOST_NAME"]) expect(words).toContain(name);
});

test("no error repeats what may be a secret", () => {
  const secret = "s3cr3t";
  const words = refusal({
    NOVA_ADAPTERS: "chat",
    CHAT_TOKEN: "abc!",
    DATABASE_URL: `mysql://nova:${secret}@db/nova`,
    OPENAI_BASE_URL: `ftp://nova:${secret}@host`,
    OPENAI_API_KEY: secret.repeat(100),
  });
  expect(words).not.toContain(secret);
  expect(words).not.toContain("abc!");
});

test("settings of an adapter that is switched off are not asked for", () => {
  expect(readConfig({ NOVA_ADAPTERS: "web" }, [web, chat]).settings).toEqual({ web: {} });
});

test.each([
  ["5", { kind: "money", micros: 5_000_000 }],
  ["$0.50", { kind: "money", micros: 500_000 }],
  ["2.5 usd", { kind: "money", micros: 2_500_000 }],
  ["200000 tokens", { kind: "tokens", tokens: 200_000 }],
])("a day's budget of %s is read", (NOVA_BUDGET_DAILY, cap) => {
  expect(readConfig({ NOVA_BUDGET_DAILY }).dailyCap).toEqual(cap);
});

test.each(["5 EUR", "-1", "many", "5,50", "tokens"])("a day's budget of %s is refused with examples", (value) => {
  const words = refusal({ NOVA_BUDGET_DAILY: value });
  expect(words).toContain(`found ${JSON.stringify(value)}`);
  expect(words).toContain("200000 tokens");
});

test("a budget in money wants to know what every model costs that may be asked", () => {
  const own = { OPENAI_BASE_URL: "http://127.0.0.1:11434/v1", NOVA_MODEL: "gpt-5-mini", NOVA_MODEL_DEEP: "own" };
  const words = refusal({ ...own, NOVA_BUDGET_DAILY: "5", NOVA_MODEL_PRICES: "own=1/2" });
  // A name means nothing on a server of one's own.
  expect(words).toContain('nobody told what "gpt-5-mini" costs');
  expect(words).toContain("Set NOVA_MODEL_PRICES to gpt-5-mini=input/output");
  expect(words).not.toContain('"own"');
  expect(readConfig({ ...own, NOVA_BUDGET_DAILY: "90000 tokens" }).dailyCap?.kind).toBe("tokens");
  expect(readConfig({ OPENAI_API_KEY: "k", NOVA_BUDGET_DAILY: "5" }).dailyCap?.kind).toBe("money");
  expect(
    readConfig({ OPENAI_API_KEY: "k", NOVA_MODEL: "new", NOVA_BUDGET_DAILY: "5", NOVA_MODEL_PRICES: "new=3/12" }).models
      .prices,
  ).toEqual({ new: { input: 3, output: 12 } });
});

test("prices that do not read as such are refused", () => {
  expect(refusal({ NOVA_MODEL_PRICES: "own=cheap" })).toContain("name=input/output");
});

test("what Nova may post to beside the public network is read entry by entry, and a wrong one is named", () => {
  expect(readConfig({ NOVA_EGRESS_ALLOW: "10.0.0.0/8, ci.internal:9000" }).egressAllow).toMatchObject([
    { host: null, port: null },
    { host: "ci.internal", port: 9_000 },
  ]);
  expect(() => readConfig({ NOVA_EGRESS_ALLOW: "10.0.0.0/8,http://ci" })).toThrow(
    /NOVA_EGRESS_ALLOW.*and not "http:\/\/ci"/,
  );
});

test("the help of a setting tells its default and what it needs, as the guide does", () => {
  const { NOVA_MODEL, NOVA_LOG, DATABASE_URL } = environment.shape;
  expect(NOVA_MODEL.description).toContain(DEFAULT_MODEL);
  expect(NOVA_MODEL.description).toContain("required with OPENAI_BASE_URL");
  expect(NOVA_LOG.description).toContain("default: info for the service, warn for verbs and on a terminal");
  expect(DATABASE_URL.description).toContain("PostgreSQL 15 or newer with pgvector 0.8 or newer");
});
