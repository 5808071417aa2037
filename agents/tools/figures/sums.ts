/** Several sums in one message: each is worked out by itself, and what is not is told. Used by calculate. */
import { NovaError } from "#core";
import { evaluate } from "./arithmetic.ts";
import { readExpression } from "./expression.ts";

/** More pieces than this are a list to be pasted as a table. */
const MOST_PIECES = 16;
/** Where one sum may end and another begin; also where one only lists its figures. */
const BETWEEN =
  /\s*(?:\n+|[,;]\s+(?:and\s+|then\s+|also\s+)*|[.?!]+\s+(?:and\s+|then\s+|also\s+)*|\s(?:and|then)\s+)/gi;
const COURTESY =
  /^(?:please|thanks?|thank you|many thanks|cheers|hi|hello|hey|good \p{L}+|nova|ok(?:ay)?)\b[\s\p{L}.!]{0,20}$/iu;
/** A figure alone, or with its unit, is no sum. */
const WORKS = /[*/^%!]|\d\s*[-+]|\bto\b|\(/;

/** `17% of 2,340 = 397.8`, a line for each sum. Throws the NovaError of the whole when nothing of it can be worked out. */
export function workOut(words: string): string {
  try {
    return line(words);
  } catch (cause) {
    if (!(cause instanceof NovaError)) throw cause;
    const lines = several(words);
    if (lines === undefined) throw cause;
    return lines.join("\n");
  }
}

function line(words: string): string {
  const { asked, expression, currency, unit } = readExpression(words);
  const value = `${currency}${evaluate(expression)}${unit}`.replace(/^(\p{Sc})≈ /u, "≈ $1");
  return value.startsWith("≈") ? `${asked} ${value}` : `${asked} = ${value}`;
}

type Span = { readonly from: number; readonly to: number };

/** Undefined unless at least one sum was found among other things. */
function several(words: string): readonly string[] | undefined {
  const pieces = piecesOf(words);
  if (pieces.length < 2 || pieces.length > MOST_PIECES) return undefined;
  const lines: string[] = [];
  let sums = 0;
  for (let i = 0; i < pieces.length;) {
    const found = longestFrom(words, pieces.slice(i));
    if (found) {
      lines.push(found.line);
      sums += 1;
      i += found.pieces;
    } else {
      lines.push(...untold(words.slice(pieces[i]?.from, pieces[i]?.to)));
      i += 1;
    }
  }
  return sums === 0 ? undefined : lines;
}

function piecesOf(words: string): readonly Span[] {
  const gaps = Array.from(words.matchAll(BETWEEN), ({ index, 0: gap }) => ({ from: index, to: index + gap.length }));
  const bounds = [...gaps, { from: words.length, to: words.length }];
  return bounds
    .map(({ from }, i) => ({ from: gaps[i - 1]?.to ?? 0, to: from }))
    .filter(({ from, to }) => words.slice(from, to).trim() !== "");
}

/** "Average of 3, 4 and 8" is one sum, not three pieces. */
function longestFrom(words: string, pieces: readonly Span[]): { line: string; pieces: number } | undefined {
  for (let count = pieces.length; count > 0; count -= 1) {
    const text = words.slice(pieces[0]?.from, pieces[count - 1]?.to);
    const found = attempt(text);
    if (typeof found === "string") return { line: found, pieces: count };
  }
  return undefined;
}

function attempt(text: string): string | NovaError {
  try {
    const found = line(text);
    return WORKS.test(readExpression(text).expression) ? found : NO_SUM;
  } catch (error) {
    if (error instanceof NovaError) return error;
    throw error;
  }
}

const NO_SUM = new NovaError("bad_input", "That is a figure and no calculation.");

/** What was not worked out is never passed over. */
function untold(text: string): readonly string[] {
  if (!/[\p{L}\p{N}]/u.test(text) || COURTESY.test(text.trim())) return [];
  const error = attempt(text);
  const why = /\d/.test(text) && error instanceof NovaError ? ` ${error.message}` : "";
  return [`Not worked out: “${text.replace(/^[\s?.!,;]+|[\s?.!]+$/g, "")}”.${why}`];
}
