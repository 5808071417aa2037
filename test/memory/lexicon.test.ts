/** The lexical recipe: pure, so it is tested by its numbers. */
import { expect, test } from "vitest";
import type { LexicalDocument, StreamLine } from "#core";
import { createLexicon } from "../../src/memory/lexicon.ts";

const lexicon = createLexicon();
const line = (text: string, speaker = "Ann"): StreamLine => ({ text, speaker, at: new Date("2023-05-08T12:00:00Z") });
const weightsOf = (document: LexicalDocument) =>
  Object.fromEntries(document.terms.map(({ term, weight }) => [term, weight]));

test("a line holds its own words, its speaker and its date at full weight", () => {
  const document = lexicon.document(line("The wolves ran, the wolves howled"), [], []);
  expect(weightsOf(document)).toEqual({ wolf: 2, run: 1, howl: 1, ann: 1, "8": 1, may: 1, "2023": 1 });
  expect(document.length).toBe(8);
  expect(document.own).toBe(4);
});

test("neighbours lend their words, fainter with distance, and the lines before more than those after", () => {
  const [a, b, c, d, e, f] = ["apple", "banana", "cherry", "date", "elder", "fig"].map((text) => line(text));
  const document = lexicon.document(line("grape"), [a!, b!, c!], [d!, e!, f!]);
  expect(weightsOf(document)).toMatchObject({
    cherri: 0.5,
    banana: 0.25,
    appl: 0.125,
    date: 0.3,
    old: 0.15,
    fig: 0.075,
    grape: 1,
  });
});

test("a long neighbour does not drown the line", () => {
  const paste = line(Array.from({ length: 5_000 }, (_, i) => `word${i}`).join(" "));
  expect(lexicon.document(line("grape"), [paste], []).terms.length).toBeLessThan(200);
});

test("weights and rarities multiply to BM25", () => {
  const document = lexicon.document(line("grape grape pear"), [], []);
  const dims = new Map(document.terms.map(({ term, dim }) => [term, dim]));
  const values = new Map(lexicon.weights(document, 7).map(({ dim, value }) => [dim, value]));
  expect(values.get(dims.get("grape")!)).toBeCloseTo((2 * 1.6) / (2 + 0.6));
  expect(values.get(dims.get("pear")!)).toBeCloseTo(1.6 / 1.6);
  expect(lexicon.idf(10, 2)).toBeCloseTo(Math.log(1 + 8.5 / 2.5));
  expect(lexicon.idf(10, 10)).toBeGreaterThan(0);
});

test("places are spread over the whole vector and are the same for line and question", () => {
  const dims = Array.from({ length: 10_000 }, (_, i) => lexicon.query(`word${i}`).terms[0]!.dim);
  expect(Math.min(...dims)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...dims)).toBeLessThan(2 ** 20);
  // By chance, 10,000 of 2^20 places meet about 48 times.
  expect(new Set(dims).size).toBeGreaterThan(9_900);
  expect(lexicon.document(line("word77"), [], []).terms[0]!.dim).toBe(dims[77]);
});

test("may is a month only where a month can stand", () => {
  const termsOf = (text: string) => lexicon.query(text).terms.map(({ term }) => term);
  expect(termsOf("What happened in May?")).toContain("may");
  expect(termsOf("what was due on 8 may 2023")).toContain("may");
  expect(termsOf("May I borrow the car?")).not.toContain("may");
});

test("questions and times are recognised", () => {
  expect(lexicon.document(line("Shall we go?"), [], []).isQuestion).toBe(true);
  expect(lexicon.document(line("We went last summer"), [], []).hasTime).toBe(true);
  expect(lexicon.document(line("We went by train"), [], []).hasTime).toBe(false);
  const asking = ["When did it rain?", "since when is it open", "How long did it take?", "On what date?"];
  expect(asking.filter((asks) => !lexicon.query(asks).asksTime)).toEqual([]);
  expect(lexicon.query("Who came when it rained?").asksTime).toBe(false);
});

test("words of any script are terms; a word without end is cut", () => {
  const termsOf = (text: string) => lexicon.query(text).terms.map(({ term }) => term);
  expect(termsOf("Ключ от гаража")).toEqual(["ключ", "от", "гаража"]);
  expect(termsOf("东京塔")).toEqual(["东京", "京塔"]);
  expect(termsOf("Café Ångström")).toEqual(["café", "ångström"]);
  expect(termsOf("x".repeat(20_000))).toEqual(["x".repeat(64)]);
});
