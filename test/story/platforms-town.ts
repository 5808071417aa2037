/**
 * Slack, Discord, a model on cue, and a Nova process among them that is killed and comes back to all three. The owner is
 * ada on both platforms. The stories of this folder about platforms open it and close it.
 */
import { rm } from "node:fs/promises";
import { expect, vi } from "vitest";
import { z } from "zod";
import { freshDatabase } from "../support/database.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { startedHome } from "../support/home.ts";
import { startProvider, type Asked, type Provider } from "../support/provider.ts";
import { startService, type Service } from "../support/service.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";
import type { Json } from "../support/slack/workspace.ts";

export const PATIENCE = { timeout: 60_000, interval: 25 };

export type Town = {
  readonly slack: SlackPeer;
  readonly discord: DiscordPeer;
  readonly provider: Provider;
  readonly home: string;
  /** Of every process, the operator's among them. */
  readonly env: Readonly<Record<string, string>>;
  /** A Nova that listens on both platforms. One at a time. */
  begin(): Promise<Service>;
  /** The model's call number `nth` about these words, as soon as there is one. */
  asked(words: string, nth?: number): Promise<Asked>;
  close(): Promise<void>;
};

export async function openTown(name: string): Promise<Town> {
  const [place, home, slack, discord, provider] = await Promise.all([
    freshDatabase(),
    startedHome(name),
    startSlackPeer(),
    startDiscordPeer(),
    startProvider(),
  ]);
  const env = {
    ...place.env,
    ...provider.env,
    ...slack.env("socket"),
    ...discord.env(),
    NOVA_ADAPTERS: "web,slack,discord",
    NOVA_OWNER: `${slack.account("ada")},discord:${discord.user("ada").id}`,
  };
  return {
    slack,
    discord,
    provider,
    home,
    env,
    async begin() {
      const service = await startService(home, env);
      await vi.waitFor(async () => expect(await downAt(service)).toEqual([]), PATIENCE);
      return service;
    },
    asked: (words, nth = 1) =>
      vi.waitFor(() => {
        const found = provider.asked.filter((call) => call.words.includes(words))[nth - 1];
        if (!found) throw new Error(`the model was not asked ${nth} times about: ${words}`);
        return found;
      }, PATIENCE),
    async close() {
      provider.close();
      await Promise.all([slack.close(), discord.close()]);
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
      await place.drop();
    },
  };
}

const readiness = z.object({ checks: z.record(z.string(), z.object({ ok: z.boolean() })) });

/** What is not well at this moment, by the names on /readyz. */
export async function downAt(service: Service): Promise<readonly string[]> {
  const { checks } = readiness.parse(await (await fetch(`${service.url}/readyz`)).json());
  return Object.keys(checks).filter((name) => checks[name]?.ok === false);
}

type Thread = { readonly channel: string; readonly root: string };

/** What the bot wrote in a thread of Slack, oldest first. */
export const repliesIn = async ({ slack }: Town, { channel, root }: Thread): Promise<readonly Json[]> =>
  (await slack.replies(channel)).filter((reply) => reply["thread_ts"] === root);

/** `/nova <words>` by somebody in Slack, and what is said to them alone. */
export async function nova({ slack }: Pick<Town, "slack">, user: string, words: string): Promise<string> {
  const before = slack.ephemerals.length;
  await (
    await slack.slash(user, words, "direct")
  ).acked;
  return vi.waitFor(() => {
    const answer = slack.ephemerals.slice(before).find((each) => each.user === slack.users[user]);
    if (!answer) throw new Error(`no answer to /nova ${words}`);
    return JSON.stringify([answer.text, answer.blocks]);
  }, PATIENCE);
}

/** What the one who used a command of Discord is shown, once it holds these words. */
export async function shownTo({ discord }: Town, interaction: string, words: string): Promise<string> {
  return vi.waitFor(() => {
    const { content } = discord.interaction(interaction);
    expect(content).toContain(words);
    return content ?? "";
  }, PATIENCE);
}

export const pairingIn = (text: string): string => /code is ([0-9A-HJKMNP-TV-Z]{6})\b/.exec(text)?.[1] ?? "";
export const codeIn = (text: string): string => /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(text)?.[0] ?? "";

/** A stranger writes to Nova on Discord, and the owner lets them in from Slack. */
export async function admitFromSlack(town: Town, user: string, as: string): Promise<void> {
  const { discord } = town;
  discord.dm(user, "Hello there");
  const channel = discord.dmChannel(user);
  const code = await vi.waitFor(() => {
    const found = pairingIn(discord.replies(channel).at(-1)?.content ?? "");
    if (found === "") throw new Error("no code was told");
    return found;
  }, PATIENCE);
  expect(await nova(town, "ada", `pair ${code} as ${as}`)).toContain("What they write from now on is answered.");
}
