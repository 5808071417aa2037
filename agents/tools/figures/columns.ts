/** Which columns of a table are meant, by a name that was given or by the words of the request. Used by table_stats. */
import { NovaError, figureOf, terms } from "#core";
import type { Table } from "./table.ts";

const GROUPING = /\b(?:by|per|each|every|for each)\s+(?:the\s+)?([\p{L}\p{N}_ ]+)/iu;

/** The column whose equal cells make a group, or undefined when all rows are one. */
export function groupColumn(table: Table, given: string | undefined): number | undefined {
  if (given?.trim()) return named(table, given);
  const words = GROUPING.exec(table.around)?.[1];
  return words === undefined ? undefined : inWords(table, words);
}

/** The columns of figures: the one given, else those that the request names, else all. */
export function figureColumns(table: Table, given: string | undefined): readonly number[] {
  const figures = table.columns.map((_, column) => column).filter((column) => holdsFigures(table, column));
  if (!given?.trim()) {
    const asked = new Set(terms(table.around));
    const wanted = figures.filter((column) => mentions(asked, table.columns[column] ?? ""));
    return wanted.length > 0 ? wanted : figures;
  }
  const chosen = named(table, given);
  if (figures.includes(chosen)) return [chosen];
  throw new NovaError("bad_input", `The column \`${table.columns[chosen]}\` holds no figures.`, {
    advice: "Choose another column, or ask for a count.",
  });
}

/** The column that says what a row is about: the first that holds no figures. */
export function labelColumn(table: Table): number | undefined {
  const at = table.columns.findIndex((_, column) => !holdsFigures(table, column));
  return at < 0 ? undefined : at;
}

function named(table: Table, name: string): number {
  const exact = table.columns.findIndex((column) => column.toLowerCase() === name.trim().toLowerCase());
  const found = exact < 0 ? inWords(table, name) : exact;
  if (found !== undefined) return found;
  throw new NovaError("bad_input", "The table has no such column.", {
    advice: `Its columns are: ${table.columns.join(", ")}.`,
  });
}

/** The column whose whole name stands in the words, longest names first. */
function inWords(table: Table, words: string): number | undefined {
  const asked = new Set(terms(words));
  return table.columns
    .map((name, column) => ({ name, column }))
    .toSorted((a, b) => b.name.length - a.name.length)
    .find(({ name }) => mentions(asked, name))?.column;
}

function mentions(asked: ReadonlySet<string>, name: string): boolean {
  const own = terms(name.replaceAll("_", " "));
  return own.length > 0 && own.every((term) => asked.has(term));
}

function holdsFigures(table: Table, column: number): boolean {
  const filled = table.rows.map((row) => row[column] ?? "").filter((cell) => cell !== "");
  const figures = filled.filter((cell) => figureOf(cell) !== undefined);
  return figures.length > 0 && figures.length * 2 >= filled.length;
}
