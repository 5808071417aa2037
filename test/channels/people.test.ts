/** Slack and Discord in one Nova: what follows while an answer is written, who is heard, and how long answers read. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { createGatedModels } from "../support/gated-model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";
import { wordsOf } from "../adapters/slack-writer.ts";
import { nova, pairingIn } from "../story/platforms-town.ts";

const models = createGatedModels();
let slack: SlackPeer;
let discord: DiscordPeer;
let room: TestNova;
beforeAll(async () => {
  [slack, discord] = await Promise.all([startSlackPeer(), startDiscordPeer()]);
  room = await startNova({
    adapters: ["slack", "discord"],
    env: {
      ...slack.env("socket"),
      ...discord.env(),
      NOVA_OWNER: `${slack.account("ada")},discord:${discord.user("ada").id}`,
    },
    models: models.models,
    service: true,
  });
  await room.nova.start({ controlToken: "a".repeat(32) });
  await discord.ready();
});
afterAll(async () => {
  await room[Symbol.asyncDispose]();
  await Promise.all([slack.close(), discord.close()]);
});

const settled = (): Promise<void> => room.nova.settled(AbortSignal.timeout(20_000));
const count = async (sql: string): Promise<number> =>
  (await room.database.pool.query<{ n: number }>(`select count(*)::int as n from ${sql}`)).rows[0]?.n ?? 0;

/** All that the bot said in Slack's direct conversation with somebody. */
const direct = async (user: string): Promise<string> => JSON.stringify(await slack.replies(await slack.direct(user)));

test("E2: what follows while an answer is written is answered, too, in a thread of Slack and on Discord", async () => {
  const said = await slack.dm("ada", "@concierge the first of Slack");
  discord.dm("ada", "@concierge the first of Discord");
  await vi.waitFor(() => expect(models.waiting()).toBe(2));
  for (const words of ["the second of", "the third of"]) {
    await (
      await slack.dm("ada", `${words} Slack`, { thread: said.root })
    ).acked;
    discord.dm("ada", `${words} Discord`);
  }
  await vi.waitFor(async () => expect(await count("message where direction = 'in'")).toBe(6));
  models.openAll("The answer.");
  await settled();

  const heard = models.heard().join("\n");
  for (const platform of ["Slack", "Discord"])
    for (const words of ["first", "second", "third"]) expect(heard).toContain(`the ${words} of ${platform}`);
  expect(await count("message where direction = 'in' and turn_id is null")).toBe(0);
  expect(await count("turn where state <> 'done'")).toBe(0);
  for (const replies of [await slack.replies(said.channel), discord.replies(discord.dmChannel("ada"))]) {
    expect(replies.length).toBeGreaterThanOrEqual(2);
    expect(replies.length).toBeLessThanOrEqual(3);
  }
});

test("E14: who is let in on Slack is nobody on Discord, in another workspace or by another account", async () => {
  await (
    await slack.dm("eve", "Let me in, please")
  ).acked;
  const code = await vi.waitFor(async () => {
    const found = pairingIn(await direct("eve"));
    expect(found).not.toBe("");
    return found;
  });
  expect(await nova({ slack }, "ada", `pair ${code} as Eve`)).toContain("What they write from now on is answered.");
  await settled();

  /** How many turns come of it; what ada says last is one. */
  const turnsOf = async (deed: () => Promise<unknown>): Promise<number> => {
    const before = await count("turn");
    await deed();
    const replies = discord.replies(discord.dmChannel("ada")).length;
    discord.dm("ada", "@concierge and now?");
    await vi.waitFor(() => expect(discord.replies(discord.dmChannel("ada")).length).toBeGreaterThan(replies));
    await settled();
    return (await count("turn")) - before - 1;
  };
  const hers = [
    async () => (await slack.dm("eve", "@concierge good morning")).acked,
    async () => (await slack.mention("lab", "eve", "@concierge good morning")).acked,
    async () => (await slack.slash("eve", "@concierge good morning")).acked,
  ];
  for (const deed of hers) expect(await turnsOf(deed)).toBe(1);

  const { envelope } = await slack.dm("eve", "@concierge good evening", { lost: true });
  const { event } = envelope.payload;
  const others: Record<string, () => Promise<unknown>> = {
    "the same id in another workspace": async () =>
      slack.event({ ...event, team: "T0OTHER", user_team: "T0OTHER" }).acked,
    "the same id in a channel shared with another workspace": async () =>
      slack.event({ ...event, type: "app_mention", channel: slack.channels["lab"], user_team: "T0OTHER" }).acked,
    "another account in Slack": async () => (await slack.dm("ben", "@concierge good evening")).acked,
    "another account in a channel": async () => (await slack.mention("lab", "ben", "@concierge good evening")).acked,
    "another account by command": async () => (await slack.slash("ben", "@concierge good evening")).acked,
    "her name on Discord": async () => discord.dm("eve", "@concierge good evening"),
    "her name in a server": async () => discord.mention("garden", "eve", "@concierge good evening"),
    "her name by command": async () =>
      discord.command("eve", "ask", { question: "good evening" }, { channel: "general" }),
    "her name asking for memories": async () => discord.command("eve", "recall", { what: "good evening" }),
  };
  for (const [who, deed] of Object.entries(others)) expect([who, await turnsOf(deed)]).toEqual([who, 0]);
  expect(await count("message where text like '%good evening%'")).toBe(0);
  expect(discord.violations).toEqual([]);
});

