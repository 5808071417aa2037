/** Slips of the keyboard: what a mistyped word is read as, and what is left as it was written. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "#core";
import { createLexicon } from "../../src/memory/lexicon.ts";
import { openRoom, type Room } from "./room.ts";

const lexicon = createLexicon();
const readings = (word: string, isName = false) =>
  new Map(lexicon.readings({ term: word, dim: 0, word, isName }).map((each) => [each.term, each]));

describe("a word one slip away is a reading, by its stem", () => {
  test.each([
    ["a letter too many", "boileer", "boiler", 1 - 1 / 13],
    ["a letter too few", "boler", "boiler", 1 - 1 / 11],
    ["two letters swapped", "bioler", "boiler", 1 - 1 / 12],
    ["a wrong letter", "boiker", "boiler", 1 - 1 / 6],
    ["swapped within a short word", "baot", "boat", 1 - 1 / 8],
    ["a slip in the ending", "painitng", "paint", 1 - 1 / 16],
    ["an irregular form", "brougt", "bring", 1 - 1 / 13],
    ["no key for the accent", "cafe", "café", 1 - 1 / 8],
    ["another script", "гаржа", "гаража", 1 - 1 / 11],
  ])("%s: %s", (_, typed, meant, weight) => {
    expect(readings(typed).get(lexicon.query(meant).terms[0]!.term)?.weight).toBeCloseTo(weight);
  });
});

test.each(["2023", "r2d2", "cat", "x".repeat(25), "东京", ""])("%s is taken as it is", (word) => {
  expect(readings(word).size).toBe(0);
});

test("one wrong letter makes another short word, and any name another name", () => {
  expect(readings("boat").has("coat")).toBe(false);
  expect(readings("maria").has(lexicon.query("Mario").terms[0]!.term)).toBe(true);
  for (const other of ["Mario", "Marian", "Marta"]) {
    expect(readings("maria", true).has(lexicon.query(other).terms[0]!.term)).toBe(false);
  }
  expect(readings("rosalnid", true).has(lexicon.query("Rosalind").terms[0]!.term)).toBe(true);
});

describe("in a memory", () => {
  let room: Room;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    room = await openRoom();
    [ada, bob] = [await room.person("Ada"), await room.person("Bob")];
    await room.keep(ada, "The boiler is serviced by Hanley in 2024.");
    await room.keep(ada, "Marie keeps the cellar key.");
    await room.keep(bob, "The broiler of the bar is lost.");
  });
  afterAll(() => room.close());

  test("a slip finds what the word would have found, for a little less, and says so", async () => {
    const [meant, typed] = [await room.recall(ada, "boiler service"), await room.recall(ada, "boielr service")];
    expect(typed).toMatchObject({
      verdict: "answer",
      readings: [{ word: "boielr", as: "boiler" }],
      items: [{ id: meant.items[0]!.id, matched: ["boiler", "servic"] }],
    });
    expect(typed.confidence).toBeLessThan(meant.confidence);
    expect(meant.readings).toBeUndefined();
  });

  test("only one's own words are read into it", async () => {
    expect((await room.recall(bob, "boiler")).readings).toEqual([{ word: "boiler", as: "broiler" }]);
    expect((await room.recall(ada, "broiler")).readings).toEqual([{ word: "broiler", as: "boiler" }]);
    const known = await room.recall(ada, "boiler");
    expect(known.readings).toBeUndefined();
  });

  test("a year is no slip of another one", async () => {
    const found = await room.recall(ada, "boiler 2023");
    expect(found.readings).toBeUndefined();
  });

  test("somebody else's name is not read as a known one; a misspelt name never answers outright", async () => {
    const other = await room.recall(ada, "What does Maria keep in the cellar, which key?");
    expect(other.readings).toBeUndefined();
    expect(other).toMatchObject({ verdict: "weak", otherwise: { asked: "Maria", found: "Marie" } });
    const misspelt = await room.recall(ada, "Which cellar key does Mraie keep?");
    expect(misspelt).toMatchObject({ verdict: "weak", readings: [{ word: "mraie", as: "marie" }] });
  });

  test("of several long words only as many are read as a recall can afford", async () => {
    const cyd = await room.person("Cyd");
    await room.keep(cyd, "The electroencephalogram and the counterrevolutionary pamphlet.");
    const found = await room.recall(cyd, "electroencephalogarm counterrevolutionray");
    expect(found.readings).toEqual([{ word: "electroencephalogarm", as: "electroencephalogram" }]);
  });

  test("a page of unknown words is not read letter by letter", async () => {
    const page = "boielr oboiler noiler foiler coiler toiler soiler roiler moiler";
    expect((await room.recall(ada, `${page} hanley`)).readings).toBeUndefined();
  });
});
