/** Markdown as Slack shows it: its own marks, nothing that calls anyone, and parts that stand by themselves. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMarkdown, plainText } from "#core";
import slack from "../../adapters/slack/index.ts";

const parts = (markdown: string): readonly string[] => slack.render(markdown).map(({ body }) => body);
const one = (markdown: string): string => parts(markdown).join("\n=====\n");

describe("marks", () => {
  test.each([
    ["**bold**, _italic_ and ~~gone~~", "*bold*, _italic_ and ~gone~"],
    ["## What is *next*", "*What is _next_*"],
    ["`a < b`", "`a &lt; b`"],
    ["[Ana & Bo](https://a.example/?b=1&c=2)", "<https://a.example/?b=1&amp;c=2|Ana &amp; Bo>"],
    ["https://a.example/x", "<https://a.example/x>"],
    ["mail ana@a.example", "mail <mailto:ana@a.example|ana@a.example>"],
    ["![a plan](https://a.example/p.png)", "<https://a.example/p.png|a plan>"],
    ["[run](javascript:alert)", "run (javascript:alert)"],
    ["- a\n- b\n  - c\n\n7. d\n8. e", "• a\n• b\n  ◦ c\n\n7. d\n8. e"],
    ["- [x] done\n- [ ] open", "☑ done\n☐ open"],
    ["> said\n> twice", "> said\n> twice"],
    ["```ts\nconst a = b && c;\n```", "```\nconst a = b &amp;&amp; c;\n```"],
    ["***both***", "_*both*_"],
  ])("%j becomes %j", (markdown, body) => {
    expect(one(markdown).replaceAll("*_both_*", "_*both*_")).toBe(body);
  });

  test("stand apart from the words that go on beside them, unseen", () => {
    expect(one("**word**s and un**bold**ed")).toBe("*word*\u200Bs and un\u200B*bold*\u200Bed");
    expect(one("**two\nlines**")).toBe("*two*\n*lines*");
  });

  test("are not made of what is written as itself", () => {
    expect(one("2 * 3 * 4, snake_case_name, ~5")).toBe("2 * 3 * 4, snake_case_name, ~\u00AD5");
    expect(one("\\*not bold\\*")).toBe("*\u00ADnot bold\u00AD*");
    expect(one("\\> no quote")).toBe("\u200B&gt; no quote");
    expect(one("\\`\\`\\` no code")).not.toContain("```");
  });
});

describe("tables", () => {
  test("stand in columns where a narrow window has room for them, else line by line", () => {
    expect(one("| Item | Price |\n|---|--:|\n| Tea & milk | 3 |")).toBe(
      "```\nItem        Price\n──────────  ─────\nTea &amp; milk      3\n```",
    );
    const [wide] = parts(`| Name | What it is for |\n|---|---|\n| Nova | ${"many words ".repeat(6)}|\n| Bo | few |`);
    expect(wide).toBe(
      `*Name:* Nova\n*What it is for:* ${"many words ".repeat(6).trim()}\n\n*Name:* Bo\n*What it is for:* few`,
    );
  });

  test("keep their columns with marks and links in them, and are lines to click on where addresses are too long", () => {
    expect(
      one("| Site | What |\n|---|---|\n| [a](https://a.example) | **bold** |\n| <https://b.example> | `b` |"),
    ).toBe(
      "```\nSite                   What\n─────────────────────  ────\na (https://a.example)  bold\nhttps://b.example      b\n```",
    );
    const long = `https://a.example/${"a".repeat(60)}`;
    expect(one(`| Site |\n|---|\n| [a](${long}) |`)).toBe(`*Site:* <${long}|a>`);
  });
});

test("nothing that anyone writes calls anyone", () => {
  const calls = "<!channel> <!here|x> <@U123> <#C1|x> <!subteam^S1> &lt;!everyone&gt; <!date^1^{date}|x>";
  for (const text of [
    calls,
    `\`${calls}\``,
    `\`\`\`\n${calls}\n\`\`\``,
    `| ${calls.replaceAll("|", "/")} |\n|---|`,
    `> ${calls}`,
  ])
    expect(one(text)).not.toMatch(/<[!@#]/);
  expect(one("[<!channel>](https://a.example/<!here>)")).not.toMatch(/<[!@#]/);
  expect(one("[x](https://a.example/|<!here>)")).not.toMatch(/<[!@#]/);
});

const word = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom(..."abcdef".split("")), minLength: 1, maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("<!channel>", "<@U1>", "&amp;", "*", "**", "_", "`", "```", "~~~", ">", "[", "]("),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant("👩‍👩‍👧‍👦".repeat(40)) },
);
const phrase = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" "));
const block = fc.oneof(
  phrase,
  phrase.map((text) => `**${text}**`),
  phrase.map((text) => `> ${text}`),
  phrase.map((text) => `[${text}](https://example.org/?a=1&b=2)`),
  fc.array(phrase, { minLength: 1, maxLength: 8 }).map((items) => items.map((each) => `1. ${each}`).join("\n")),
);
const lines = fc.array(fc.string({ unit: fc.constantFrom(..."ab {}<>&*_ ".split("")), maxLength: 90 }), {
  maxLength: 120,
});

describe("E9", () => {
  test("E9: every part is within Slack's limit, its fences are balanced, it calls nobody and cuts no character", () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 10 }), (blocks) => {
        const text = blocks.join("\n\n");
        const all = parts(text);
        for (const body of all) {
          expect(body.length).toBeLessThanOrEqual(3_000);
          expect((body.match(/```/g) ?? []).length % 2).toBe(0);
          expect(body).not.toMatch(/<(?!https?:\/\/|mailto:)/);
          expect(body.isWellFormed()).toBe(true);
        }
        const letters = (words: string): string => words.replace(/[^a-f]/g, "");
        expect(holdsInOrder(letters(all.join("")), letters(plainText(parseMarkdown(text))))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test("E9: code is the same text, in one fence or in ten", () => {
    fc.assert(
      fc.property(lines, (code) => {
        const text = code.join("\n");
        const all = parts(`Look:\n\n\`\`\`js\n${text}\n\`\`\`\n\nSo.`);
        const inside = all.flatMap((body) => [...body.matchAll(/```\n([^]*?)\n```/g)].map(([, each = ""]) => each));
        expect(unescaped(inside.join("\n"))).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function holdsInOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (let i = 0; i < text.length && at < wanted.length; i += 1) if (text[i] === wanted[at]) at += 1;
  return at === wanted.length;
}
