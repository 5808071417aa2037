/** What a column comes to, in words and exact figures, mixed currencies refused. Used by table_stats. */
import { NovaError, figureOf } from "#core";
import { aggregate } from "./arithmetic.ts";
import type { Table } from "./table.ts";

export const STATISTICS = ["sum", "mean", "median", "min", "max"] as const;
export type Statistic = (typeof STATISTICS)[number];

export type ColumnFigures = {
  readonly digits: readonly string[];
  readonly currency: string;
  /** How many cells held no figure. */
  readonly left: number;
};

/** The figures of a column over some rows. A sum over two currencies means nothing, and is refused. */
export function figuresOf(table: Table, rows: Table["rows"], column: number): ColumnFigures {
  const figures = rows.flatMap((row) => figureOf(row[column] ?? "") ?? []);
  const currencies = new Set(figures.map((figure) => figure.currency).filter((sign) => sign !== ""));
  if (currencies.size > 1) {
    const name = table.columns[column] ?? "";
    throw new NovaError("bad_input", `The column \`${name}\` mixes ${[...currencies].join(" and ")}.`, {
      advice: "Ask for one currency at a time; no rate of exchange is known here.",
    });
  }
  const [currency = ""] = currencies;
  return { digits: figures.map((figure) => figure.digits), currency, left: rows.length - figures.length };
}

/** One statistic as it is shown, or "" when there is no figure. */
export function statistic(name: Statistic, { digits, currency }: ColumnFigures): string {
  if (digits.length === 0) return "";
  const value = aggregate(name, digits);
  return value.startsWith("≈ ") ? `≈ ${currency}${value.slice(2)}` : `${currency}${value}`;
}

/** How many cells were passed over, or "". */
export function leftOut(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; 1 cell is no figure and is left out" : `; ${count} cells are no figures and are left out`;
}
