/** Any JSON object as a readable message: its type as the title, then what it holds, indented. The same each time. */
import { bold, inline } from "./quote.ts";
import { isRecord, type JsonRecord } from "./record.ts";

const MOST_LINES = 120;
const MOST_DEPTH = 6;
const MOST_TEXT = 300;

export function list({ type, ...rest }: JsonRecord): string {
  const titled = typeof type === "string" && type.trim() !== "";
  const lines = [...firstLines(linesOf(titled || type === undefined ? rest : { type, ...rest }, 0))];
  return (titled ? [bold(type), "", ...lines] : lines).join("\n").trimEnd();
}

/** A body may hold a million values; no more are written than are shown. */
function* firstLines(lines: Iterable<string>): Iterable<string> {
  let count = 0;
  for (const line of lines) {
    if (count === MOST_LINES) {
      yield "- … (the rest is left out)";
      return;
    }
    count += 1;
    yield line;
  }
}

function* linesOf(value: JsonRecord | readonly unknown[], depth: number): Iterable<string> {
  const indent = "  ".repeat(depth);
  for (const [key, each] of isRecord(value) ? Object.entries(value) : value.entries()) {
    const name = `${indent}- ${nameOf(key)}:`;
    if (!isNested(each)) yield `${name} ${scalar(each)}`;
    else if (Object.keys(each).length === 0) yield `${name} (empty)`;
    else if (depth === MOST_DEPTH) yield `${name} …`;
    else {
      yield name;
      yield* linesOf(each, depth + 1);
    }
  }
}

/** Items of an array are counted from 1. */
function nameOf(key: string | number): string {
  if (typeof key === "number") return String(key + 1);
  return key.trim() === "" ? "(no name)" : bold(key, 100);
}

const isNested = (value: unknown): value is JsonRecord | readonly unknown[] =>
  typeof value === "object" && value !== null;

function scalar(value: unknown): string {
  if (typeof value === "string") return value.trim() === "" ? "(empty)" : inline(value, MOST_TEXT);
  return String(value);
}
