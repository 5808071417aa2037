/** The linter holds the floors: each violation is planted in a small copy of the house, and caught by its rule. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const PROJECT = new URL("../..", import.meta.url).pathname;

type Planted = {
  readonly what: string;
  /** Path from the house's root; each row has a file of its own. */
  readonly file: string;
  readonly text: string;
  readonly rule: string;
};

const GOOD = "export const good = 1;\n";

/** The house as it should be: none of these files may be complained about. */
const SOUND: Readonly<Record<string, string>> = {
  "src/core/index.ts": 'export * from "./noun.ts";\n',
  "src/core/noun.ts":
    'import { z } from "zod";\nexport const noun = z.string();\nexport type Noun = z.infer<typeof noun>;\n',
  "src/core/text/stem.ts": 'import { stemmer } from "stemmer";\nexport const stem = stemmer;\n',
  "src/core/text/tokens.ts": 'import { stem } from "./stem.ts";\nexport const tokens = stem;\n',
  "src/core/ids.ts":
    "export type Id = string & { readonly brand: 1 };\nexport const id = (value: string): Id => value as Id;\n",
  "src/memory/good.ts": `import type { Noun } from "#core";\n${GOOD}export type Kept = Noun;\n`,
  "src/memory/door.ts": 'export { good } from "./good.ts";\n',
  "src/effects/good.ts": "export const createPerformer = () => 1;\n",
  "src/postgres/good.ts": 'import { Pool } from "pg";\nexport const pool = new Pool();\n',
  "src/postgres/part/good.ts": 'import { pool } from "../good.ts";\nexport const own = pool;\n',
  "src/turn/good.ts": GOOD,
  "src/turn/part/good.ts":
    'import { good } from "../good.ts";\nimport { near } from "../other/near.ts";\nexport const own = [good, near];\n',
  "src/turn/other/near.ts": "export const near = 1;\n",
  "src/langchain/good.ts": 'import { tool } from "langchain";\nexport const make = tool;\n',
  "src/langchain/part/good.ts":
    'import { tool } from "langchain";\nimport { make } from "../good.ts";\nexport const own = [tool, make];\n',
  "src/egress/good.ts": 'import { Agent } from "undici";\nexport const agent = new Agent();\n',
  "src/telemetry/good.ts": 'import { Registry } from "prom-client";\nexport const registry = new Registry();\n',
  "src/main.ts":
    'import { built } from "./service/good.ts";\nexport const level = process.env["NOVA_LOG"] ?? String(built.length);\n',
  "src/service/good.ts":
    'import { good } from "../memory/good.ts";\nimport { set } from "../settings/good.ts";\nexport const built = [good, set];\n',
  "src/commands/good.ts":
    'import { good } from "../memory/good.ts";\nexport const done = () => import("../main.ts").then(() => good);\n',
  "src/settings/good.ts": 'import { agent } from "../egress/good.ts";\nexport const set = agent;\n',
  "adapters/web/index.ts": 'import { part } from "./part.ts";\nexport default { part };\n',
  "adapters/web/part.ts": "export const part = 1;\n",
  "adapters/slack/good.ts": 'import { WebClient } from "@slack/web-api";\nexport const client = new WebClient();\n',
  "adapters/slack/part/good.ts":
    'import { Block } from "@slack/types";\nimport { client } from "../good.ts";\nimport { near } from "../other/near.ts";\nexport const own = [client, near];\nexport type Own = Block;\n',
  "adapters/slack/other/near.ts": "export const near = 1;\n",
  "adapters/discord/good.ts":
    'import { REST } from "@discordjs/rest";\nimport { Client } from "discord.js";\nexport const parts = [REST, Client];\n',
  "adapters/discord/part/good.ts":
    'import { Routes } from "discord.js";\nimport { parts } from "../good.ts";\nexport const own = [Routes, parts];\n',
  "agents/tools/good.ts": 'import { noun } from "#core";\nexport default { noun };\n',
};

