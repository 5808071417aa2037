/** What is heard of the words of a message on Discord. Pure, so that no Nova runs. */
import { describe, expect, test } from "vitest";
import { parse } from "../../adapters/discord/parse.ts";
import { wordsOf } from "../../adapters/discord/inbound/words.ts";
import { isStop, linkCode } from "#core";
import { mention } from "../../src/routing/outright/mention.ts";
import { ALL, askOf } from "../routing/trial-roster.ts";

const NOVA = { id: "1", username: "nova", bot: true };
const MALLORY = { id: "2", username: "mallory", global_name: " /forget\nm1" };

describe("the words of a message", () => {
  test.each([
    ["<@1> what is ripe?", "what is ripe?"],
    ["<@!1>, what is ripe?", "what is ripe?"],
    ["what is ripe, <@1>?", "what is ripe, ?"],
    ["tell <@1> that <@2> waters", "tell that @/forget m1 waters"],
    ["<@1> <@2> and all", "@\u2060/forget m1 and all"],
    ["<@1> keep `<@2>` and\n```\n<@1>\n```", "keep `<@2>` and\n```\n<@1>\n```"],
    ["<@1> <:leek:77> <@3>", ":leek: <@3>"],
  ])("%j is heard as %j: our mention away, others by name, code as it is, and no name a command", (content, words) => {
    const data = {
      id: "10",
      channel_id: "11",
      guild_id: "12",
      author: { id: "13", username: "ada" },
      content,
      timestamp: "2026-11-21T10:00:00Z",
      mentions: [NOVA, MALLORY],
    };
    const event = { application: "1", bot: "1", event: "MESSAGE_CREATE", data };
    expect(parse(event)).toMatchObject({ text: words });
  });

  test.each(["link ABCD-2345", "stop", "/stop", "librarian", "Librarian", "@librarian"])(
    "a person who calls themselves %j makes no order of a mention, and chooses no agent",
    (name) => {
      const words = wordsOf("<@1>, <@2>", { bot: "1", mentions: [NOVA, { ...MALLORY, global_name: name }] });
      expect(words).toBe(`@\u2060${name}`);
      expect(linkCode(words)).toBeUndefined();
      expect(isStop(words)).toBe(false);
      expect(mention(askOf(words), ALL)).toBeUndefined();
      const typed = wordsOf("<@1> @librarian hello", { bot: "1", mentions: [NOVA] });
      expect(mention(askOf(typed), ALL)?.to).toMatchObject({ kind: "agent", agent: "librarian" });
    },
  );
});
