/**
 * Following only the page in docs, a new user gets from nothing to a first reply: commands and variables are read from the
 * page, and what the platform's own pages would show is filled in.
 */
import { readFile, rm } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createNova } from "../cli/process.ts";
import { startDiscordPeer } from "../support/discord/peer.ts";
import { startedHome } from "../support/home.ts";
import { startSlackPeer } from "../support/slack/peer.ts";

const SLOW = 120_000;

let home: string;
let nova: ReturnType<typeof createNova>;
const children: ChildProcess[] = [];
beforeEach(async () => {
  home = await startedHome("setup");
  nova = createNova(home, (child) => void children.push(child));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
});

type Step = { readonly args: readonly string[] } | { readonly name: string; readonly shown: string };

/** The lines of the page's blocks, in their order. */
async function stepsOf(page: string): Promise<readonly Step[]> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const section = text.slice(text.indexOf("## Set it up"), text.indexOf("## What works there"));
  const lines = [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
  return lines.map((line) => {
    const [, name, shown = ""] = /^export ([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) return { name, shown };
    if (line === "npm start") return { args: ["start"] };
    const [, verb] = /^npm run (?:--silent )?nova -- (.*?)(?: > \S+)?$/.exec(line) ?? [];
    if (verb === undefined) throw new Error(`the page says ${line}, which this test cannot do`);
    return { args: verb.split(" ") };
  });
}

/** What the page shows with gaps, filled in with what the platform gave; it must fit. */
function filled(shown: string, given: string): string {
  const pattern = shown.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".+");
  expect(given).toMatch(new RegExp(`^${pattern}$`));
  return given;
}

type Platform = {
  /** By the names of variables, as the platform's pages show them. */
  readonly shown: Readonly<Record<string, string | undefined>>;
  readonly api: Readonly<Record<string, string>>;
  /** Called with what is to be pasted on the platform. */
  readonly paste: (text: string) => void;
};

type Followed = {
  readonly service: ReturnType<typeof nova.start>;
  /** What `nova init` said. */
  readonly said: string;
};

async function follow(page: string, platform: Platform): Promise<Followed> {
  const env: Record<string, string> = { ...platform.api };
  let said = "";
  for (const step of await stepsOf(page)) {
    if ("name" in step) {
      env[step.name] = filled(step.shown, platform.shown[step.name] ?? step.shown);
      continue;
    }
    if (step.args[0] === "start") {
      const service = nova.start(step.args, env);
      await service.says(new RegExp(`${page.replace(".md", "")}\\s+connected`));
      return { service, said };
    }
    const { code, out, err } = await nova.run(step.args, { env });
    if (code !== 0) throw new Error(`nova ${step.args.join(" ")} ended with ${code}: ${out}${err}`);
    said += out + err;
    if (step.args.includes("--manifest")) platform.paste(out);
  }
  throw new Error("the page never starts Nova");
}

test("following docs/slack.md: from nothing to a first reply", { timeout: SLOW }, async () => {
  const slack = await startSlackPeer();
  try {
    const { SLACK_API_URL = "", SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = slack.env("socket");
    const { service, said } = await follow("slack.md", {
      shown: { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, NOVA_OWNER: slack.account("ada") },
      api: { SLACK_API_URL },
      // The token has the scopes that the manifest asks for, and no other.
      paste: (text) => void (slack.good.scopes = JSON.parse(text).oauth_config.scopes.bot),
    });
    expect(said).toContain("All is well.");
    expect(said).not.toMatch(/xoxb-\d|xapp-\d/);
    const { channel } = await slack.dm("ada", "@analyst what is 12 * 12?");
    const texts = async (): Promise<string> => JSON.stringify(await slack.replies(channel));
    await expect.poll(texts, { timeout: 30_000 }).toContain("144");
    expect(await texts()).toContain("Answer me as soon as it runs");
    service.child.kill("SIGTERM");
    expect((await service.ended).code).toBe(0);
  } finally {
    await slack.close();
  }
});

test("following docs/discord.md: from nothing to a first reply", { timeout: SLOW }, async () => {
  await using discord = await startDiscordPeer();
  const { DISCORD_API_URL = "", DISCORD_TOKEN, DISCORD_APPLICATION_ID = "" } = discord.env();
  const { service, said } = await follow("discord.md", {
    shown: { DISCORD_TOKEN, DISCORD_APPLICATION_ID, NOVA_OWNER: `discord:${discord.user("ada").id}` },
    api: { DISCORD_API_URL },
    paste: (text) => expect(new URL(text.trim()).searchParams.get("client_id")).toBe(DISCORD_APPLICATION_ID),
  });
  expect(said).toContain("All is well.");
  expect(said).not.toContain(discord.world.token);
  discord.dm("ada", "@analyst what is 12 * 12?");
  const texts = (): string =>
    discord
      .replies(discord.dmChannel("ada"))
      .map(({ content }) => content)
      .join("\n");
  await expect.poll(texts, { timeout: 30_000 }).toContain("144");
  expect(texts()).toContain("Answer me as soon as it runs");
  service.child.kill("SIGTERM");
  expect((await service.ended).code).toBe(0);
  expect(discord.violations).toEqual([]);
});
