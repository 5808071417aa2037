/** People talk to one Nova in Slack and on Discord; it is killed in the middle, and is the same to each of them everywhere. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { wordsOf } from "../adapters/slack-writer.ts";
import {
  admitFromSlack,
  codeIn,
  downAt,
  nova,
  openTown,
  PATIENCE,
  repliesIn,
  shownTo,
  type Town,
} from "./platforms-town.ts";

const SLOW = { timeout: 180_000 };

let town: Town;
beforeAll(async () => {
  town = await openTown("platforms");
});
afterAll(() => town.close());

test(
  "E1: killed while it writes in Slack it goes on in that message, and answers once what was stored and comes again",
  SLOW,
  async () => {
    const { slack, provider } = town;
    const first = await town.begin();
    const said = await slack.dm("ada", "@concierge plan the plum harvest");
    await said.acked;
    (await town.asked("plum harvest")).begin("Pick the early plums first,");
    const draft = await vi.waitFor(async () => {
      const [shown] = await repliesIn(town, said);
      expect(wordsOf(shown ?? {})).toContain("early plums");
      return shown;
    }, PATIENCE);
    // Stored, and not begun with: it waits behind the first.
    const next = await slack.dm("ada", "@concierge and which of them for jam?", { thread: said.root });
    await next.acked;
    await first.kill();

    const second = await town.begin();
    for (const each of [said, next]) await slack.redeliver(each, { attempt: 1, reason: "timeout" });
    const again = await town.asked("plum harvest", 2);
    again.answer("Pick the early plums first, then **the late ones**.");
    const whole = await vi.waitFor(async () => {
      const replies = await repliesIn(town, said);
      expect(replies.map(wordsOf)).toEqual(["Pick the early plums first, then *the late ones*."]);
      expect(JSON.stringify(replies)).toContain("Wrong agent");
      return replies[0] ?? {};
    }, PATIENCE);
    expect(whole["ts"]).toBe(draft?.["ts"]);
    expect(JSON.stringify(whole["blocks"])).toMatch(/"type":"context".* · cued/);

    // What was said and answered before and after the kill is one conversation.
    const jam = await town.asked("for jam");
    expect(jam.shown.split("plan the plum harvest")).toHaveLength(2);
    expect(jam.shown.split("then **the late ones**.")).toHaveLength(2);
    jam.answer("The late ones.");
    await vi.waitFor(async () => expect(await repliesIn(town, said)).toHaveLength(2), PATIENCE);

    const told = slack.ephemerals.length;
    await slack.click("ada", whole, "wrong-agent").acked;
    await vi.waitFor(() => expect(slack.ephemerals.length).toBe(told + 1), PATIENCE);
    expect(slack.ephemerals.at(-1)).toMatchObject({ user: slack.users["ada"], text: expect.stringMatching(/\w/) });
    await slack.redeliver(next, { attempt: 2, reason: "timeout" });
    expect(await second.stop()).toBe(0);
    expect((await slack.replies(said.channel)).map(wordsOf)).toEqual([wordsOf(whole), "The late ones."]);
    expect(provider.asked.filter(({ words }) => words.includes("for jam"))).toHaveLength(1);
  },
);

test(
  "Discord: killed between a command's deferral and its answer, it answers in that very reply, once",
  SLOW,
  async () => {
    const { discord } = town;
    const first = await town.begin();
    const question = "which bulbs go into the ground now?";
    const id = await discord.command("ada", "ask", { question, agent: "concierge" }, { channel: "general" });
    await town.asked("which bulbs");
    expect(discord.interaction(id)).toMatchObject({ deferred: true, ephemeral: true });
    await first.kill();

    const second = await town.begin();
    (await town.asked("which bulbs", 2)).answer("Tulips and garlic.");
    expect(await shownTo(town, id, "Tulips and garlic.")).toMatch(/\n-# .+ · cued$/);
    expect(discord.interaction(id)).toMatchObject({ ephemeral: true, followUps: [] });
    expect(discord.interaction(id).original?.components).not.toEqual([]);
    for (const channel of [discord.channel("general"), discord.dmChannel("ada")])
      expect(discord.replies(channel)).toEqual([]);
    expect(discord.violations).toEqual([]);
    expect(await second.stop()).toBe(0);
  },
);

test(
  "the owner goes on from Slack to Discord, where somebody else is let in from Slack and recalls nothing",
  SLOW,
  async () => {
    const { discord, provider } = town;
    const service = await town.begin();
    const kept = "the archive key is under the third flowerpot";
    expect(await nova(town, "ada", `remember ${kept}`)).toContain("Kept as a note");

    const code = codeIn(await nova(town, "ada", "link"));
    await discord.command("ada_at_home", "link", { code });
    await admitFromSlack(town, "ben", "Ben");

    const hers = await discord.command("ada_at_home", "recall", { what: "archive key" });
    const recalled = await town.asked("archive key");
    expect(recalled.shown).toContain("third flowerpot");
    recalled.answer("Under the third flowerpot.");
    await shownTo(town, hers, "third flowerpot");

    const asked = provider.asked.length;
    for (const [name, options] of [
      ["recall", { what: "archive key" }],
      ["ask", { question: `@librarian ${kept.replace(/under.*/, "where?")}` }],
    ] as const) {
      const his = await discord.command("ben", name, options);
      await vi.waitFor(() => {
        for (const call of provider.asked.slice(asked)) call.answer("I know of none.");
        expect(discord.interaction(his).content).toMatch(/^(?!-# .*…$)./);
      }, PATIENCE);
      expect(discord.interaction(his).content).not.toContain("flowerpot");
    }
    for (const call of provider.asked.slice(asked)) expect(call.shown).not.toContain("flowerpot");
    expect(discord.violations).toEqual([]);
    expect(await service.stop()).toBe(0);
  },
);

test(
  "E11: two people on two platforms at once, and both lines renewed: each reply lands at its own address",
  SLOW,
  async () => {
    const { slack, discord } = town;
    const service = await town.begin();
    await admitFromSlack(town, "cleo", "Cleo");

    const textsIn = (channel: string): readonly string[] => discord.replies(channel).map(({ content }) => content);

    const round = async (name: string, meanwhile: () => void): Promise<void> => {
      const words = ["quince", "medlar", "sorrel", "borage"].map((plant) => `${plant} ${name}`);
      const [quince = "", medlar = "", sorrel = "", borage = ""] = words;
      const direct = await slack.dm("ada", `@concierge what of ${quince}?`);
      discord.dm("cleo", `@concierge what of ${medlar}?`);
      const shared = await slack.mention("lab", "ada", `@concierge what of ${sorrel}?`);
      discord.mention("garden", "cleo", `@concierge what of ${borage}?`);
      const calls = await Promise.all(words.map((word) => town.asked(word)));
      meanwhile();
      for (const [i, call] of [...calls.entries()].toReversed()) call.answer(`This is about ${words[i]}.`);

      const inSlack = async (): Promise<readonly string[]> =>
        [...(await slack.replies(direct.channel)), ...(await slack.replies(shared.channel))].map(wordsOf);
      const inDiscord = [discord.dmChannel("cleo"), discord.channel("garden")];
      await vi.waitFor(async () => {
        expect((await repliesIn(town, direct)).map(wordsOf)).toEqual([`This is about ${quince}.`]);
        expect((await repliesIn(town, shared)).map(wordsOf)).toEqual([`This is about ${sorrel}.`]);
        expect(inDiscord.map((channel) => textsIn(channel).at(-1))).toEqual([
          expect.stringContaining(`This is about ${medlar}.`),
          expect.stringContaining(`This is about ${borage}.`),
        ]);
      }, PATIENCE);
      const told = [await inSlack(), inDiscord.flatMap(textsIn)];
      const counts = words.map((word) => told.map((texts) => texts.filter((text) => text.includes(word)).length));
      expect(counts).toEqual([
        [1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ]); // quince, medlar, sorrel, borage
      expect(discord.replies(discord.dmChannel("ada"))).toEqual([]);
      expect(await slack.replies(await slack.direct("ben"))).toEqual([]);
    };
    await round("first", () => {
      slack.sockets.cut();
      discord.gateway.reconnect();
    });
    await vi.waitFor(async () => expect(await downAt(service)).toEqual([]), PATIENCE);
    await discord.ready();
    await round("second", () => undefined);
    expect(discord.violations).toEqual([]);
    expect(await service.stop()).toBe(0);
  },
);
