/** What routing reads of a message: the request, not the text that was pasted under it. Called before the classifier. */
import { withoutAddressee } from "./addressee.ts";

/** Words of our own, so that "there is a text below" can be learned like any other word. */
export const PASTED_TEXT = "pastedtext";
export const PASTED_TABLE = "pastedtable";

/** A request says what it wants in fewer words than this; more of one line is material. */
const LONGEST_REQUEST = 40;
/** From here on, what follows a colon is material rather than the request's object. */
const LONG_BODY = 6;
/** Beyond this nothing is looked at: the request stands at the beginning or at the end. */
const WINDOW = 4_000;

/** Short, one line, figures alike; equal for training examples and messages. Pure. */
export function gistOf(message: string): string {
  const [first = NO_LINE, ...rest] = linesOf(withoutAddressee(windowed(message)));
  return plain([headOf(first.text), bodyOf(rest, first.text.endsWith(":"))].join(" "));
}

type Line = { readonly text: string; readonly apart: boolean };
const NO_LINE: Line = { text: "", apart: false };

/** The lines that hold words or figures; `apart` when an empty one stands before. */
function linesOf(text: string): Line[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .map((line, i) => ({ text: line, apart: i > 0 && lines[i - 1] === "" }))
    .filter((line) => /[\p{L}\p{N}]/u.test(line.text));
}

function windowed(message: string): string {
  if (message.length <= WINDOW) return message;
  return `${message.slice(0, WINDOW / 2)}\n${message.slice(-WINDOW / 2)}`;
}

/** The first line, with what follows its colon named rather than read, unless that is a question itself. */
function headOf(line: string): string {
  const [, request = "", body = ""] = /^([^:]{2,80}):\s+(.+)$/.exec(line) ?? [];
  if (count(body) >= LONG_BODY && !body.includes("?")) return `${request} ${PASTED_TEXT}`;
  const words = line.split(/\s+/);
  if (words.length <= LONGEST_REQUEST) return line;
  return [...words.slice(0, LONGEST_REQUEST / 2), ...words.slice(-LONGEST_REQUEST / 2)].join(" ");
}

/** Further lines: a table or a text, and perhaps a request below it when there was none announced above. */
function bodyOf(lines: readonly Line[], announced: boolean): string {
  const last = lines.at(-1);
  if (!last) return "";
  const asks = !announced && lines.length > 1 && isRequest(last);
  const material = asks ? lines.slice(0, -1) : lines;
  const rows = material.filter(({ text }) => isRow(text)).length;
  return [rows * 2 > material.length ? PASTED_TABLE : PASTED_TEXT, asks ? last.text : ""].join(" ");
}

function isRequest({ text, apart }: Line): boolean {
  return (apart || text.endsWith("?")) && count(text) <= LONGEST_REQUEST / 2 && !isRow(text);
}

/** Cells apart by a mark, or a bare figure. */
function isRow(line: string): boolean {
  return /[|;\t]|^[^\s,]+(?:,[^\s,]+)+$/.test(line) || /^[\p{Sc}\d.,%()\s-]+$/u.test(line);
}

/** Every figure is the same figure, the signs beside it are words, and politeness says nothing about who is meant. */
function plain(text: string): string {
  return text
    .replace(/\b(?:please|pls|kindly)\b/gi, "")
    .replace(/\d+(?:[.,:]\d+)*/g, "0")
    .replaceAll("%", " percent ")
    .replace(/\p{Sc}/gu, " currency ")
    .replace(/\s+/g, " ")
    .trim();
}

function count(text: string): number {
  return text === "" ? 0 : text.trim().split(/\s+/).length;
}
