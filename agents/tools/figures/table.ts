/** Finds the table in a message: Markdown, CSV with any usual separator, or one figure a line. Used by table_stats. */
import Papa from "papaparse";
import { NovaError, figureOf, parseMarkdown, plainText } from "#core";

export type Table = {
  readonly columns: readonly string[];
  /** Cells as text, one for each column. */
  readonly rows: readonly (readonly string[])[];
  /** The text around the table: what is asked of it. */
  readonly around: string;
};

type Found = { readonly cells: Cells; readonly around: string };
type Cells = readonly (readonly string[])[];

const MOST_CHARACTERS = 200_000;
const MOST_ROWS = 10_000;
const SEPARATORS = ["\t", ";", "|", ","];

/** The first table of a text, or undefined. A NovaError when it is too large to read. */
export function findTable(text: string): Table | undefined {
  if (text.length > MOST_CHARACTERS) throw tooLarge();
  const found = fromMarkdown(text) ?? fromLines(text);
  if (!found) return undefined;
  if (found.cells.length > MOST_ROWS) throw tooLarge();
  return { ...headed(found.cells), around: found.around };
}

function fromMarkdown(text: string): Found | undefined {
  const table = parseMarkdown(text).children.find((node) => node.type === "table");
  if (!table) return undefined;
  const start = table.position?.start.offset ?? 0;
  const end = table.position?.end.offset ?? text.length;
  const cells = table.children.map((row) => row.children.map((cell) => plainText(cell).trim()));
  return { cells, around: `${text.slice(0, start)}\n${text.slice(end)}` };
}

/** The longest run of lines that fall into the same number of cells, two or more; else lines of one figure each. */
function fromLines(text: string): Found | undefined {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*```/.test(line));
  const runs = SEPARATORS.map((separator) => longestRun(lines.map((line) => cellsOf(line, separator))));
  const lists = longestRun(lines.map(figureAlone));
  const longest = [...runs, lists].reduce((most, run) => (size(run.cells) > size(most.cells) ? run : most));
  const best = withoutRequest(longest);
  if (best.cells.length < 2) return undefined;
  const around = lines.toSpliced(best.start, best.cells.length).join("\n");
  return { cells: best.cells, around };
}

/** A request that happens to hold as many commas as the rows do is not the head: it ends as a sentence, or a head follows. */
function withoutRequest({ start, cells }: Run): Run {
  const [first = [], second = [], third] = cells;
  const heads = third !== undefined && withoutFigures(first) && withoutFigures(second) && !withoutFigures(third);
  const request = /[:?.!]$|^please$/i.test(first.at(-1) ?? "") && withoutFigures(first);
  return heads || request ? { start: start + 1, cells: cells.slice(1) } : { start, cells };
}

const withoutFigures = (cells: readonly string[]): boolean => cells.every((cell) => figureOf(cell) === undefined);

function cellsOf(line: string, separator: string): readonly string[] {
  if (!line.includes(separator)) return [];
  const [cells = []] = Papa.parse<string[]>(line, { delimiter: separator }).data;
  return cells.map((cell) => cell.trim());
}

/** A line that is one figure, perhaps as an item of a list. */
function figureAlone(line: string): readonly string[] {
  const cell = line.replace(/^\s*[-*•]\s+/, "").trim();
  return figureOf(cell) ? [cell] : [];
}

type Run = { readonly start: number; readonly cells: Cells };

function longestRun(lines: Cells): Run {
  let best = { start: 0, end: 0 };
  let start = 0;
  for (const [at, cells] of lines.entries()) {
    if (cells.length === 0 || cells.length !== lines[start]?.length) start = at;
    if (cells.length > 0 && at + 1 - start > best.end - best.start) best = { start, end: at + 1 };
  }
  return { start: best.start, cells: lines.slice(best.start, best.end) };
}

/** Cells of a run; a single line is no table. */
const size = (cells: Cells): number => (cells.length < 2 ? 0 : cells.length * (cells[0]?.length ?? 0));

/** The first line is the head unless it holds figures, as the lines below it do. */
function headed(cells: Cells): Pick<Table, "columns" | "rows"> {
  const [first = [], ...rest] = cells;
  const isHead = rest.length > 0 && withoutFigures(first);
  const columns = isHead ? first : first.map((_, i) => (first.length === 1 ? "value" : `column ${i + 1}`));
  const rows = (isHead ? rest : cells).map((row) => columns.map((_, i) => row[i] ?? ""));
  return { columns, rows };
}

function tooLarge(): NovaError {
  return new NovaError("too_large", `The table has more than ${MOST_ROWS} rows or ${MOST_CHARACTERS} characters.`, {
    advice: "Send a part of it.",
  });
}
