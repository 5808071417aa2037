/** Any string is a legal question and a legal item. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "#core";
import { openRoom, type Room } from "./room.ts";

let room: Room;
let ada: Person;
beforeAll(async () => {
  room = await openRoom();
  ada = await room.person("Ada");
  await room.keep(ada, "The lighthouse opens in June.");
});
afterAll(() => room.close());

const ODD: readonly (readonly [string, string])[] = [
  ["empty", ""],
  ["spaces", " \n\t "],
  ["stop words only", "what is it that you are"],
  ["emoji", "👍🏽🧜‍♀️"],
  ["quotes", `"'\`''""\\'; drop table memory_item; --`],
  ["operators", ":*&|!()<->"],
  ["10 kB of operators", ":*&|!".repeat(2_000)],
  ["10 kB of one word", "a".repeat(10_000)],
  ["10 kB of words", Array.from({ length: 1_500 }, (_, i) => `word${i}`).join(" ")],
  ["10 kB of Chinese", Array.from({ length: 5_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("")],
  ["NUL and half a pair", "a\0b \uD800 c"],
];

test.each(ODD)("a question of %s finds nothing and breaks nothing", async (_, query) => {
  expect(await room.recall(ada, query)).toMatchObject({ verdict: "none", items: [], tokens: 0 });
});

test("a question at the end of a long paste is still read", async () => {
  const paste = Array.from({ length: 2_000 }, (_, i) => `word${i}`).join(" ");
  expect(room.lexicon.query(`${paste} lighthouse`).terms.map(({ term }) => term)).toContain("lighthous");
});

const anyText = fc.oneof(
  fc.string({ minLength: 1, maxLength: 300, unit: "binary" }),
  fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" }),
  fc
    .array(fc.constantFrom("lighthouse", "'", "\0", "{1:2}/3", "\uD800", "né", "火", "%s", "$1"), { minLength: 1 })
    .map((parts) => parts.join(" ")),
);

test("any string is a legal question", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (query) => {
      const { confidence, verdict, items } = await room.recall(ada, query);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(items.length > 0).toBe(verdict !== "none");
    }),
    { numRuns: 60 },
  );
});

test("any string of 1 to 20,000 characters is a legal item, found by its id and forgotten without rest", async () => {
  const eve = await room.person("Eve");
  const long = fc
    .tuple(anyText, fc.integer({ min: 1, max: 400 }))
    .map(([text, times]) => text.repeat(times).slice(0, 20_000));
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, long), async (text) => {
      const { id, kept } = await room.keep(eve, text, { stream: "one" });
      if (kept !== "new") return;
      expect((await room.memory.as(eve).get(id))?.text).toBe(text.toWellFormed().replaceAll("\0", "\uFFFD"));
    }),
    { numRuns: 60 },
  );
  for (const { id } of await room.memory.newest(eve, 1_000)) expect(await room.memory.forget(eve, id)).toBe(true);
  expect(await room.terms(eve)).toEqual(new Map());
});

test.each([
  [
    "20,000 Chinese characters, all different pairs",
    Array.from({ length: 20_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7_919) % 20_000))).join(""),
  ],
  [
    "10,000 different short words",
    Array.from({ length: 6_000 }, (_, i) => (i + 1_000).toString(36))
      .join(" ")
      .slice(0, 20_000),
  ],
  ["one word of 20,000 letters", "q".repeat(20_000)],
])("an item of %s is kept, and found by its beginning", async (_, text) => {
  const { kept } = await room.keep(ada, text);
  expect(kept).toBe("new");
  const start = text.split(" ")[0]!.slice(0, text.startsWith("q") ? 20_000 : 3);
  expect((await room.recall(ada, start)).items[0]?.text.replace("…", "")).toContain(start.slice(0, 3));
});

test("an item of nothing and one too long are refused with words", async () => {
  await expect(room.keep(ada, "")).rejects.toThrow(/1 to 20000 characters/);
  await expect(room.keep(ada, "x".repeat(20_001))).rejects.toThrow(/20001/);
});
