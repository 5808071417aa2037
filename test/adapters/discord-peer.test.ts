/** The test peer itself, met by discord.js as it is: what it says of messages, commands, breaks and time is Discord's. */
import { Client, Events, GatewayIntentBits, Partials, REST, Routes } from "discord.js";
import { afterAll, expect, test, vi } from "vitest";
import { startDiscordPeer } from "../support/discord/peer.ts";

let now = new Date("2026-11-21T10:00:00Z");
const peer = await startDiscordPeer({ clock: { now: () => now } });
const { DISCORD_API_URL: api = "", DISCORD_TOKEN: token = "" } = peer.env();
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  partials: [Partials.Channel],
  rest: { api, retries: 0 },
});
afterAll(async () => {
  await client.destroy();
  await peer.close();
});

const heard: string[] = [];
client.on(Events.MessageCreate, (message) => {
  heard.push(`${message.author.username}: ${message.content}`);
  if (message.content === "hello") void message.reply("hi");
});
client.on(Events.InteractionCreate, (interaction) => {
  if (interaction.isAutocomplete()) void interaction.respond([{ name: "One", value: "1" }]);
  if (!interaction.isChatInputCommand()) return;
  void interaction.deferReply({ flags: 64, withResponse: true }).then(() => interaction.editReply("done"));
});
await client.login(token);
await peer.ready();

test("a direct message, a mention and a word past the bot reach discord.js as Discord shows them", async () => {
  peer.dm("ada", "hello");
  await vi.waitFor(() => expect(peer.replies(peer.dmChannel("ada")).map(({ content }) => content)).toEqual(["hi"]));
  peer.say("general", "ada", "not for you");
  peer.mention("general", "ada", "for you");
  await vi.waitFor(() => expect(heard).toContain(`ada: <@${peer.world.bot.id}> for you`));
  expect(heard).toContain("ada: ");
});

test("a command is deferred, edited and completed; a break is resumed and nothing is missed", async () => {
  const rest = new REST({ api, retries: 0 }).setToken(token);
  await rest.put(Routes.applicationCommands(peer.world.application.id), {
    body: [
      {
        name: "ask",
        description: "Ask",
        options: [{ type: 3, name: "agent", description: "Who", autocomplete: true }],
      },
    ],
  });
  const id = await peer.command("ada", "ask");
  await vi.waitFor(() =>
    expect(peer.interaction(id)).toMatchObject({ deferred: true, ephemeral: true, content: "done" }),
  );
  await expect(peer.autocomplete("ada", "ask", { agent: "o" })).resolves.toEqual([{ name: "One", value: "1" }]);

  peer.gateway.drop();
  peer.dm("ada", "while you were away");
  await vi.waitFor(() => expect(heard).toContain("ada: while you were away"), 10_000);
  expect(peer.gateway.counts).toMatchObject({ identified: 1, resumed: 1 });
});

test("a first answer after 3 s and a token after 15 min are refused as Discord refuses them", async () => {
  const late = await peer.command("ada", "ask");
  await vi.waitFor(() => expect(peer.interaction(late).content).toBe("done"));
  const one = peer.world.interactions.get(late);
  now = new Date(now.getTime() + 15 * 60_000 + 1_000);
  const edit = new REST({ api, retries: 0 }).patch(Routes.webhookMessage(peer.world.application.id, one?.token ?? ""), {
    body: { content: "too late" },
    auth: false,
  });
  await expect(edit).rejects.toMatchObject({ status: 401, code: 50027 });
  await expect(new REST({ api, retries: 0 }).setToken("wrong").get(Routes.user())).rejects.toMatchObject({
    status: 401,
  });
});

test("what Discord's description does not know is noted: discord.js sends two such fields with each edit", () => {
  const strange = peer.violations.filter((each) => !/@original: there is no field "(?:tts|enforce_nonce)"$/.test(each));
  expect(strange).toEqual([]);
});
