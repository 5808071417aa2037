/** Figures and their meanings as aligned lines of plain text. Called by words.ts and own-words.ts. */
import type { Figures } from "./retrieval-score.ts";

export type Cell = string | number | null | undefined;

/** The first column stands left, the others right; what was not measured is a dash. */
export function table(rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? "-")));
  const widths = (texts[0] ?? []).map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)));
  return texts.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

export const pairs = (figures: Figures): string[] => table(Object.entries(figures));

/** What each name above it means, a line each. */
export function legend(meanings: Readonly<Record<string, string>>): string[] {
  const width = Math.max(...Object.keys(meanings).map((name) => name.length));
  return Object.entries(meanings).map(([name, meaning]) => `${name.padEnd(width)}  ${meaning}`);
}