test("E14: what one person told on a platform is in nobody else's prompt on any, also for the very same words", async () => {
  const words = "The greenhouse opens with 4711";
  await nova({ slack }, "ada", `remember ${words}`);
  await (
    await slack.mention("lab", "ada", `/remember ${words}`)
  ).acked;
  await discord.command("ada", "remember", { what: words });
  await settled();
  const before = models.heard().length;
  const told = slack.ephemerals.length;
  await nova({ slack }, "eve", `recall ${words.replace(" 4711", "")}`);
  for (const question of ["@librarian the greenhouse opens with?", "@concierge the greenhouse opens with what?"]) {
    await (
      await slack.dm("eve", question)
    ).acked;
    await (
      await slack.mention("garden", "eve", question)
    ).acked;
    await (
      await slack.slash("eve", question)
    ).acked;
  }
  await settled();
  expect(models.heard().length).toBeGreaterThan(before);
  expect(models.heard().slice(before).join("\n")).not.toContain("4711");
  expect(JSON.stringify(slack.ephemerals.slice(told))).not.toContain("4711");
  expect(await direct("eve")).not.toContain("4711");
  expect(JSON.stringify(await slack.replies("garden"))).not.toContain("4711");

  // The one whose words they are has them everywhere.
  const recalled = models.heard().length;
  await discord.command("ada", "recall", { what: "The greenhouse opens with" });
  await settled();
  await vi.waitFor(() => expect(models.heard().slice(recalled).join("\n")).toContain("4711"));
});

test("E9: a long answer with code arrives in both whole, its fences closed in each message, and no character cut", async () => {
  const code = Array.from(
    { length: 160 },
    (_, n) => `const bed${n} = "\u{1F345}\u{1F955}".repeat(${n}); // of row ${n}`,
  );
  const prose = Array.from(
    { length: 30 },
    (_, n) => `Row ${n} has tomatoes \u{1F345} and beans, ${"well watered, ".repeat(4)}n.`,
  );
  models.openAll([...prose, `\`\`\`ts\n${code.join("\n")}\n\`\`\``, "That is all."].join("\n\n"));
  const before = discord.replies(discord.dmChannel("ada")).length;
  const said = await slack.dm("ada", "@concierge show me the beds in full");
  await said.acked;
  discord.dm("ada", "@concierge show me the beds in full");
  const onDiscord = (): readonly string[] =>
    discord
      .replies(discord.dmChannel("ada"))
      .slice(before)
      .map(({ content }) => content);
  await vi.waitFor(() => expect(onDiscord().at(-1)).toContain("That is all."));
  await settled();
  const onSlack = (await slack.replies(said.channel)).filter(({ thread_ts: root }) => root === said.root).map(wordsOf);

  for (const [parts, most] of [
    [onSlack, 3_000],
    [onDiscord(), 2_000],
  ] as const) {
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(most);
      expect(part.isWellFormed()).toBe(true);
      expect(part.split("```").length % 2).toBe(1);
    }
    const fenced = parts.flatMap((part) =>
      [...part.matchAll(/```(?:ts)?\n([^]*?)\n?```/g)].map(([, inner = ""]) => inner),
    );
    expect(fenced.join("\n")).toBe(code.join("\n"));
    for (const line of prose) expect(parts.filter((part) => part.includes(line))).toHaveLength(1);
  }
  expect(discord.violations).toEqual([]);
});
