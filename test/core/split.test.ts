/** Splitting Markdown for platforms with a limit: nothing is lost, and each part stands by itself. */
import fc from "fast-check";
import type { Nodes } from "mdast";
import { describe, expect, test } from "vitest";
import { parseMarkdown, plainText, splitMarkdown, type Dialect } from "#core";

/** Marks that grow what they stand around, as a platform's do. */
const dialect = (limit: number): Dialect => ({
  limit,
  columns: 40,
  quote: "> ",
  rule: "---",
  text: (value) => value.replaceAll("&", "&amp;"),
  code: (value) => `\`${value}\``,
  mark: (kind, inner) => `<${kind}>${inner}</${kind}>`,
  link: (inner, url) => (/^https?:/.test(url) ? `[${inner}](${url})` : undefined),
  heading: (depth) => ({ lead: `${"#".repeat(depth)} `, strong: false }),
  bullet: (ordinal, _depth, checked) =>
    (ordinal === null ? "- " : `${ordinal}. `) + (checked === null ? "" : checked ? "[x] " : "[ ] "),
  fence: (code, language) => `\`\`\`${language ?? ""}\n${code}\n\`\`\``,
});
const split = (markdown: string, limit = 2_000): readonly string[] => splitMarkdown(markdown, dialect(limit));

describe("what fits", () => {
  test("is one part, blocks in their order", () => {
    const text = "# Title\n\nSome **bold** words.\n\n- one\n- two\n  - three\n\n1. a\n2. b\n\n> said\n> so\n>\n> twice";
    expect(split(text)).toEqual([
      "# Title\n\nSome <strong>bold</strong> words.\n\n- one\n- two\n  - three\n\n1. a\n2. b\n\n> said\n> so\n>\n> twice",
    ]);
  });

  test("keeps task lists, code in items and the words of links that lead nowhere", () => {
    expect(split("- [x] done\n- [ ] open\n\n1. Run:\n   ```sh\n   ls\n   ```\n2. [See](#here)")).toEqual([
      "- [x] done\n- [ ] open\n\n1. Run:\n```sh\nls\n```\n2. See (#here)",
    ]);
  });

  test("resolves references, and shows addresses that nothing refers to", () => {
    expect(split("[a] and ![b][c]\n\n[a]: https://a.example\n[c]: https://c.example\n[d]: https://d.example")).toEqual([
      "[a](https://a.example) and [b](https://c.example)\n\n[d]: https://d.example",
    ]);
  });

  test("keeps the titles of links and images, and what a fence says beside its language", () => {
    const shown =
      '[a](https://a.example "One") ![b](https://b.example "Two") [c] ![d][c]\n\n[c]: https://c.example "Three"';
    expect(split(shown)).toEqual([
      "[a](https://a.example) (One) [b](https://b.example) (Two) [c](https://c.example) (Three) [d](https://c.example) (Three)",
    ]);
    expect(split("```ts title=main.ts {3}\ncode\n```")).toEqual(["title=main.ts {3}\n```ts\ncode\n```"]);
    const long = "averyverylonglanguageindeed";
    expect(split(`1. First\n   \`\`\`${long} x\n   code\n   \`\`\``)).toEqual([
      `1. First\n   ${long} x\n\`\`\`\ncode\n\`\`\``,
    ]);
  });

  test("draws a narrow table in columns, and a wide one line by line", () => {
    expect(split("| Name | Age |\n| --- | --: |\n| Ana | 7 |\n| 林 | 41 |")).toEqual([
      "```\nName  Age\n────  ───\nAna     7\n林     41\n```",
    ]);
    const wide = "a much longer heading than fits";
    expect(split(`| Name | ${wide} | Link |\n|---|---|---|\n| Ana | x | y |\n| Bo | z | w |`)).toEqual([
      ["Ana", "Bo"]
        .map((name, i) =>
          [
            ["Name", name],
            [wide, "xz"[i]],
            ["Link", "yw"[i]],
          ]
            .map(([label, cell]) => `<strong>${label}:</strong> ${cell}`)
            .join("\n"),
        )
        .join("\n\n"),
    ]);
  });

  test("is nothing where there are no words", () => {
    expect(split("")).toEqual([]);
    expect(split(" \n\n ")).toEqual([]);
  });
});

