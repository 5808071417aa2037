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
