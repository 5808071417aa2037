/** What Markdown becomes on Discord: read back by Discord's own rules, nothing is lost and nothing means what it should not. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import discord from "../../adapters/discord/index.ts";
import { actionOf, rowsOf } from "../../adapters/discord/components.ts";
import { sightOf } from "../../adapters/discord/showing/sight.ts";
import { readDiscord } from "./discord-reader.ts";

const render = (markdown: string): readonly string[] => discord.render(markdown).map(({ body }) => body);
const one = (markdown: string): string => render(markdown).join("\n===\n");
const bare = (text: string): string => text.replace(/[\s\u200b]/g, "");

describe("what people write every day", () => {
  test.each([
    ["**bold** and *italic* and ~~gone~~", "**bold** and _italic_ and ~~gone~~"],
    ["un*believ*able", "un*believ*able"],
    ["***both***", "**_both_**"],
    ["`a * b` and ``a ` b``", "`a * b` and ``a ` b``"],
    ["# One\n\n### Three\n\n#### Four", "# One\n\n### Three\n\n**Four**"],
    ["> said\n> twice", "> said\n> twice"],
    ["- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d"],
    ["3. c\n4. d", "3. c\n4. d"],
    ["- [x] done\n- [ ] open", "- [x] done\n- [ ] open"],
    ["[Nova](https://nova.example/a_b)", "[Nova](https://nova.example/a_b)"],
    ["https://nova.example/a_b_c", "https://nova.example/a_b_c"],
    ["<https://nova.example>", "https://nova.example"],
    ["![a cat](https://nova.example/cat.png)", "[a cat](https://nova.example/cat.png)"],
    ["write to ana@example.org", "write to ana@example.org"],
    ["```ts\nif (a < b) {}\n```", "```ts\nif (a < b) {}\n```"],
    ["one  \ntwo", "one\ntwo"],
    ["a\n\n---\n\nb", "a\n\n────────────\n\nb"],
  ])("%j is written as %j", (markdown, written) => {
    expect(one(markdown)).toBe(written);
  });

  test("a narrow table stands in columns, a wide one as lines with labels", () => {
    expect(one("| Name | Age |\n|---|--:|\n| Ana | 7 |\n| Bo | 41 |")).toBe(
      "```\nName  Age\n────  ───\nAna     7\nBo     41\n```",
    );
    const wide = one(`| Name | What it is for |\n|---|---|\n| Ana | ${"many words ".repeat(8)} |`);
    expect(wide).toMatch(/^\*\*Name:\*\* Ana\n\*\*What it is for:\*\* many words/);
  });
});

describe("what must mean nothing", () => {
  test.each([
    ["a mention", "<@123456789> and <@!1> and <@&5> and <#7> and <id:customize>"],
    ["everyone", "@everyone and @here and @EVERYONE"],
    ["a time", "<t:1700000000:R> and <t:1>"],
    ["a command", "</ask:1234>"],
    ["an emoji", "<:wave:1234> and <a:wave:1234>"],
    ["a spoiler", "\\|\\|hidden\\|\\| and ||hidden||"],
    ["underlined words", "\\_\\_init\\_\\_ and snake_case_name"],
    ["small print", "-# Librarian · a model"],
    ["a heading that is none", "\\# no heading"],
    ["a list that is none", "\\- no item\n\n1986\\. A good year."],
    ["stars", "2 * 3 * 4 and 5\\*6\\*7"],
    ["a fence that is none", "\\`\\`\\`js"],
    ["a link that leads nowhere", "[x](javascript:alert(1)) and [y](/etc) and [z](#a)"],
  ])("%s stays words", (_name, markdown) => {
    expect(readDiscord(one(markdown)).marks).toEqual([]);
  });

  test("a link is what it says, or its address stands beside it", () => {
    expect(readDiscord(one("[https://good.example](https://bad.example)")).marks).toEqual(["url", "url"]);
    expect(one("[www.good.example](https://bad.example)")).toBe("www.good.example (https://bad.example)");
    expect(one("[a \\[b\\]](https://b.example/x_(y))")).toBe("a \\[b] (https://b.example/x_%28y%29)");
  });

  test("any words read back as they were, without a mark", () => {
    const sign = fc.constantFrom(..."\\*_~|`<>#@[](){}-+.!:/1a b\n".split(""), "everyone", "<@1>", "||", "é", "字");
    fc.assert(
      fc.property(fc.array(sign, { minLength: 1, maxLength: 60 }), (signs) => {
        const words = `x${signs.join("").replace(/\n+/g, "\nx")}`;
        const markdown = words.replace(/[!-/:-@[-`{-~]/g, "\\$&");
        const seen = readDiscord(render(markdown).join("\n"));
        expect(bare(seen.text)).toBe(bare(words));
        expect(seen.marks.filter((mark) => mark !== "url")).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

const word = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: fc.constantFrom(..."абвгдежзик".split("")), minLength: 1, maxLength: 14 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("👩‍👩‍👧‍👦".repeat(40), "e\u0301".repeat(50), "*_~|`", "\\", "<@1>", "@here", "``"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
);
const phrase = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" ").replace(/\s+/g, " "));
const lines = (mark: string, most: number) =>
  fc.array(phrase, { minLength: 1, maxLength: most }).map((all) => all.map((each) => `${mark}${each}`).join("\n"));
const block = fc.oneof(
  phrase,
  phrase.map((text) => `## ${text}`),
  fc.tuple(phrase, phrase).map(([a, b]) => `**${a}** и _${b}_ и ~~${a}~~`),
  phrase.map((text) => `[${text}](https://example.org/a_b)`),
  lines("> ", 3),
  lines("- ", 8),
  lines("1. ", 8),
  fc.tuple(phrase, phrase).map(([a, b]) => `- ${a}\n  - ${b}`),
  fc.tuple(phrase, phrase, phrase).map(([a, b, c]) => `| ${a} | ${b} |\n|---|---|\n| ${c} | ${a} |`),
);
const code = fc
  .array(fc.string({ unit: fc.constantFrom(..."абв {}*_`<>#\t@".split("")), minLength: 1, maxLength: 90 }), {
    minLength: 1,
    maxLength: 80,
  })
  .map((all) => all.map((line) => `x${line}`).join("\n"));
const letters = (text: string): string => text.replace(/[^а-я]/g, "");

function holdsInOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === wanted[at]) at += 1;
  return at === wanted.length;
}

describe("E9: any Markdown", () => {
  test("E9: becomes messages within the limit that lose no letter and cut no character", () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 10 }), (blocks) => {
        const parts = render(blocks.join("\n\n"));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(discord.caps.maxText);
          expect(part.isWellFormed()).toBe(true);
          expect(part.trim()).not.toBe("");
        }
        const shown = letters(parts.map((part) => readDiscord(part).text).join(""));
        // Heads of tables are repeated, and a cell may stand behind its label: they are counted.
        const words = blocks.filter((each) => !each.startsWith("|"));
        expect(shown.length).toBeGreaterThanOrEqual(letters(blocks.join("")).length);
        expect(holdsInOrder(shown, letters(words.join("")))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("E9: keeps code as it is, in fences that are closed in each message", () => {
    fc.assert(
      fc.property(phrase, code, phrase, (before, text, after) => {
        const parts = render(`${before}\n\n~~~ts\n${text}\n~~~\n\n${after}`);
        const fenced = parts.flatMap((part) => {
          expect(part.length).toBeLessThanOrEqual(discord.caps.maxText);
          expect((part.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
          return [...part.matchAll(/^```ts\n([^]*?)\n```$/gm)].map(([, inside = ""]) => inside);
        });
        expect(fenced.join("\n").replaceAll("\u200b", "")).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("beside the words", () => {
  test("C2 sizes: buttons stand in rows of five, at most twenty-five, with short labels", () => {
    const actions = Array.from({ length: 30 }, (_, i) => ({ id: `pick:${i}`, label: `${"😀".repeat(45)}${i}` }));
    const rows = rowsOf(actions);
    expect(rows.map(({ components }) => components.length)).toEqual([5, 5, 5, 5, 5]);
    for (const { components } of rows)
      for (const button of components) {
        expect(button.label.length).toBeLessThanOrEqual(80);
        expect(button.label.isWellFormed()).toBe(true);
        expect(actionOf(button.custom_id)).toMatch(/^pick:\d+$/);
      }
    expect(rowsOf([])).toEqual([]);
    expect(actionOf("another app's")).toBeUndefined();
  });

  test("a draft shows its end, whole in itself, and who writes it", () => {
    const draft = `Start\n\n${"Some words. ".repeat(300)}\n\n\`\`\`ts\n${"line();\n".repeat(200)}`;
    const shown = sightOf({ name: "Libra_rian", line: null, draft });
    expect(shown.length).toBeLessThanOrEqual(2_000);
    expect(shown).toMatch(/^…\n\n/);
    expect(shown).toMatch(/\n```\n-# Libra\\_rian is writing…$/);
    expect(sightOf({ name: "Librarian", line: null, draft: "" })).toBe("-# Librarian is at work…");
    expect(sightOf({ name: "Librarian", line: "Using web search", draft: " " })).toBe(
      "-# Librarian · Using web search…",
    );
  });
});
