/**
 * A scripted day in Slack and on Discord with SIGKILLs at random points, and an evening with a line gone silent.
 * NOVA_PLATFORM_KILLS=50 makes it a full day.
 */
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { wordsOf } from "../adapters/slack-writer.ts";
import { createNova } from "../cli/process.ts";
import { seededRandom } from "../support/seed.ts";
import { isWhole } from "../support/nightly.ts";
import type { Service } from "../support/service.ts";
import { downAt, openTown, PATIENCE, type Town } from "./platforms-town.ts";

const KILLS = Number(process.env["NOVA_PLATFORM_KILLS"] ?? 2);
const PLACES = ["slack-dm", "slack-channel", "discord-dm", "discord-command"] as const;
/** From a message to behind its reply. */
const LATEST_KILL_MS = 900;
const THINKING_MS = 250;

type Line = {
  readonly place: (typeof PLACES)[number];
  /** Stands in the message and in its answer. */
  readonly sign: string;
};

// By night: `platforms.test.ts` kills each platform in the middle of its work with every change.
test.skipIf(!isWhole)(
  `E15: ${KILLS} kills on a day over Slack and Discord: each message ends in exactly one visible result`,
  { timeout: 120_000 + KILLS * 20_000 },
  async () => {
    const random = seededRandom();
    console.log(`seed ${random.seed}`);
    const town = await openTown("platforms-day");
    onTestFinished(() => town.close());
    town.provider.each((call) => {
      const sign = /.*(line-\w+)/s.exec(call.words)?.[1] ?? "nothing";
      call.begin(`This is what I think`);
      void pause(THINKING_MS).then(() => call.answer(`This is what I think of ${sign}.`));
    });
    const lines: Line[] = [];
    let said = 0;
    const say = async (place: Line["place"]): Promise<void> => {
      const line = { place, sign: `line-${(said += 1)}x` };
      lines.push(line);
      await tell(town, line);
    };

    let service = await town.begin();
    // What is missed in a direct channel of Discord is looked for where Nova was written to before.
    await say("discord-dm");
    await allAnswered(town, lines);
    for (let round = 0; round < KILLS; round += 1) {
      await Promise.all([say(PLACES[round % PLACES.length] ?? "slack-dm"), say("discord-dm")]);
      await pause(random.next() ** 2 * LATEST_KILL_MS);
      await service.kill();
      // Said while it is away.
      await say(round % 2 === 0 ? "slack-dm" : "discord-dm");
      service = await town.begin();
    }
    const isCommand = ({ place }: Line): boolean => place === "discord-command";
    await allAnswered(
      town,
      lines.filter((line) => !isCommand(line)),
    );
    await quiet(town);
    // No command is handed on twice: who was not heard says it again.
    const answered = await resultsOf(town);
    for (const line of lines.filter(isCommand)) {
      if (answered.some((text) => text.includes(`${line.sign}.`))) continue;
      lines.splice(lines.indexOf(line), 1);
      await say(line.place);
    }
    await allAnswered(town, lines);
    await quiet(town);
    const results = await resultsOf(town);
    const found = lines.map(({ sign }) => results.filter((text) => text.includes(`I think of ${sign}.`)).length);
    expect(found).toEqual(lines.map(() => 1));
    expect(results.filter((text) => !lines.some(({ sign }) => text.includes(`I think of ${sign}.`)))).toEqual([]);
    expect(town.discord.violations).toEqual([]);

    await fallSilent(town, service);
    expect(await service.stop()).toBe(0);
  },
);

async function tell({ slack, discord }: Town, { place, sign }: Line): Promise<void> {
  const text = `@concierge what of ${sign}?`;
  switch (place) {
    case "slack-dm":
      return void (await slack.dm("ada", text));
    case "slack-channel":
      return void (await slack.mention("lab", "ada", text));
    case "discord-dm":
      return void discord.dm("ada", text);
    case "discord-command":
      return void (await discord.command("ada", "ask", { question: text }, { channel: "general" }));
  }
}

const allAnswered = (town: Town, lines: readonly Line[]): Promise<void> =>
  vi.waitFor(
    async () => {
      const results = await resultsOf(town);
      expect(lines.filter(({ sign }) => !results.some((text) => text.includes(`I think of ${sign}.`)))).toEqual([]);
    },
    { timeout: 120_000, interval: 200 },
  );

/** All that people see of Nova on both platforms. */
async function resultsOf({ slack, discord }: Town): Promise<readonly string[]> {
  const inSlack = [...(await slack.replies(await slack.direct("ada"))), ...(await slack.replies("lab"))];
  const inDiscord = ["general", "garden"].flatMap((name) => discord.replies(discord.channel(name)));
  const toCommands = [...discord.world.interactions.keys()].flatMap((id) => {
    const { content, followUps } = discord.interaction(id);
    return [...(content === null ? [] : [content]), ...followUps.map((each) => each.content)];
  });
  const direct = discord.replies(discord.dmChannel("ada"));
  return [...inSlack.map(wordsOf), ...[...inDiscord, ...direct].map(({ content }) => content), ...toCommands];
}

const report = z.object({
  report: z.object({
    turns: z.object({ running: z.number() }),
    waitingMessages: z.number(),
    undeliveredParts: z.number(),
  }),
});

async function quiet({ home, env, slack }: Town): Promise<void> {
  const nova = createNova(home, (child) => onTestFinished(() => void child.kill("SIGKILL")));
  await vi.waitFor(async () => expect(slack.sockets.unacked()).toEqual([]), PATIENCE);
  await vi.waitFor(
    async () => {
      const { out, err } = await nova.run(["status", "--json"], { env });
      const now = report.parse(JSON.parse(out === "" ? err : out)).report;
      expect([now.turns.running, now.waitingMessages, now.undeliveredParts]).toEqual([0, 0, 0]);
    },
    { timeout: 120_000, interval: 300 },
  );
}

/** Slack's line stays open and says nothing more: Slack alone is not well, and comes back with what was said meanwhile. */
async function fallSilent(town: Town, service: Service): Promise<void> {
  const { slack, discord } = town;
  const seen = async (words: string): Promise<boolean> => (await resultsOf(town)).some((text) => text.includes(words));
  const since = performance.now();
  slack.mute();
  await vi.waitFor(async () => expect(await downAt(service)).toContain("slack.transport"), PATIENCE);
  // Two missed pings of three seconds, and one for the look of a busy machine.
  expect(performance.now() - since).toBeLessThan(9_000);
  expect((await downAt(service)).filter((name) => !name.startsWith("slack."))).toEqual([]);
  await tell(town, { place: "slack-dm", sign: "line-silent" });
  await tell(town, { place: "discord-dm", sign: "line-beside" });
  await vi.waitFor(async () => expect(await seen("I think of line-beside.")).toBe(true), PATIENCE);
  expect(discord.gateway.open()).toBe(1);

  slack.unmute();
  await vi.waitFor(async () => expect(await seen("I think of line-silent.")).toBe(true), PATIENCE);
  await vi.waitFor(async () => expect(await downAt(service)).toEqual([]), PATIENCE);
}