describe("what is too long", () => {
  test("is cut between blocks, and a heading goes with what it heads", () => {
    const parts = split(`${"a".repeat(150)}\n\n## Next\n\n${"b".repeat(100)}`, 200);
    expect(parts).toEqual(["a".repeat(150), `## Next\n\n${"b".repeat(100)}`]);
  });

  test("is cut at a line, else behind a sentence, else a word, else a character", () => {
    const line = `${"x".repeat(110)}\n${"y".repeat(150)}`;
    expect(split(line, 200)).toEqual(["x".repeat(110), "y".repeat(150)]);
    const sentence = `${"word ".repeat(24)}end. ${"more ".repeat(30)}`;
    expect(split(sentence, 200)[0]).toMatch(/end\.$/);
    expect(split("word ".repeat(90), 200).every((part) => /^(?:word ?)+$/.test(part))).toBe(true);
    const family = "👩‍👩‍👧‍👦";
    for (const part of split(family.repeat(60), 200)) expect(part).toMatch(new RegExp(`^(?:${family})+$`, "u"));
    for (const part of split("🇩🇪".repeat(200), 203)) expect(part).toMatch(/^(?:🇩🇪)+$/u);
  });

  test("closes and opens its marks, its quote and its link again", () => {
    for (const part of split(`**${"strong words ".repeat(60)}end**`, 300))
      expect(part).toMatch(/^<strong>.*<\/strong>$/);
    for (const part of split(`> ${"said ".repeat(200)}`, 300)) expect(part).toMatch(/^> /);
    const linked = split(`[${"words ".repeat(100)}](https://a.example)`, 300);
    for (const part of linked) expect(part).toMatch(/^\[.*\]\(https:\/\/a\.example\)$/);
  });

  test("counts on in a list, and is moved in under its number", () => {
    const items = Array.from({ length: 40 }, (_, i) => `${i + 1}. ${"item ".repeat(6).trim()}`);
    const parts = split(items.join("\n"), 300);
    expect(parts.join("\n").split("\n")).toEqual(items);
    const long = split(`1. ${"long ".repeat(100)}\n2. short`, 300);
    expect(long[1]).toMatch(/^ {3}long /);
    expect(long.at(-1)).toMatch(/\n2\. short$/);
  });

  test("repeats the head of a table", () => {
    const rows = Array.from({ length: 50 }, (_, i) => `| key ${i} | value ${i} |`);
    const parts = split(`| Key | Value |\n|---|---|\n${rows.join("\n")}`, 300);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part).toMatch(/^```\nKey {5}Value\n─+ {2}─+\nkey \d+ +value \d+\n[^]*```$/);
    expect(parts.join("\n").match(/value \d+/g)).toHaveLength(50);
  });

  test("keeps code as it is, in a fence of its language in each part", () => {
    const code = Array.from({ length: 60 }, (_, i) => `${" ".repeat(i % 5)}line(${i});${i % 7 === 0 ? "\n" : ""}`).join(
      "\n",
    );
    const parts = split(`\`\`\`ts\n${code}\n\`\`\``, 300);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part).toMatch(/^```ts\n[^]*\n```$/);
    expect(parts.map(codeIn).join("\n")).toBe(code);
  });
});

const codeIn = (part: string): string => /^```\w*\n([^]*)\n```$/.exec(part)?.[1] ?? "";

