/** The Markdown tree: what people write is read, what was made to hold up the parser is shown as written. */
import { expect, test } from "vitest";
import { parseMarkdown, plainText } from "#core";

test("what people write is read as meant, however long it is", () => {
  const list = "- some **bold** words and [a link](https://a.example)\n".repeat(700);
  expect(parseMarkdown(list).children).toMatchObject([{ type: "list" }]);
  const figures = "```json\n" + "[[1,2],[3,4]]\n\n".repeat(900) + "```\n\n*then*";
  expect(parseMarkdown(figures).children).toMatchObject([
    { type: "code", lang: "json" },
    { type: "paragraph", children: [{ type: "emphasis" }] },
  ]);
});

test.each([
  ["emphasis that never ends", "x*a".repeat(30_000)],
  ["brackets", `x${"[".repeat(90_000)}`],
  ["closing brackets", `x${"]".repeat(90_000)}`],
  ["footnotes", `x${"[^a]".repeat(20_000)}`],
  ["comments that never end", `x${"<!--".repeat(20_000)}`],
  ["instructions that never end", `x${"<?".repeat(45_000)}`],
])("a block tangled with %s is one paragraph as written", (_what, text) => {
  expect(parseMarkdown(text).children).toMatchObject([
    { type: "paragraph", children: [{ type: "text", value: text }] },
  ]);
});

test("a tangled block leaves the blocks around it as they are", () => {
  const tangled = "x*a".repeat(3_000);
  expect(parseMarkdown(`# Title\n\n${tangled}\n\n- one\n`).children).toMatchObject([
    { type: "heading" },
    { type: "paragraph", children: [{ type: "text", value: tangled }] },
    { type: "list" },
  ]);
});

test.each([
  ["quotes in quotes", `${">".repeat(50_000)} deep`],
  ["lists in lists", `${"- ".repeat(5_000)}deep`],
  ["many quotes", ">\n\n".repeat(30_000)],
  ["many underlined headings", "a\n===\n".repeat(15_000)],
  ["many footnotes", "[^a]: a\n\nb\n\n".repeat(7_000)],
  ["many empty items", "-\n\na\n\n".repeat(14_000)],
])("%s without end are one paragraph as written, no character lost", (_what, text) => {
  const tree = parseMarkdown(text);
  expect(tree.children).toMatchObject([{ type: "paragraph" }]);
  expect(plainText(tree)).toBe(text);
});

test("a long text keeps its marks, as long as none of its blocks is one", () => {
  const rows = "| [a](https://a.example) | `b` | **c** |\n".repeat(400);
  expect(parseMarkdown(`| A | B | C |\n|---|---|---|\n${rows}`).children).toMatchObject([
    {
      type: "table",
      children: expect.arrayContaining([{ type: "tableRow" }].map((row) => expect.objectContaining(row))),
    },
  ]);
  const pages = "Some `code`, and [a link](https://a.example) in words. ".repeat(100);
  expect(parseMarkdown(`${pages}\n\n`.repeat(10)).children).toHaveLength(10);
  expect(JSON.stringify(parseMarkdown(`${pages}\n\n`.repeat(10)))).toContain('"type":"link"');
  const piped = "```\n" + "a | b\n".repeat(9_000) + "```\n\n**then**";
  expect(JSON.stringify(parseMarkdown(piped))).toContain('"type":"strong"');
});

const words = (sign: string) => `word${sign}`.repeat(20_000);

test.each([
  ["a bracket that is never closed", `[${words(" ")}`],
  ["a bracket around many lines", `[${words("\n")}]`],
  ["many addresses", "a@b.c ".repeat(25_000)],
  ["code that never ends", "`a ".repeat(33_000)],
  ["ever longer fences in a line", Array.from({ length: 440 }, (_, i) => `${"`".repeat(i)} `).join("")],
  ["ever deeper lists", Array.from({ length: 440 }, (_, i) => `${" ".repeat(i)}- x`).join("\n")],
  ["a table of many rows", `|a|b|\n|-|-|\n${"|x|y|\n".repeat(16_000)}`],
  [
    "a table of many columns",
    `|${"a|".repeat(5_000)}\n|${"-|".repeat(5_000)}\n${`|${"x|".repeat(5_000)}\n`.repeat(8)}`,
  ],
])("%s holds nobody up, and no word is lost", (_what, text) => {
  const tree = parseMarkdown(text);
  const spent = (): number => {
    const began = process.cpuUsage();
    parseMarkdown(text);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1_000;
  };
  // A quiet machine takes a tenth of it; what was quadratic took several times as long, and each time.
  const first = spent();
  expect(first < 2_500 ? first : Math.min(spent(), spent())).toBeLessThan(2_500);
  expect(plainText(tree).replaceAll(/[\s|-]/g, "")).toBe(text.replaceAll(/[\s|-]/g, ""));
});
