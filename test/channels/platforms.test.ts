/** Slack and Discord side by side in one Nova: the trouble of one is its own. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { RETRYING, type Retrying } from "../../src/service/supervision.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";

let slack: SlackPeer;
let discord: DiscordPeer;
let room: TestNova;
let url: string;
const told: string[] = [];
/** Resolves all pauses that are waited for; the next ones wait again. */
let resume = (): void => {};
let pause = Promise.withResolvers<void>();

beforeAll(async () => {
  slack = await startSlackPeer();
  discord = await startDiscordPeer();
  resume = () => {
    pause.resolve();
    pause = Promise.withResolvers();
  };
  const retrying: Retrying = {
    ...RETRYING,
    wait: (_ms, signal) =>
      Promise.race([pause.promise, new Promise<void>((end) => signal.addEventListener("abort", () => end()))]),
  };
  room = await startNova({
    adapters: ["slack", "discord"],
    env: {
      ...slack.env("socket"),
      ...discord.env(),
      NOVA_OWNER: `${slack.account("ada")},discord:${discord.user("ada").id}`,
    },
    service: true,
    retrying,
  });
  const onChannel = ({ platform, kind }: { platform: string; kind: string }) => void told.push(`${platform} ${kind}`);
  ({ url } = await room.nova.start({ controlToken: "a".repeat(32), onChannel }));
});
afterAll(async () => {
  await room[Symbol.asyncDispose]();
  await Promise.all([slack.close(), discord.close()]);
});

const PATIENCE = { timeout: 15_000 };
const health = async (name: string): Promise<unknown> => {
  const { checks } = (await (await fetch(`${url}/readyz`)).json()) as { checks: Record<string, unknown> };
  return checks[name];
};
const UP = { ok: true, detail: expect.any(String) };
const inSlack = async (): Promise<string> => JSON.stringify(await slack.replies(await slack.direct("ada")));
const inDiscord = (): string => JSON.stringify(discord.replies(discord.dmChannel("ada")));

test(
  "E15: Slack refuses the token and cuts the line: Slack alone is down, says what to do, and comes back by itself",
  { timeout: 60_000 },
  async () => {
    await expect.poll(() => health("slack.transport"), PATIENCE).toEqual(UP);
    await expect.poll(() => health("discord.transport"), PATIENCE).toEqual(UP);

    const { bot } = slack.good;
    slack.good.bot = "xoxb-2-new";
    slack.sockets.cut();
    await expect.poll(() => told, PATIENCE).toContain("slack down");
    resume();
    const remedy = { ok: false, detail: expect.stringMatching(/SLACK_BOT_TOKEN.*The next try is in 5 min/) };
    await expect.poll(() => health("slack.transport"), PATIENCE).toEqual(remedy);
    expect(await health("discord.transport")).toEqual(UP);
    expect(discord.gateway.open()).toBe(1);

    discord.dm("ada", "@analyst what is 12 * 12?");
    await expect.poll(inDiscord, PATIENCE).toContain("144");
    expect(told.filter((word) => word.startsWith("discord"))).toEqual(["discord up"]);

    slack.good.bot = bot;
    resume();
    await expect.poll(() => health("slack.transport"), PATIENCE).toEqual(UP);
    await slack.dm("ada", "@analyst what is 13 * 13?");
    await expect.poll(inSlack, PATIENCE).toContain("169");
  },
);
