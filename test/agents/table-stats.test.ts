/** Tables in a message: found in any usual form, summed exactly, honest about what was left out. */
import { describe, expect, test } from "vitest";
import tableStats from "../../agents/tools/table-stats.ts";
import { toolContext } from "../contract/context.ts";

const SALES = 'region,amount,price\nnorth,100,$2.50\nsouth,"1,200",$3\nnorth,50,$1.25\neast,n/a,$4';
const run = (words: string, input: Parameters<typeof tableStats.run>[0] = {}) =>
  tableStats.run(input, toolContext({ words }));

describe("reads", () => {
  test("CSV, by the name of a column", async () => {
    expect(await run(`sum the amount column:\n${SALES}`)).toBe(
      "Of 4 rows:\n- `amount`: sum 1350 (3 figures; 1 cell is no figure and is left out)",
    );
  });

  test("Markdown, in groups, largest first", async () => {
    const words =
      "Please, total per customer:\n\n| customer | total |\n|---|---:|\n| Ann | 5 |\n| Bob | 7.5 |\n| Ann | 1 |";
    expect(await run(words)).toContain("| customer | sum of total |\n| --- | --- |\n| Bob | 7.5 |\n| Ann | 6 |");
  });

  test.each([";", "\t", "|"])("cells parted by %j", async (separator) => {
    const table = ["item,cost", "a,1.5", "b,2"].join("\n").replaceAll(",", separator);
    expect(await run(`add up the cost\n${table}`)).toContain("`cost`: sum 3.5");
  });

  test("one figure a line, with or without bullets", async () => {
    expect(await run("Add these up, thanks:\n- 12\n- 30\n- 4.5")).toContain("sum 46.5");
    expect(await run("median and maximum:\n12\n15\n18")).toContain("median 15, max 18");
  });

  test.each([
    "total per customer in this CSV, please\ncustomer,total\nAnn,5\nBob,7",
    "well, total per customer:\ncustomer,total\nAnn,5\nBob,7",
  ])("the head below a request that looks like a row: %j", async (words) => {
    expect(await run(words)).toContain("| customer | sum of total |\n| --- | --- |\n| Bob | 7 |\n| Ann | 5 |");
  });

  test("a table without a head", async () => {
    expect(await run("total\n1,2\n3,4")).toContain("`column 2`: sum 6");
  });
});

describe("answers", () => {
  test("whose the largest figure is", async () => {
    expect(await run(`which region has the highest amount\n${SALES}`)).toContain("max 1200 (south)");
  });

  test("how many rows each group has", async () => {
    expect(await run(`how many rows per region?\n${SALES}`)).toContain("| north | 2 |");
  });

  test("with the currency of the column", async () => {
    expect(await run(`average price by region\n${SALES}`)).toContain("| north | $1.875 |");
  });

  test("what a model asked for by name, whatever the words", async () => {
    const said = await run(`look at this\n${SALES}`, { operation: "max", column: "Price" });
    expect(said).toBe("Of 4 rows:\n- `price`: max $4 (east) (4 figures)");
  });

  test("exactly, where binary fractions would not", async () => {
    expect(await run("sum\nx\n0.1\n0.2\n0.3".replace("x\n", ""))).toContain("sum 0.6");
  });
});

describe("refuses in words", () => {
  test.each([
    ["no table", "sum this up", {}, /no table/],
    ["no such column", `sum\n${SALES}`, { column: "weight" }, /no such column/],
    ["a column without figures", `sum\n${SALES}`, { column: "region" }, /holds no figures/],
    ["two currencies", "sum\nitem;cost\na;$5\nb;€6", {}, /mixes \$ and €/],
    ["no figures at all", "sum\na,b\nc,d", {}, /No column/],
    ["too much", `sum\n${"a,1\n".repeat(60_000)}`, {}, /more than/],
  ])("%s", async (_, words, input, reason) => {
    await expect(run(words, input)).rejects.toMatchObject({
      name: "NovaError",
      message: expect.stringMatching(reason),
    });
  });
});
