/** Markdown in a terminal: readable when plain, wrapped and styled at a screen, harmless always. */
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMarkdown, plainText } from "#core";
import { draw, render } from "../../adapters/terminal/render.ts";

const plain = (markdown: string): string => render(markdown)[0]?.body ?? "";
const ESC = "\u001b";

test("plain Markdown keeps its structure without its marks", () => {
  const markdown = [
    "# A title",
    "",
    "Some **bold** and *slanted* words, `code`, ~~gone~~.",
    "",
    "- one",
    "- two",
    "  1. nested",
    "",
    "> quoted",
    "",
    "```js",
    "const x = 1;",
    "```",
    "",
    "- [x] done",
    "- [ ] open",
  ].join("\n");
  expect(plain(markdown)).toBe(
    [
      "A title",
      "",
      "Some bold and slanted words, code, gone.",
      "",
      "  • one",
      "  • two",
      "      1. nested",
      "",
      "│ quoted",
      "",
      "    const x = 1;",
      "",
      "  • [x] done",
      "  • [ ] open",
    ].join("\n"),
  );
});

test("a table's columns are aligned, wide characters counted as two", () => {
  expect(plain("| item | price |\n|---|--:|\n| 茶 | 3 |\n| coffee | 12 |")).toBe(
    ["item    price", "──────  ─────", "茶          3", "coffee     12"].join("\n"),
  );
});

test("a link shows where it leads; one that is its own words shows once", () => {
  expect(plain("[the page](https://a.example) <https://b.example> [me@c.example](mailto:me@c.example)")).toBe(
    "the page (https://a.example) https://b.example me@c.example",
  );
});

test("what is stored carries no styles; what a screen asks for does", () => {
  expect(plain("# **Hi**")).toBe("Hi");
  const drawn = draw("# **Hi**", { color: true, width: 80 });
  expect(drawn).toContain(ESC);
  expect(stripVTControlCharacters(drawn)).toBe("Hi");
});

test("lines are broken between words at the width that was asked for", () => {
  const drawn = draw("- one two three four five six seven eight nine ten", { color: false, width: 24 });
  expect(drawn.split("\n")).toEqual(["  • one two three four", "    five six seven eight", "    nine ten"]);
});

test("nobody's words steer the terminal", () => {
  const nasty = `before ${ESC}]0;title\u0007${ESC}[2J${ESC}[31mred${ESC}[0m \u009b31m bell\u0007 back\u0008 \`${ESC}[1mx\``;
  const body = plain(nasty);
  expect(body).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(body).toContain("before");
  expect(body).toContain("red");
});

test("any text is drawn, at any width, without control characters and without losing a word", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.integer({ min: 20, max: 120 }), (text, width) => {
      expect(draw(text, { color: false, width })).not.toMatch(/(?![\n\t])\p{Cc}/u);
    }),
  );
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      const markdown = words.map((each, i) => (i % 5 === 0 ? `\n\n- **${each}**` : each)).join(" ");
      const seen = draw(markdown, { color: false, width: 30 }).match(/[a-z]+/g);
      expect(seen).toEqual(plainText(parseMarkdown(markdown)).match(/[a-z]+/g));
    }),
  );
});

test("absurdly nested or tangled text is shown as it is instead of failing", () => {
  for (const text of [`${">".repeat(10_000)} deep`, "x*a".repeat(30_000)]) expect(plain(text)).toBe(text);
});
