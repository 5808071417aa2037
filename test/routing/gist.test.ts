import { expect, test } from "vitest";
import { gistOf } from "../../src/routing/gist.ts";

test("a text under the request is named, not read", () => {
  expect(gistOf("Summarise this:\nThe council met.\nIt rained.")).toBe("Summarise this: pastedtext");
  expect(gistOf("Shorten this: the shop on the corner will be closed until May")).toBe("Shorten this pastedtext");
});

test("a table is told from a text", () => {
  expect(gistOf("sum the amounts\nitem,amount\npens,3\npaper,5")).toBe("sum the amounts pastedtable");
  expect(gistOf("add these\n12\n30\n4.5")).toBe("add these pastedtable");
});

test("a short last line after a text is read as the request that it may be", () => {
  const text = "The council met on Monday.\nIt talked about the bridge.\n\nCan you summarise that?";
  expect(gistOf(text)).toContain("Can you summarise that?");
});

test("what follows a colon is read when it is short or a question", () => {
  expect(gistOf("note: buy stamps")).toBe("note: buy stamps");
  const question = "Quick question: how many days are there in the month of May?";
  expect(gistOf(question)).toBe(question);
});

test("all figures are alike, and their signs are words", () => {
  expect(gistOf("what is 17% of 2,340?")).toBe("what is 0 percent of 0?");
  expect(gistOf("why did t44 fail")).toBe("why did t0 fail");
  expect(gistOf("$12 or €9.50")).toBe("currency 0 or currency 0");
});

test("a huge message comes down to a few words", () => {
  expect(gistOf("word ".repeat(200_000)).length).toBeLessThan(500);
});

test.each([
  ["tell Ben that it works", "tell personsname that it works"],
  ["please let ada know we are late", "let personsname know we are late"],
  ["Message Ada, Tom and Mrs Keller: lunch", "Message personsname: lunch"],
  ["send Zbigniew a line that I call", "send personsname a line that I call"],
])("whoever is to be told something is the same somebody: %s", (text, gist) => {
  expect(gistOf(text)).toBe(gist);
});

test.each([
  "tell me that joke",
  "tell the team that it works",
  "let me know what is on",
  "send Slack the file",
  "post to #team that it is open",
  "did Ben send me a message?",
  "remember that Anna likes tea",
])("what addresses nobody by name stays: %s", (text) => {
  expect(gistOf(text)).toBe(text);
});
