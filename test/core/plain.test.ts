/** Markdown as plain text: for a platform that nobody here speaks, and for words that are only marks. */
import { expect, test } from "vitest";
import { parseMarkdown, plainMarkdown, plainText } from "#core";
import fc from "fast-check";

test("lists, tables, addresses, tasks and code stay readable without marks", () => {
  const markdown = [
    "# Plan for *today*",
    "- **buy** [seeds](https://seeds.example)\n  - beans\n- [x] dig",
    "2. sow\n3. water",
    "> said `so`",
    "| Bed | Plants |\n|---|--:|\n| north | 7 |\n| south | 41 |",
    "```sh\nsudo  dig\n```",
    "https://nova.example and ana@example.org",
    "---",
  ].join("\n\n");
  expect(plainMarkdown(markdown)).toBe(
    [
      "Plan for today",
      "- buy seeds (https://seeds.example)\n  - beans\n- [x] dig",
      "2. sow\n3. water",
      "> said so",
      "Bed    Plants\n─────  ──────\nnorth       7\nsouth      41",
      "sudo  dig",
      "https://nova.example and ana@example.org",
      "----------",
    ].join("\n\n"),
  );
});

test("no letter is lost, and any words show something", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      const letters = (words: string) => words.match(/\p{L}/gu) ?? [];
      const wanted = letters(plainText(parseMarkdown(`x ${text}`)));
      let at = 0;
      for (const letter of letters(plainMarkdown(`x ${text}`))) if (letter === wanted[at]) at += 1;
      expect(at).toBe(wanted.length);
    }),
  );
  expect(plainMarkdown("[a]: <>")).not.toBe("");
});
