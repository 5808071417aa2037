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
/** Told and not asked: "I earn 3,000", "the rent is 900", "call me on 555-1234". */
const TELLS =
  /^(?:(?:but|so|well)\s+)?(?:i(?!\s+(?:want|need|would)\b)|we|he|she|they|it|you|there|my|our|his|her|their)(?:['’]\p{L}+)?\s+(?!what\b)|^(?:the|an?|this|that)\s+(?:\p{L}+\s+){0,3}(?:is|are|was|were|costs?|has|have|will)\b|^(?:call|ring|reach|text) (?:me|us) (?:on|at)\b/iu;
const ASKS = /^(?:what|which|how|who|when|where|why|(?:can|could|would|will) you|please)\b|\?\s*$/i;
/** What a list of figures behind a sum goes on with: "split 86.40 by 3 and 90 by 4", "50% of 20, 30 and 40". */
const HEADS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^.*?\b((?:split|divide|share|multiply|increase|decrease|reduce)\s)/i,
    /^\p{Sc}?\d[\d.,]*\s+(?:by|between|among|into|with)\s+\d/iu,
  ],
  [/^.*?(\d[\d.,]*\s?(?:%|per ?cent)\s+(?:of|off)\s)/i, /^(?:of\s+)?\p{Sc}?\d[\d.,]*\p{Sc}?[\s?.!]*$/iu],
];
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
  let head = "";
  let isTold: boolean = false;
  for (let i = 0; i < pieces.length;) {
    const text = words.slice(pieces[i]?.from, pieces[i]?.to);
    const found = longestFrom(words, pieces.slice(i)) ?? continued(head, text);
    // "I earn 3,000 and spend 1,200": the second half tells as well.
    const goesOn: boolean =
      isTold && /\d/.test(text) && !/[.?!\n]/.test(words.slice(pieces[i - 1]?.to, pieces[i]?.from));
    isTold = !found && !ASKS.test(text) && (TELLS.test(text) || goesOn);
    if (found) {
      head = found.line;
      sums += 1;
      lines.push(found.line);
    } else if (!isTold) {
      lines.push(...untold(text));
    }
    i += found?.pieces ?? 1;
  }
  return sums === 0 ? undefined : lines;
}

type Found = { readonly line: string; readonly pieces: number };

/** A piece that lacks the words that the sum before it began with. */
function continued(before: string, text: string): Found | undefined {
  for (const [begins, lacks] of HEADS) {
    const [, head] = begins.exec(before) ?? [];
    if (head === undefined || !lacks.test(text)) continue;
    const found = attempt(`${head}${text.replace(/^of\s+/i, "")}`);
    if (typeof found === "string") return { line: found, pieces: 1 };
  }
  return undefined;
}

function piecesOf(words: string): readonly Span[] {
  const gaps = Array.from(words.matchAll(BETWEEN), ({ index, 0: gap }) => ({ from: index, to: index + gap.length }));
  const bounds = [...gaps, { from: words.length, to: words.length }];
  return bounds
    .map(({ from }, i) => ({ from: gaps[i - 1]?.to ?? 0, to: from }))
    .filter(({ from, to }) => words.slice(from, to).trim() !== "");
}

/** "Average of 3, 4 and 8" is one sum, not three pieces. */
function longestFrom(words: string, pieces: readonly Span[]): Found | undefined {
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
