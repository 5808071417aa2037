/** Hidden commands in a server are apart from its channel, and yet mean what is written there: a whole Nova on Discord. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { says, scripted } from "../support/model.ts";
import { openDiscordRoom, type DiscordRoom } from "./discord-room.ts";

const model = scripted((messages) =>
  String(messages.at(-1)?.text).includes("for ever")
    ? { pieces: ['{"kind":"answer","text":"The sky is blue because', " "], end: "silence" }
    : String(messages.at(-1)?.text).includes("arrange the visit")
      ? JSON.stringify({ kind: "clarify", question: "Which day?" })
      : says("Sunlight."),
);
let room: DiscordRoom;
beforeAll(async () => {
  room = await openDiscordRoom({ models: model.models });
});
afterAll(() => room.close());

const command = async (name: string, channel: string, given = {}): Promise<string> => {
  const id = await room.peer.command("ada", name, given, { channel });
  const words = await room.answer(id);
  expect(room.peer.interaction(id).ephemeral).toBe(true);
  return words;
};

test("C2 commands: a hidden /stop ends the answer to a mention in that channel alone, where everyone sees it end", async () => {
  const channel = room.peer.channel("garden");
  room.peer.mention("garden", "ada", "@analyst why is the sky blue, for ever and ever?");
  await room.reply(channel, "The sky is");
  expect(await command("stop", "market")).toContain("Nothing is running");
  expect(await command("stop", "garden")).toContain("Stopped what I was writing here.");
  expect(await room.reply(channel, "Stopped.")).toContain("Nothing of the unfinished answer was kept.");
  expect(room.peer.replies(channel)).toHaveLength(1);
  expect(room.peer.violations).toEqual([]);
});

test("C2 commands: a hidden /why tells of the newest question in the channel, where it has none of its own", async () => {
  room.peer.mention("market", "ada", "@analyst why is the sea salty?");
  await room.reply(room.peer.channel("market"), "Sunlight.");
  expect(await command("why", "market")).toMatch(
    /^Your question here, “@analyst why is the sea salty\?”, went to \*\*Analyst\*\*/,
  );
});

test("C2 commands: a hidden answer reaches the question in the channel, and none before others reaches a hidden one", async () => {
  const given = (): string => (model.heard.at(-1) ?? []).map(({ text }) => text).join("\n");
  room.peer.mention("lab", "ada", "@analyst arrange the visit of the auditors");
  await room.reply(room.peer.channel("lab"), "Which day?");
  expect(await command("ask", "lab", { question: "Friday" })).toContain("Sunlight.");
  expect(given()).toContain("the visit of the auditors");

  expect(await command("ask", "lab", { question: "@analyst arrange the visit of the surgeons" })).toContain(
    "Which day?",
  );
  room.peer.mention("lab", "ada", "yes");
  await room.reply(room.peer.channel("lab"), "Sunlight.");
  expect(given()).not.toContain("surgeons");
});