const OTHER_ROOM = 'import { good } from "../memory/good.ts";\nexport const x = good;\n';
const room = (what: string, file: string, text: string): Planted => ({
  what,
  file,
  text,
  rule: "import/no-relative-parent-imports",
});
const door = (what: string, file: string, specifier: string): Planted => ({
  what,
  file,
  text: `import * as found from "${specifier}";\nexport const x = found;\n`,
  rule: "no-restricted-imports",
});

const FLOORS: readonly Planted[] = [
  room("a room imports another by ../", "src/turn/parent.ts", OTHER_ROOM),
  room("a room imports another by ./../", "src/turn/dotted.ts", OTHER_ROOM.replace("../", "./../")),
  room(
    "a room imports only a type of another",
    "src/turn/typed.ts",
    'import type { Kept } from "../memory/good.ts";\nexport type X = Kept;\n',
  ),
  room(
    "a room imports another while it runs",
    "src/turn/dynamic.ts",
    'export const x = () => import("../memory/good.ts");\n',
  ),
  room("a room passes another on", "src/turn/reexport.ts", 'export * from "../memory/good.ts";\n'),
  room("an adapter imports another", "adapters/terminal/index.ts", 'export { part } from "../web/part.ts";\n'),
  room("an agent's code imports a tool", "agents/general/reach.ts", 'export { default } from "../tools/good.ts";\n'),
  room(
    "the turn room carries out an effect by itself",
    "src/turn/performing.ts",
    'import { createPerformer } from "../effects/good.ts";\nexport const x = createPerformer;\n',
  ),
  room(
    "what an agent may propose reaches what carries it out",
    "agents/effects/reach.ts",
    'export { createPerformer as default } from "../../src/effects/good.ts";\n',
  ),
  door("a part of a room imports another room", "src/turn/part/reach.ts", "../../memory/good.ts"),
  door("a part of a room imports the roof", "src/turn/part/roof.ts", "../../main.ts"),
  door("a part of a room leaves it by a detour", "src/turn/part/detour.ts", "../part/../../memory/good.ts"),
  door("a part of a room imports a part of the roof", "src/turn/part/service.ts", "../../service/good.ts"),
  room(
    "a room imports a part of the roof",
    "src/turn/service.ts",
    'import { built } from "../service/good.ts";\nexport const x = built;\n',
  ),
  room(
    "the core imports a part of the roof",
    "src/core/settings.ts",
    'import { set } from "../settings/good.ts";\nexport const x = set;\n',
  ),
  room(
    "an adapter imports a part of the roof",
    "adapters/web/roof.ts",
    'export { set } from "../../src/settings/good.ts";\n',
  ),
  door("a part of the roof imports an adapter", "src/service/adapter.ts", "../../adapters/web/part.ts"),
  door("a part of the roof imports an agent", "src/commands/agent.ts", "../../agents/tools/good.ts"),
  door("a part of the roof leaves it by a detour", "src/settings/detour.ts", "../service/../../adapters/web/part.ts"),
  room(
    "a folder of the roof has folders",
    "src/service/part/deep.ts",
    'import { built } from "../good.ts";\nexport const x = built;\n',
  ),
  door("a part of the database room imports another room", "src/postgres/part/reach.ts", "../../memory/good.ts"),
  door("a part of the routing room imports another room", "src/routing/part/reach.ts", "../../memory/good.ts"),
  door("a part of the LangChain room imports another room", "src/langchain/part/reach.ts", "../../memory/good.ts"),
  door("a part of Slack's adapter imports another", "adapters/slack/part/reach.ts", "../../web/part.ts"),
  door("a part of Discord's adapter imports another", "adapters/discord/part/reach.ts", "../../slack/good.ts"),
  door("a part of another adapter imports Slack's", "adapters/web/part/reach.ts", "../../slack/good.ts"),
  door("a part of an adapter leaves it by a detour", "adapters/slack/part/detour.ts", "../part/../../web/part.ts"),
  door("a part of Slack's adapter imports discord.js", "adapters/slack/part/discord.ts", "discord.js"),
  door("a part of Discord's adapter imports Slack's SDK", "adapters/discord/part/slack.ts", "@slack/web-api"),
  door("a part of another adapter imports Slack's SDK", "adapters/web/part/slack.ts", "@slack/web-api"),
  door("a part of an adapter imports pg", "adapters/discord/part/sql.ts", "pg"),
  room(
    "an adapter imports another beside its parts",
    "adapters/slack/beside.ts",
    'export { part } from "../web/part.ts";\n',
  ),
  {
    what: "a part of a room imports another room while it runs",
    file: "src/turn/part/dynamic.ts",
    text: 'export const x = () => import("../../memory/good.ts");\n',
    rule: "no-restricted-imports",
  },
  {
    what: "a part of a room passes another room on",
    file: "src/turn/part/reexport.ts",
    text: 'export * from "../../memory/good.ts";\n',
    rule: "no-restricted-imports",
  },
  door("a part of a room imports pg", "src/turn/part/sql.ts", "pg"),
  door("a part of the database room imports LangChain", "src/postgres/part/chain.ts", "langchain"),
  door("a part of the LangChain room imports pg", "src/langchain/part/sql.ts", "pg"),
  room("the core imports a room", "src/core/upward.ts", OTHER_ROOM),
  room(
    "a room imports a test",
    "src/turn/tested.ts",
    'import { x } from "../../test/support/x.ts";\nexport const y = x;\n',
  ),
  door("a room imports another by its path from the root", "src/turn/rooted.ts", "src/memory/good.ts"),
  door("a room imports an adapter by its path from the root", "src/turn/adapter.ts", "adapters/web/part.ts"),
  door("a room imports by a path of the machine", "src/turn/absolute.ts", "/src/memory/good.ts"),
  door("a room imports by a file URL", "src/turn/url.ts", "file:///src/memory/good.ts"),
  door("a room goes around the core's door", "src/turn/deep.ts", "#core/noun.ts"),
  door("the core imports itself by its door", "src/core/circle.ts", "#core"),
  door("the core imports the machine", "src/core/machine.ts", "node:fs"),
  door("the core imports a library that is not pure", "src/core/impure.ts", "hono"),
  door("a room imports pg", "src/turn/sql.ts", "pg"),
  door("an adapter imports pg", "adapters/web/sql.ts", "pg"),
  door("a tool imports pg", "agents/tools/sql.ts", "pg"),
  door("the roof imports pg", "src/log.ts", "pg"),
  door("the settings import pg", "src/settings/config.ts", "pg"),
  door("a command imports pg", "src/commands/move.ts", "pg"),
  door("the service imports LangChain", "src/service/workshop.ts", "langchain"),
  door("the start imports pg", "src/cli.ts", "pg"),
  door("the LangChain room imports pg", "src/langchain/sql.ts", "pg"),
  door("a room imports a file inside pg", "src/turn/sql-deep.ts", "pg/lib/utils.js"),
  door("a room imports pg-boss", "src/turn/queue.ts", "pg-boss"),
  door("a room imports pgvector", "src/memory/vector.ts", "pgvector/pg"),
  door("a room imports the embedded engine", "src/home/engine.ts", "@electric-sql/pglite"),
  door("a room imports langchain", "src/turn/chain.ts", "langchain"),
  door("a room imports @langchain/core", "src/routing/chain.ts", "@langchain/core/messages"),
  door("an agent's code imports LangChain", "agents/general/chain.ts", "@langchain/core/messages"),
  door("the database room imports LangChain", "src/postgres/chain.ts", "langchain"),
  door("a room imports undici", "src/effects/out.ts", "undici"),
  door("the roof imports undici", "src/service/performing.ts", "undici"),
  door("an adapter reads addresses by itself", "adapters/web/address.ts", "ipaddr.js"),
  door("an agent's code imports undici", "agents/tools/out.ts", "undici"),
  door("the core imports undici", "src/core/out.ts", "undici"),
  door("the way out imports pg", "src/egress/sql.ts", "pg"),
  door("a room imports prom-client", "src/turn/count.ts", "prom-client"),
  door("a room imports OpenTelemetry", "src/http/span.ts", "@opentelemetry/api"),
  door("the roof imports OpenTelemetry", "src/service/start.ts", "@opentelemetry/sdk-trace"),
  door("the core imports prom-client", "src/core/count.ts", "prom-client"),
  door("telemetry imports pg", "src/telemetry/sql.ts", "pg"),
  door("telemetry imports LangChain", "src/telemetry/chain.ts", "@langchain/core/messages"),
  door("a room imports Slack's SDK", "src/turn/slack.ts", "@slack/bolt"),
  door("the roof imports Slack's SDK", "src/service/channels.ts", "@slack/web-api"),
  door("an adapter of another platform imports Slack's SDK", "adapters/web/slack.ts", "@slack/types"),
  door("Discord's adapter imports Slack's SDK", "adapters/discord/slack.ts", "@slack/socket-mode"),
  door("an agent's code imports Slack's SDK", "agents/general/slack.ts", "@slack/web-api"),
  door("the database room imports Slack's SDK", "src/postgres/slack.ts", "@slack/web-api"),
  door("the core imports Slack's SDK", "src/core/slack.ts", "@slack/types"),
  door("a room imports discord.js", "src/turn/discord.ts", "discord.js"),
  door("a room imports a part of discord.js", "src/http/discord.ts", "@discordjs/rest"),
  door("a room imports Discord's types", "src/http/discord-types.ts", "discord-api-types/v10"),
  door("Slack's adapter imports discord.js", "adapters/slack/discord.ts", "discord.js"),
  door("Slack's adapter imports pg", "adapters/slack/sql.ts", "pg"),
  door("Discord's adapter imports LangChain", "adapters/discord/chain.ts", "langchain"),
  door("the LangChain room imports discord.js", "src/langchain/discord.ts", "discord.js"),
  door("the core imports discord.js", "src/core/discord.ts", "discord.js"),
  door("a room imports the process", "src/http/process.ts", "node:process"),
  {
    what: "a room reads the environment",
    file: "src/http/env.ts",
    text: 'export const port = process.env["NOVA_PORT"];\n',
    rule: "node/no-process-env",
  },
  ...["service", "commands", "settings"].map((part) => ({
    what: `a file of src/${part} reads the environment`,
    file: `src/${part}/env.ts`,
    text: 'export const port = process.env["NOVA_PORT"];\n',
    rule: "node/no-process-env",
  })),
  door("the settings import the process", "src/settings/process.ts", "node:process"),
  {
    what: "an adapter reads the environment",
    file: "adapters/web/env.ts",
    text: "export const { NOVA_PORT } = process.env;\n",
    rule: "node/no-process-env",
  },
  {
    what: "a room has a default export",
    file: "src/turn/default.ts",
    text: "export default 1;\n",
    rule: "import/no-default-export",
  },
  {
    what: "a promise floats",
    file: "src/turn/floating.ts",
    text: "const wait = async () => 1;\nexport const start = () => {\n  wait();\n};\n",
    rule: "typescript/no-floating-promises",
  },
  {
    what: "a promise stands where none is awaited",
    file: "src/turn/misused.ts",
    text: "export const start = (listen: (f: () => void) => void) => listen(async () => {});\n",
    rule: "typescript/no-misused-promises",
  },
  {
    what: "a switch leaves out a case",
    file: "src/turn/switch.ts",
    text: 'export function f(kind: "a" | "b"): void {\n  switch (kind) {\n    case "a":\n      return;\n  }\n}\n',
    rule: "typescript/switch-exhaustiveness-check",
  },
  {
    what: "anything goes",
    file: "src/turn/any.ts",
    text: "export const f = (x: any): unknown => x;\n",
    rule: "typescript/no-explicit-any",
  },
  {
    what: "a type is claimed",
    file: "src/turn/as.ts",
    text: "export const f = (x: unknown) => x as string;\n",
    rule: "typescript/no-unsafe-type-assertion",
  },
  {
    what: "a type is claimed in the core, outside ids.ts",
    file: "src/core/as.ts",
    text: "export const f = (x: unknown) => x as string;\n",
    rule: "typescript/no-unsafe-type-assertion",
  },
  {
    what: "two files import each other",
    file: "src/turn/cycle-a.ts",
    text: 'import { b } from "./cycle-b.ts";\nexport const a = () => b;\n',
    rule: "import/no-cycle",
  },
  {
    what: "two files import each other, the second way round",
    file: "src/turn/cycle-b.ts",
    text: 'import { a } from "./cycle-a.ts";\nexport const b = () => a;\n',
    rule: "import/no-cycle",
  },
  {
    what: "two files import each other's types only",
    file: "src/turn/types-a.ts",
    text: 'import type { B } from "./types-b.ts";\nexport type A = { b?: B };\n',
    rule: "import/no-cycle",
  },
  {
    what: "two files import each other's types only, the second way round",
    file: "src/turn/types-b.ts",
    text: 'import type { A } from "./types-a.ts";\nexport type B = { a?: A };\n',
    rule: "import/no-cycle",
  },
  {
    what: "an error is swallowed",
    file: "src/turn/empty.ts",
    text: "export function f(g: () => void): void {\n  try {\n    g();\n  } catch {}\n}\n",
    rule: "no-empty",
  },
  {
    what: "a room prints",
    file: "src/turn/print.ts",
    text: 'export const f = () => console.log("x");\n',
    rule: "no-console",
  },
  {
    what: "a file grows past 300 lines",
    file: "src/turn/long.ts",
    text: Array.from({ length: 301 }, (_, i) => `export const x${i} = ${i};\n`).join(""),
    rule: "max-lines",
  },
];

