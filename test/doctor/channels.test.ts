/** The doctor looks at the channels that are switched on, in its own form, and leaves no trace on the platforms. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AdapterDefinition } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { lookAtAll } from "../../src/commands/doctoring.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import { lookAtChannels } from "../../src/commands/setting-up.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { silentLog } from "../support/log.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";

let home: string;
let slack: SlackPeer;
let discord: DiscordPeer;
let definitions: readonly AdapterDefinition[];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "nova-channels-"));
  slack = await startSlackPeer();
  discord = await startDiscordPeer();
  definitions = await loadAdapters(new URL("../../adapters", import.meta.url).pathname);
});
afterAll(async () => {
  await Promise.all([slack.close(), discord.close()]);
  await rm(home, { recursive: true, force: true });
});

async function look(more: Record<string, string>): Promise<readonly Finding[]> {
  const env = {
    NOVA_HOME: home,
    NOVA_PORT: "0",
    NOVA_OWNER: `${slack.account("ada")},discord:${discord.user("ada").id}`,
    ...slack.env("socket"),
    ...discord.env(),
    ...more,
  };
  return lookAtAll(async () => ({ config: readConfig(env, definitions), log: silentLog }), {
    version: "1.2.3",
    signal: AbortSignal.timeout(30_000),
    channels: async (log) => lookAtChannels(definitions, { env, log }),
    onLook: () => {},
  });
}
const about = (findings: readonly Finding[], subject: string) =>
  findings.filter((each) => each.subject.startsWith(`${subject} `)).map(({ state }) => state);

test("what works is well, and nothing was written", async () => {
  const findings = await look({ NOVA_ADAPTERS: "web,slack,discord" });
  expect(findings.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(["slack bot token", "slack scopes", "discord gateway", "discord owner"]),
  );
  expect(about(findings, "slack")).toEqual(["well", "well", "well", "well"]);
  expect(about(findings, "discord")).toEqual(["well", "well", "well", "well", "well"]);
  const methods = slack.calls().map(({ method }) => method);
  expect(new Set(methods)).toEqual(new Set(["auth.test", "apps.connections.open", "users.info"]));
  expect(discord.calls().map(({ method }) => method)).not.toContain("PUT");
  expect(discord.calls().map(({ method }) => method)).not.toContain("POST");
});

test("what is wrong is ill, with its remedy, and the other channel is still looked at", async () => {
  const findings = await look({ NOVA_ADAPTERS: "web,slack,discord", SLACK_BOT_TOKEN: "xoxb-9-revoked" });
  const [token] = findings.filter(({ subject }) => subject.startsWith("slack"));
  expect(token).toMatchObject({ state: "ill", remedy: expect.stringContaining("Install App") });
  expect(about(findings, "discord").every((state) => state === "well")).toBe(true);
  expect(JSON.stringify(findings)).not.toContain("xoxb-9-revoked");
});

test("channels that are off are not looked at", async () => {
  const findings = await look({ NOVA_ADAPTERS: "web" });
  expect([...about(findings, "slack"), ...about(findings, "discord")]).toEqual([]);
});
