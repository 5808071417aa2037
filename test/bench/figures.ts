/** Figures out of measured times, and the page that they are printed on. Used by every section of the bench. */

/** Milliseconds, as measured. */
export type Times = readonly number[];

/** The value below which this share of the times lies; 0.5 is the median. */
export function quantile(times: Times, share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (times: Times): number => quantile(times, 0.5);

/** One figure of a section: its median over rounds, and what the rounds lay between. */
export type Figure = {
  readonly what: string;
  readonly unit: "ms" | "/s" | "MB" | "s" | "×" | "%" | "";
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
  /** What was aimed at, in words, where there is an aim. */
  readonly aim?: string;
};

/** A figure that was measured several times. */
export function over(what: string, unit: Figure["unit"], rounds: Times, aim?: string): Figure {
  const figure = { what, unit, value: median(rounds), least: Math.min(...rounds), most: Math.max(...rounds) };
  return aim === undefined ? figure : { ...figure, aim };
}

export function one(what: string, unit: Figure["unit"], value: number, aim?: string): Figure {
  return aim === undefined ? { what, unit, value } : { what, unit, value, aim };
}

/** A section as it is printed: a heading, and a line for each figure. */
export function page(heading: string, figures: readonly Figure[]): string {
  const rows = figures.map(({ what, unit, value, least, most, aim }) => [
    what,
    `${shown(value)} ${unit}`.trim(),
    least === undefined || most === undefined ? "" : `${shown(least)} to ${shown(most)}`,
    aim === undefined ? "" : `aim ${aim}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
  return [heading, ...lines, ""].join("\n");
}

function shown(value: number): string {
  if (Number.isNaN(value)) return "none";
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