const report = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) });

let house: string;
let caught: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), "nova-house-"));
  for (const file of [".oxlintrc.json", "tsconfig.json", "package.json"])
    await cp(join(PROJECT, file), join(house, file));
  await symlink(join(PROJECT, "node_modules"), join(house, "node_modules"));
  const files = [...Object.entries(SOUND), ...FLOORS.map(({ file, text }) => [file, text] as const)];
  for (const [file, text] of files) {
    await mkdir(dirname(join(house, file)), { recursive: true });
    await writeFile(join(house, file), text);
  }
  caught = await lint(house);
});
afterAll(() => rm(house, { recursive: true, force: true }));

/** Rules by file. The linter's exit code says that it found something, which is the point. */
async function lint(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const oxlint = join(PROJECT, "node_modules/.bin/oxlint");
  const run = promisify(execFile)(oxlint, ["--type-aware", "--format", "json"], { cwd: folder, maxBuffer: 1e8 });
  const { stdout } = await run.catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
  const found = new Map<string, string[]>();
  for (const { filename, code = "" } of report.parse(JSON.parse(stdout)).diagnostics) {
    found.set(filename, [...(found.get(filename) ?? []), ruleOf(code)]);
  }
  return found;
}

/** "eslint-plugin-import(no-cycle)" as the configuration writes it: "import/no-cycle". */
function ruleOf(code: string): string {
  const [, plugin = "", rule = ""] = /^(.+)\((.+)\)$/.exec(code) ?? [];
  const name = plugin.replace(/^eslint-plugin-|^eslint$/, "").replace(/^typescript-eslint$/, "typescript");
  return name === "" ? rule : `${name}/${rule}`;
}

describe("the linter catches it when", () => {
  test.each(FLOORS)("$what", ({ file, rule }) => {
    expect(caught.get(file) ?? []).toContain(rule);
  });
});

describe("the linter is content with", () => {
  test.each(Object.keys(SOUND))("%s", (file) => {
    expect(caught.get(file)).toBeUndefined();
  });
});

test("no file of the house turns a floor off for itself", async () => {
  const folders = ["src", "adapters", "agents"];
  const found = folders.map(async (name) =>
    (await readdir(join(PROJECT, name), { recursive: true })).map((path) => `${name}/${path}`),
  );
  const files = (await Promise.all(found)).flat().filter((file) => file.endsWith(".ts"));
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(PROJECT, file), "utf8") })),
  );
  const disabled = texts.filter(({ text }) => /(?:ox|es)lint-disable|@ts-ignore|@ts-nocheck/.test(text));
  expect(disabled.map(({ file }) => file)).toEqual([]);
});
