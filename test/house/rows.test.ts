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

/** A comment, or in the group a text, in which `//` begins none. */
const COMMENT = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[^]*?\*\//g;
/** Runs on some machines only; what stands below such a `describe` does, too. */
const SOMETIMES = /\.(?:skipIf|runIf)\([^()]*\)(?:\.\w+)*(?=\()/g;
const SOMETIMES_ALL = /\bdescribe\.(?:skipIf|runIf)\b/;
/** Never runs, or in place of all the others. */
const PUT_OFF = /\b(?:x?(?:test|describe|it)(?:\.\w+)*\.(?:skip|todo|only|fails)|x(?:test|describe|it))\b/;

const codeOf = (source: string): string => source.replaceAll(COMMENT, (_, text: string | undefined) => text ?? " ");

function numbersIn(source: string): readonly string[] {
  const code = codeOf(source);
  if (SOMETIMES_ALL.test(code)) return [];
  return [...code.replaceAll(SOMETIMES, " never").matchAll(TITLE)].flatMap(([, title = ""]) =>
    [...title.matchAll(NUMBERS)].map(([, found = ""]) => found),
  );
}

/** Without this one, whose examples are no proofs. */
const sources = new Map(
  readdirSync(join(PROJECT, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && name !== join("house", "rows.test.ts"))
    .map((name) => [name, readFileSync(join(PROJECT, "test", name), "utf8")]),
);
const proven = new Set([...sources.values()].flatMap(numbersIn));

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

test("no test is put off, and none runs alone", () => {
  const found = [...sources].filter(([, source]) =>
    PUT_OFF.test(codeOf(source).replaceAll(/(["'`])(?:\\.|(?!\1)[^\n\\])*\1/g, "")),
  );
  expect(found.map(([name]) => name)).toEqual([]);
});

test.each(["test.skip(", "test.todo(", "describe.skip(", "test.only.each(", "it.skip(", "xtest(", "test.each.skip("])(
  "what is written %s is put off",
  (line) => {
    expect(PUT_OFF.test(`${line}"x", () => {`)).toBe(true);
    expect(PUT_OFF.test('test.each([])("x", () => {')).toBe(false);
  },
);

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
  ['// test("S7: a storm", async () => {', []],
  ['/* test("S7: a storm", async () => {\n}); */', []],
  ['/**\n * test("S7: a storm", () => {\n */\ntest("S8: https://x.example // y", () => {', ["S8"]],
  ['test.skipIf(ON_A_SERVER)("S7: a storm", () => {', []],
  ['describe.runIf(ON_A_SERVER)("there", () => {\n  test("S7: a storm", () => {', []],
])("of the line %j the rows are %j", (line, rows) => {
  expect(numbersIn(line)).toEqual(rows);
});
