/** Sums, means and counts of a table that was pasted into the message. Granted to the analyst. */
import { z } from "zod";
import { NovaError, defineTool, figureOf } from "#core";
import { compareDigits } from "./figures/arithmetic.ts";
import { figureColumns, groupColumn, labelColumn } from "./figures/columns.ts";
import { STATISTICS, figuresOf, leftOut, statistic, type Statistic } from "./figures/statistics.ts";
import { findTable, type Table } from "./figures/table.ts";

const COUNT = /\b(?:counts?|how many|number of)\b/i;
const WORDS: readonly (readonly [Statistic, RegExp])[] = [
  ["sum", /\b(?:sums?|totals?|add up|altogether)\b/i],
  ["mean", /\b(?:mean|averages?)\b/i],
  ["median", /\bmedian\b/i],
  ["min", /\b(?:min(?:imum)?|lowest|smallest|least|cheapest)\b/i],
  ["max", /\b(?:max(?:imum)?|highest|largest|biggest|most)\b/i],
];

export default defineTool({
  name: "table_stats",
  description:
    "Reads the table in the person's message (Markdown, CSV or one figure a line) and gives the sum, mean, median, smallest, largest or count of its columns, for all rows or for each group. Use it whenever a table or a list of figures was pasted.",
  examples: [
    "sum the amount column:\nitem,amount\npens,3\npaper,5",
    "what is the total per customer\n| customer | total |\n|---|---|\n| Ann | 5 |\n| Bob | 7 |",
    "median and maximum of these numbers:\n12\n15\n18",
    "sum these:\n- 3\n- 4.5\n- 12",
    "which region has the highest amount\nregion,amount\nnorth,5\nsouth,9",
    "how many rows for each status\nid;status\n1;open\n2;done\n3;open",
  ],
  input: z.object({
    operation: z
      .enum([...STATISTICS, "count"])
      .optional()
      .describe("What to work out. Left out, it is read from the message."),
    column: z.string().max(200).optional().describe("Name of the column of figures. Left out, it is read likewise."),
    groupBy: z.string().max(200).optional().describe("Name of the column whose equal cells make a group."),
    table: z.string().max(200_000).optional().describe("The table, when it is not in the person's message itself."),
  }),
  timeoutMs: 5_000,
  async run(input, { ask }) {
    const table = findTable(ask.words) ?? (input.table ? findTable(input.table) : undefined);
    if (!table) {
      throw new NovaError("bad_input", "There is no table in the message.", {
        advice: "Paste it as Markdown, as CSV with a line of names at the top, or as one figure a line.",
      });
    }
    const by = groupColumn(table, input.groupBy);
    const wanted = input.operation ?? wantedIn(table.around);
    if (wanted === "count") return by === undefined ? `The table has ${table.rows.length} rows.` : count(table, by);
    const columns = figureColumns(table, input.column).filter((column) => column !== by);
    if (columns.length === 0) throw noFigures(table);
    const statistics = wanted === undefined ? undefined : [wanted].flat();
    if (by === undefined) return overall(table, columns, statistics ?? STATISTICS);
    return grouped(table, { by, columns, statistics: statistics ?? ["sum"] });
  },
});

function wantedIn(request: string): readonly Statistic[] | "count" | undefined {
  const named = WORDS.filter(([, words]) => words.test(request)).map(([name]) => name);
  if (named.length > 0) return named;
  return COUNT.test(request) ? "count" : undefined;
}

function overall(table: Table, columns: readonly number[], statistics: readonly Statistic[]): string {
  const lines = columns.map((column) => {
    const figures = figuresOf(table, table.rows, column);
    const values = statistics.map((name) => `${name} ${statistic(name, figures)}${holder(table, column, name)}`);
    const from = `${figures.digits.length} figures${leftOut(figures.left)}`;
    return `- \`${table.columns[column]}\`: ${values.join(", ")} (${from})`;
  });
  return [`Of ${table.rows.length} rows:`, ...lines].join("\n");
}

/** Whose the smallest or largest figure is. */
function holder(table: Table, column: number, name: Statistic): string {
  const label = labelColumn(table);
  if (label === undefined || (name !== "min" && name !== "max")) return "";
  const sign = name === "max" ? -1 : 1;
  const rows = table.rows.filter((row) => figureOf(row[column] ?? ""));
  const [first] = rows.toSorted((a, b) => sign * compareDigits(digits(a[column]), digits(b[column])));
  return first?.[label] ? ` (${first[label]})` : "";
}

type Grouping = {
  readonly by: number;
  readonly columns: readonly number[];
  readonly statistics: readonly Statistic[];
};

function grouped(table: Table, { by, columns, statistics }: Grouping): string {
  const wanted = columns.flatMap((column) => statistics.map((name) => ({ column, name })));
  const groups = [...Map.groupBy(table.rows, (row) => row[by] ?? "")];
  const lines = groups.map(([group, rows]) => [
    group,
    ...wanted.map(({ column, name }) => statistic(name, figuresOf(table, rows, column))),
  ]);
  const left = columns.reduce((sum, column) => sum + figuresOf(table, table.rows, column).left, 0);
  const head = wanted.map(({ column, name }) => `${name} of ${table.columns[column]}`);
  return `${tabulate([table.columns[by] ?? "", ...head], lines)}\n\n${table.rows.length} rows${leftOut(left)}.`;
}

function count(table: Table, by: number): string {
  const groups = [...Map.groupBy(table.rows, (row) => row[by] ?? "")];
  const lines = groups.map(([group, rows]) => [group, String(rows.length)]);
  return `${tabulate([table.columns[by] ?? "", "rows"], lines)}\n\n${table.rows.length} rows.`;
}

/** A Markdown table, largest figure of the first column of figures on top. */
function tabulate(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const sorted = lines.toSorted((a, b) => compareDigits(digits(b[1]), digits(a[1])));
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), `|${" --- |".repeat(head.length)}`, ...sorted.map(row)].join("\n");
}

const digits = (cell: string | undefined): string => figureOf((cell ?? "").replace("≈ ", ""))?.digits ?? "0";

function noFigures(table: Table): NovaError {
  return new NovaError("bad_input", "No column of the table holds figures.", {
    advice: `Its columns are: ${table.columns.join(", ")}. Ask for a count, or correct the cells.`,
  });
}