const word = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: fc.constantFrom(..."abcdefghij".split("")), minLength: 1, maxLength: 40 }),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom("&&&&", "👩‍👩‍👧‍👦".repeat(12), "**", "`", "[", "](", "<b>", "e\u0301".repeat(9)) },
);
const phrase = fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => words.join(" ").replace(/\s+/g, " "));
const title = fc.constantFrom("QUAY", "VEX ZUM", "K & L");
const block = fc.oneof(
  fc.tuple(phrase, title).map(([text, said]) => `![${text}](https://example.org/x "${said}") [x](#y '${said}')`),
  fc.tuple(phrase, title).map(([text, said]) => `[${text}][${said}]\n\n[${said}]: https://example.org (${said})`),
  fc.tuple(phrase, title).map(([text, said]) => `~~~js ${said}\n${text}\n~~~\n\n~~~${"q".repeat(21)}\n${text}\n~~~`),
  phrase,
  phrase.map((text) => `## ${text}`),
  fc.tuple(phrase, phrase).map(([a, b]) => `**${a}** and _${b}_`),
  phrase.map((text) => `[${text}](https://example.org/${"x".repeat(60)})`),
  phrase.map((text) => `> ${text}`),
  fc.array(phrase, { minLength: 1, maxLength: 6 }).map((items) => items.map((each) => `- ${each}`).join("\n")),
  fc.array(phrase, { minLength: 1, maxLength: 6 }).map((items) => items.map((each) => `1. ${each}`).join("\n")),
  fc
    .array(phrase, { minLength: 1, maxLength: 9 })
    .map((lines) => `\`\`\`js\n${lines.join("\n").replaceAll("`", "'")}\n\`\`\``),
  fc
    .array(fc.tuple(phrase, phrase), { minLength: 1, maxLength: 5 })
    .map(
      (rows) =>
        `| A | B |\n|---|---|\n${rows.map(([a, b]) => `| ${a.replaceAll("|", "/")} | ${b.replaceAll("|", "/")} |`).join("\n")}`,
    ),
);
const markdown = fc.array(block, { minLength: 1, maxLength: 8 }).map((blocks) => blocks.join("\n\n"));

describe("E9: whatever the Markdown", () => {
  test("E9: every part is within its limit, fences are balanced, no character is cut in two, no sign is lost", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 200, max: 900 }), (text, limit) => {
        const parts = split(text, limit);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect((part.match(/^```/gm) ?? []).length % 2).toBe(0);
          expect(part.isWellFormed()).toBe(true);
          expect(part.trim()).not.toBe("");
        }
        expect(holdsInOrder(parts.join(""), bare(plainText(parseMarkdown(text))).replace(/[AB]/g, ""))).toBe(true);
        for (const said of besides(parseMarkdown(text))) expect(holdsInOrder(parts.join(""), bare(said))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["one endless word", "x".repeat(300_000)],
    ["one endless line of code", `\`\`\`\n${"y ".repeat(100_000)}\n\`\`\``],
    ["an endless list", "- item\n".repeat(20_000)],
    ["an endless table", `| a | b |\n|---|---|\n${"| c | d |\n".repeat(5_000)}`],
    ["one endless character", `e${"\u0301".repeat(50_000)}`],
    ["many marks", "**a** _b_ `c` ".repeat(400)],
    ["deep lists", Array.from({ length: 150 }, (_, i) => `${"  ".repeat(i)}- deep`).join("\n")],
  ])("E9: %s holds nobody up", (_what, text) => {
    const began = performance.now();
    const parts = split(text);
    expect(performance.now() - began).toBeLessThan(5_000);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(2_000);
    expect(holdsInOrder(parts.join(""), bare(plainText(parseMarkdown(text))))).toBe(true);
  });
});

/** What stands in no text of the tree: titles, and what is said of code. */
function besides(node: Nodes): readonly string[] {
  const here = [
    "title" in node ? node.title : null,
    node.type === "code" ? node.meta : null,
    node.type === "code" && (node.lang ?? "").length > 20 ? node.lang : null,
  ];
  return [
    ...here.filter((each) => typeof each === "string"),
    ...("children" in node ? node.children.flatMap(besides) : []),
  ];
}

const bare = (text: string): string => text.replace(/\s/g, "");

function holdsInOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (let i = 0; i < text.length && at < wanted.length; i += 1) if (text[i] === wanted[at]) at += 1;
  return at === wanted.length;
}
