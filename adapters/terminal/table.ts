/** A table with aligned columns. Pure. */
import type { Ink } from "./ink.ts";
import { widthOf } from "./wrap.ts";

type Align = "left" | "right" | "center" | null;

export function drawTable(rows: readonly (readonly string[])[], align: readonly Align[], ink: Ink): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 1, widthOf(cell));
  }
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[], style: (text: string) => string): string =>
    widths
      .map((width, column) => padded(style(cells[column] ?? ""), width, align[column] ?? null))
      .join("  ")
      .trimEnd();
  const rule = ink.dim(widths.map((width) => "─".repeat(width)).join("  "));
  return [line(head, ink.bold), rule, ...body.map((row) => line(row, (cell) => cell))].join("\n");
}

function padded(cell: string, width: number, align: Align): string {
  const gap = Math.max(0, width - widthOf(cell));
  if (align === "right") return " ".repeat(gap) + cell;
  if (align === "center") return " ".repeat(Math.floor(gap / 2)) + cell + " ".repeat(Math.ceil(gap / 2));
  return cell + " ".repeat(gap);
}
