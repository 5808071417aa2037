/** `nova init`: what it prints, and how it ends. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeAll, expect, test } from "vitest";
import type { AdapterDefinition } from "#core";
import { endingOf } from "../../src/cli/ending.ts";
import { createInk } from "../../src/cli/ink.ts";
import { createTerminal } from "../../src/cli/terminal.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import { createSettingUp } from "../../src/commands/setting-up.ts";
import { silentLog } from "../support/log.ts";

let definitions: readonly AdapterDefinition[];
beforeAll(async () => {
  definitions = await loadAdapters(new URL("../../adapters", import.meta.url).pathname);
});

type Said = { readonly out: string; readonly code: number };

/** With an environment of its own, and no folder that a service could run in. */
async function init(
  platform: string | undefined,
  options: { manifest?: boolean; guide?: boolean; json?: boolean } = {},
  env: Record<string, string> = {},
): Promise<Said> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  let code = 0;
  const actions = createSettingUp({
    terminal: createTerminal({ input: new PassThrough(), out, err }, true),
    signal: AbortSignal.timeout(20_000),
    env: { NOVA_HOME: "/nonexistent", ...env },
    definitions: async () => definitions,
    log: () => silentLog,
    onIll: () => void (code = 1),
  });
  try {
    await actions.init(platform, options);
  } catch (error) {
    code = endingOf(error, createInk(false))?.code ?? -1;
  }
  out.end();
  return { out: await text(out), code };
}

test("alone it lists the platforms, what is set of each, and no value", async () => {
  const env = { NOVA_ADAPTERS: "web,slack", SLACK_BOT_TOKEN: "xoxb-secret", SLACK_APP_TOKEN: " " };
  const { out, code } = await init(undefined, {}, env);
  expect(code).toBe(0);
  expect(out).toMatch(/slack +on\n +set: SLACK_BOT_TOKEN\n +not set: SLACK_APP_TOKEN/);
  expect(out).toMatch(/discord +not in NOVA_ADAPTERS/);
  expect(out).not.toContain("secret");
  const listed = JSON.parse((await init(undefined, { json: true }, env)).out);
  expect(listed.platforms).toMatchObject([
    { platform: "discord", on: false },
    { platform: "slack", on: true },
  ]);
});

test.each(["slack", "discord"])(
  "%s without settings: the steps, then each missing variable, and exit code 1",
  async (name) => {
    const { out, code } = await init(name);
    expect(code).toBe(1);
    expect(out).toMatch(/step by step[^]*1\. [^]*NOVA_OWNER[^]*✗ channel[^]*NOVA_ADAPTERS=web,webhook,terminal/);
    expect(out).toMatch(new RegExp(`✗ ${name.toUpperCase()}_\\w+ +It is not set.\n +→ At https://`));
  },
);

test("with every setting there it prints no steps, tells what the start would refuse, and `--guide` prints them", async () => {
  const env = {
    NOVA_ADAPTERS: "slack",
    NOVA_OWNER: "ada",
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_APP_TOKEN: "xapp-1",
    SLACK_API_URL: "http://localhost:9/api/",
  };
  const { out, code } = await init("slack", {}, env);
  expect(code).toBe(1);
  expect(out).not.toContain("step by step");
  expect(out).toMatch(/✗ NOVA_OWNER +must be written as slack:\S+ or discord:\d+, found "ada"\./);
  expect(out).toContain("`nova init slack --guide` prints the steps.");
  const guide = await init("slack", { guide: true }, env);
  expect(guide.code).toBe(0);
  expect(guide.out).toMatch(/step by step[^]*"display_information"/);
  expect(guide.out).not.toMatch(/[✓✗]/);
});

test("as JSON: the same, and nothing else on standard output", async () => {
  const { out, code } = await init("slack", { json: true }, { NOVA_ADAPTERS: "slack" });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    platform: "slack",
    well: false,
    paste: expect.stringContaining("/nova"),
    findings: [{ state: "well" }, { subject: "SLACK_BOT_TOKEN", state: "ill" }, { subject: "SLACK_APP_TOKEN" }],
  });
});

test("the manifest alone can be piped into a file", async () => {
  const { out, code } = await init("slack", { manifest: true });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ display_information: { name: "Nova" } });
  expect(out.endsWith("}\n")).toBe(true);
  const link = await init("discord", { manifest: true }, { DISCORD_APPLICATION_ID: "42" });
  expect(link.out).toMatch(/^https:\/\/discord\.com\/oauth2\/authorize\?client_id=42&\S+\n$/);
});

test("what makes no sense ends with exit code 2", async () => {
  expect(await init("teams")).toMatchObject({ code: 2, out: "" });
  expect(await init("web")).toMatchObject({ code: 2, out: "" });
  expect(await init(undefined, { manifest: true })).toMatchObject({ code: 2, out: "" });
  expect(await init("discord", { manifest: true })).toMatchObject({ code: 2, out: "" });
});
