/** A table with aligned columns, in signs of one width. Pure. */

export type Grid = {
  /** The head and the line under it. */
  readonly head: string;
  /** One line each; empty when there are none. */
  readonly rows: string;
  /** Width of the widest line. */
  readonly columns: number;
};

type Align = "left" | "right" | "center" | null;

const GAP = "  ";

export function drawGrid(rows: readonly (readonly string[])[], align: readonly Align[]): Grid {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 1, columnsOf(cell));
  }
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => padded(cells[column] ?? "", width, align[column] ?? null))
      .join(GAP)
      .trimEnd();
  const [head = [], ...body] = rows;
  return {
    head: `${line(head)}\n${widths.map((width) => "─".repeat(width)).join(GAP)}`,
    rows: body.map(line).join("\n"),
    columns: widths.reduce((sum, width) => sum + width, GAP.length * Math.max(0, widths.length - 1)),
  };
}

function padded(cell: string, width: number, align: Align): string {
  const gap = Math.max(0, width - columnsOf(cell));
  const left = align === "right" ? gap : align === "center" ? Math.floor(gap / 2) : 0;
  return " ".repeat(left) + cell + " ".repeat(gap - left);
}

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Scripts whose signs take two columns, and pictures. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|\uFE0F/u;

function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of characters.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}
