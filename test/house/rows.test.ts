/** No row of the two catalogues is without its proof: each failure that agents may meet and each attack has a test that carries its number, each attack its honest twin, too. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const PROJECT = new URL("../..", import.meta.url).pathname;

/** Of the failure catalogue: 1 to 37, and of them those whose parts are not built yet. */
const FAILURES = { letter: "D", most: 37, later: { 35: "pipelines of fixed steps" } } as const;
/** Of the security checklist: 1 to 30. */
const ATTACKS = {
  letter: "S",
  most: 30,
  later: {
    11: "the ERP's figures",
    12: "the ERP's records without a branch",
    13: "what hangs on the ERP's records",
    27: "connectors to outside systems",
    28: "the improver",
    29: "the improver",
  },
} as const;

/** `S16: …`, `D24, S16: …`, `S18 twin, S24 twin: …` at the beginning of a title, or further on in one. */
const NUMBERS = /\b([SD]\d{1,2}(?: twin)?)(?=(?:, [A-Z]\d{1,2}(?: \w+)?)*: )/g;
const TITLE = /(?:\b(?:test|describe)(?:\.\w+)*|\))\(\s*["'`]((?:[^"'`\\]|\\.|(?<=\w)')*)/g;

function numbersIn(source: string): readonly string[] {
  return [...source.matchAll(TITLE)].flatMap(([, title = ""]) =>
    [...title.matchAll(NUMBERS)].map(([, found = ""]) => found),
  );
}

const proven = new Set(
  readdirSync(join(PROJECT, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .flatMap((name) => numbersIn(readFileSync(join(PROJECT, "test", name), "utf8"))),
);

type Catalogue = { readonly letter: string; readonly most: number; readonly later: Readonly<Record<number, string>> };
const rowsOf = ({ letter, most, later }: Catalogue): readonly string[] =>
  Array.from({ length: most }, (_, i) => i + 1)
    .filter((number) => !(number in later))
    .map((number) => `${letter}${number}`);
const lacking = (rows: readonly string[], known: ReadonlySet<string>) => rows.filter((row) => !known.has(row));

test("each failure of agents has a test", () => {
  expect(lacking(rowsOf(FAILURES), proven)).toEqual([]);
});

test("each attack has a test and an honest twin", () => {
  const rows = rowsOf(ATTACKS);
  expect(lacking([...rows, ...rows.map((row) => `${row} twin`)], proven)).toEqual([]);
});

test("no row is put off that has its test, and none is proven that is no row", () => {
  const all = new Set([...rowsOf(FAILURES), ...rowsOf(ATTACKS)]);
  expect([...proven].map((row) => row.replace(" twin", "")).filter((row) => !all.has(row))).toEqual([]);
});

test.each([
  ['test("S7: a storm", async () => {', ["S7"]],
  ['test("D24, S16: too late", () => {', ["D24", "S16"]],
  ['describe("S18 twin, S24 twin: any script", () => {', ["S18 twin", "S24 twin"]],
  ['])("S17, C1 verify: %s is refused", async () => {', ["S17"]],
  ["])(`S22 twin: of ${count} it is one`, () => {", ["S22 twin"]],
  ['test("S16: by nothing else, and S16 twin: by that it is", () => {', ["S16", "S16 twin"]],
  ['  "D37: over two lines",', []],
  ['test(\n  "D37: over two lines",', ["D37"]],
  ['test("the word S1 and D1:1 name nothing", () => {', []],
  ['expect("S7: no title");', []],
])("of the line %j the rows are %j", (line, rows) => {
  expect(numbersIn(line)).toEqual(rows);
});
