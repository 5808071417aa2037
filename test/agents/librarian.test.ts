/** The librarian's rules: what is kept is what was written, and forgetting needs one clear item. */
import { describe, expect, test } from "vitest";
import { itemId } from "#core";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import librarian from "../../agents/general/librarian.ts";
import { agentStep, item, type Scene } from "../contract/context.ts";
import { AGENTS, TOOLS } from "../contract/trial-folder.ts";

const { roster } = await loadAgents(AGENTS, { tools: await loadTools(TOOLS) });
const spec = roster.get("librarian");
if (!spec) throw new Error("the librarian is not on call");

const before = (words: string, items: Scene["items"] = []) => librarian.before?.(agentStep(spec, { words, items }));
const check = (answer: string, results: readonly string[] = []) =>
  librarian.check?.(agentStep(spec, { words: "what do you know?" }), answer, results);

describe("keeps, in the person's own words,", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["remember that the lease ends in June", "note", "the lease ends in June"],
    ["Please remember: Anna's number is 555-0199!", "note", "Anna's number is 555-0199!"],
    ["/remember the cat is called Mio", "note", "the cat is called Mio"],
    ["note: buy 2 kg of flour", "note", "buy 2 kg of flour"],
    ["Note to self: the KEY is with Mrs Keller", "note", "the KEY is with Mrs Keller"],
    ["make a note that Tom is away", "note", "Tom is away"],
    ["don’t forget that invoices go to accounts", "note", "invoices go to accounts"],
    ["can you keep in mind that I work from home on Fridays", "note", "I work from home on Fridays"],
    ["decision: release on Thursdays", "decision", "release on Thursdays"],
    ["we decided to move the database to Frankfurt.", "decision", "we decided to move the database to Frankfurt."],
    ["remember that we decided to use Postgres", "decision", "we decided to use Postgres"],
    ["Let's go with the blue one", "decision", "Let's go with the blue one"],
    ["I prefer short answers", "preference", "I prefer short answers"],
    ["preference: metric units", "preference", "metric units"],
    ["Update: the launch moved to 20 June", "update", "the launch moved to 20 June"],
    ["note: shopping\n\n- milk\n- bread", "note", "shopping\n\n- milk\n- bread"],
  ];
  test.each(cases)("%s", async (words, kind, text) => {
    const coded = await before(words);
    expect(coded?.changes).toEqual([{ kind: "keep", item: { kind, text } }]);
    expect(coded?.reply).toMatchObject({ kind: "answer", text: expect.stringContaining(text.split("\n")[0] ?? "") });
    expect(coded?.reply).toMatchObject({ text: expect.stringContaining("Say “forget …” to drop it") });
  });

  test("two notes of one turn as two items, and says what it did not answer", async () => {
    const coded = await before("remember that the door is green\n\nnote: the roof leaks\n\nwho has the key?");
    expect(coded?.changes?.map((change) => change.kind === "keep" && change.item.text)).toEqual([
      "the door is green",
      "the roof leaks",
    ]);
    expect(coded?.reply).toMatchObject({ text: expect.stringContaining("ask it by itself") });
  });
});

describe("leaves to the model", () => {
  test.each([
    "what do you know about the lease?",
    "do you remember the name of our plumber?",
    "remember when we went to Rome?",
    "what did we decide about the database?",
    "did we decide on a colour?",
    "list my notes",
    "notes on the meeting of Monday",
    "I forget where I put the contract",
    "we decided nothing yet, did we?",
    "remove the table from the second page",
    "",
  ])("%s", async (words) => {
    expect(await before(words)).toBeUndefined();
  });
});

describe("asks or refuses when", () => {
  test("there is nothing to keep", async () => {
    expect(await before("remember")).toMatchObject({ reply: { kind: "clarify" } });
    expect(await before("note:")).toMatchObject({ reply: { kind: "clarify" } });
  });

  test("a note is longer than an item can be", async () => {
    const coded = await before(`note: ${"x".repeat(20_001)}`);
    expect(coded?.reply).toMatchObject({ kind: "fail", code: "cannot", reason: expect.stringContaining("20,001") });
    expect(coded?.changes ?? []).toEqual([]);
  });
});

describe("forgets", () => {
  const lease = item("12", "The office lease ends in June.");
  const peanuts = item("13", "Anna is allergic to peanuts.");
  const birthday = item("14", "Anna has her birthday in May.");

  test.each(["forget m12", "/forget m12", "please delete note [m12]", "Forget item M12."])("%s", async (words) => {
    const coded = await before(words, [lease, peanuts]);
    expect(coded?.changes).toEqual([{ kind: "forget", item: itemId("12") }]);
    expect(coded?.reply).toMatchObject({ kind: "answer", text: expect.stringContaining("[m12]") });
  });

  test("several ids at once, or none of them when one does not exist", async () => {
    const both = await before("forget m12 and m13", [lease, peanuts]);
    expect(both?.changes).toHaveLength(2);
    const one = await before("forget m12 and m99", [lease, peanuts]);
    expect(one?.reply).toMatchObject({ kind: "fail", code: "not_found", reason: expect.stringContaining("m99") });
    expect(one?.changes ?? []).toEqual([]);
  });

  test.each([
    "forget what I said about the lease",
    "forget the lease",
    "forget everything about the office lease",
    "delete my note about the lease",
  ])("what one item says: %s", async (words) => {
    const coded = await before(words, [lease, peanuts, birthday]);
    expect(coded?.changes).toEqual([{ kind: "forget", item: itemId("12") }]);
    expect(coded?.reply).toMatchObject({
      kind: "answer",
      text: expect.stringContaining("The office lease ends in June."),
    });
  });

  test("nothing when several items fit: it asks which", async () => {
    const coded = await before("forget what I said about Anna", [lease, peanuts, birthday]);
    expect(coded?.changes ?? []).toEqual([]);
    expect(coded?.reply).toMatchObject({ kind: "clarify", options: ["forget m13", "forget m14"] });
  });

  test("the one of several that holds all the words", async () => {
    const coded = await before("forget Anna's birthday", [lease, peanuts, birthday]);
    expect(coded?.changes).toEqual([{ kind: "forget", item: itemId("14") }]);
  });

  test("nothing when nothing fits, and says so", async () => {
    const coded = await before("forget what I said about Oslo", [lease]);
    expect(coded?.reply).toMatchObject({ kind: "fail", code: "not_found" });
  });

  test.each([
    "forget it",
    "forget everything",
    "forget all my notes",
    "forget everything about me",
    "forget",
    "/forget",
  ])("nothing when nothing is named: %s", async (words) => {
    const coded = await before(words, [lease]);
    expect(coded?.reply).toMatchObject({ kind: "clarify" });
    expect(coded?.changes ?? []).toEqual([]);
  });
});

describe("refuses a model's answer that", () => {
  test("claims to have kept or forgotten something", () => {
    expect(check("I've saved that for you.")).toContain("none was made");
    expect(check("I have forgotten it.")).toContain("none was made");
  });

  test("cites an item that nobody found", () => {
    expect(check("The lease ends in June [m12].")).toContain("[m12]");
    expect(
      check("The lease ends in June [m12].", ["[m12] note, 2026-11-21, Ana: The lease ends in June."]),
    ).toBeUndefined();
  });

  test("quotes such a claim of somebody: it passes", () => {
    expect(check("You said on 20 Nov 2026: “I have deleted the file”")).toBeUndefined();
  });

  test("does neither: it passes", () => {
    expect(check("Nothing is stored about that.")).toBeUndefined();
  });
});
