/** Cuts a message that plainly asks for several things into those things. Pure, and timid: in doubt it is one thing. Called by plan.ts. */
import { asksAnew, messageTo, type Told } from "./anew.ts";
import { clauses, linkless, type Cut, type Piece, type Reader, type Span } from "./clauses.ts";

export type Parted = {
  /** At least two, in order, without the words that only link them. */
  readonly parts: readonly string[];
  /** No part needs another to be done before it. */
  readonly together: boolean;
};

/** Somebody who asks for several things does it in a few lines; more is material. */
const LONGEST = 600;
/** More are a list to work on. */
const MOST_PARTS = 6;
const FEWEST_WORDS = 2;

/** Undefined for one thing, for more than six, and for whatever might be one thing with a text in it. */
export function partsOf(message: string, reader: Reader): Parted | undefined {
  const { pieces, isList } = piecesOf(message, reader);
  const parts = gathered(message.trim(), pieces, { reader, isList });
  if (!parts || parts.length < 2 || parts.length > MOST_PARTS) return undefined;
  const together = parts.every(({ ordered, words }, i) => !ordered && (i === 0 || !POINTS_BACK.test(words)));
  return { parts: parts.map(({ words }) => words), together };
}

export type Pieces = {
  /** In order, without greetings and the words that only link them; none for what may hold a text. */
  readonly pieces: readonly (Told & Span)[];
  readonly isList: boolean;
};

export function piecesOf(message: string, reader: Reader): Pieces {
  const text = message.trim();
  const masked = text.length > LONGEST || /```|^\s*>|\t|\|/m.test(text) ? undefined : withoutQuotes(text);
  const items = masked === undefined ? undefined : listed(masked);
  const cuts = masked === undefined ? undefined : items === undefined ? sentences(masked, reader) : items;
  const pieces = (cuts ?? []).map(({ from, to, own }) => ({
    ...linkless(text.slice(from, to)),
    own,
    from,
    to,
    begins: /[.!?\n]\s*$/.test(text.slice(0, from)) || /^\s*[,;]\s*also\b/i.test(text.slice(from, to)),
  }));
  return { pieces: pieces.filter(({ words }) => !isGreeting(words)), isList: Boolean(items) };
}

/** Whether parts that stand in a message can be done side by side. For parts that somebody else has cut. */
export function areIndependent(message: string, parts: readonly string[]): boolean {
  const between = parts.reduce((rest, part) => rest.replace(part, "\n"), message);
  return !ORDERED.test(between) && parts.slice(1).every((part) => !POINTS_BACK.test(part) && !ORDERED.test(part));
}

/** It leans on what another part names or brings. */
const POINTS_BACK =
  /\b(?:it|its|them|they|their|this|that|these|those|same|both|above|result|results|answer|answers|outcome|former|latter|there)\b/i;
const ORDERED = /\b(?:then|next|afterwards?|finally|lastly|after that|first(?:ly)?|second(?:ly)?|third(?:ly)?)\b/i;

/** Of the same length, with a filler for what stands in quotes; undefined when one is left open. */
function withoutQuotes(text: string): string | undefined {
  const masked = text
    // The mark of a list's item opens and closes nothing.
    .replace(/(?<=^|[\s,;])(\(?)([1-9])\)(?=\s)/g, (_mark, open: string, number: string) => `${open && " "}${number}.`)
    .replace(/"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|`[^`]*`|\([^()]*\)/g, (quoted) => "x".repeat(quoted.length))
    .replace(/(?<!\p{L})'[^'\n]{3,}'(?!\p{L})/gu, (quoted) => "x".repeat(quoted.length));
  return /["“”„«»`()]/.test(masked) ? undefined : masked;
}

/** Says no more than that a list follows. */
const ANNOUNCES =
  /^(?:(?:hi|hello|hey)[^\n:]{0,20}[,!.]\s*)?(?:please|(?:please )?(?:do|answer|help me with)\b[^\n:.?]{0,40}|(?:i need|i have|here are|could you|can you|would you)\b[^\n:.?]{0,30}\b(?:things?|tasks?|questions?|requests?|jobs?|following|these)\b[^\n:.?]{0,20}|(?:two|three|2|3|some|a few|several) (?:things?|tasks?|questions?|requests?)[^\n:.?]{0,20}|to ?do)\s*:\s*/i;
const MARK = /^[ ]*(?:\(?[1-9][.)]|[-*•–])[ ]+/;

/** The items of a list that is all there is; null for a list with something else beside it. */
function listed(text: string): readonly Cut[] | null | undefined {
  const begin = ANNOUNCES.exec(text)?.[0].length ?? 0;
  const body = text.slice(begin);
  if (!MARK.test(body)) return begin > 0 || /^\s*(?:[1-9][.)]|[-*•])\s/m.test(body) ? null : undefined;
  const marks = /^\s*[-*•–]/.test(body)
    ? Array.from(body.matchAll(/^[ ]*[-*•–][ ]+/gm))
    : Array.from(body.matchAll(/(?:^|(?<=[\s,;]))\(?[1-9][.)][ ]+/g));
  if (!marks.every(([mark], i) => /[-*•–]/.test(mark) || mark.includes(String(i + 1)))) return null;
  const cuts = marks.map(({ index, 0: mark }, i) => ({
    from: begin + index + mark.length,
    to: begin + (marks[i + 1]?.index ?? body.length),
    own: false,
  }));
  return cuts.some(({ from, to }) => text.slice(from, to).trim().includes("\n")) ? null : cuts;
}

/** Where a sentence ends, and where one goes on with another thing. Nothing at all behind a colon. */
function sentences(text: string, reader: Reader): readonly Cut[] | undefined {
  if (/:\s/.test(text)) return undefined;
  const ends = Array.from(text.matchAll(/[.!?]+\s+|\n+\s*/g), ({ index, 0: mark }) => index + mark.length);
  const bounds = [0, ...ends, text.length];
  return bounds.slice(1).flatMap((to, i) => clauses(text, { from: bounds[i] ?? 0, to }, reader));
}

const isGreeting = (words: string): boolean =>
  words === "" ||
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?|thank you|many thanks|cheers|please)\b[\s\p{L},]{0,20}[.!]*$/iu.test(
    words,
  );

/**
 * Every piece has to ask for something, but what is handed over to be kept takes the rest, up to what plainly asks. What goes
 * on over several pieces stands as it was written.
 */
function gathered(
  text: string,
  pieces: Pieces["pieces"],
  { reader, isList }: { readonly reader: Reader; readonly isList: boolean },
): readonly Piece[] | undefined {
  const parts: (Piece & Span)[] = [];
  const upTo = (piece: Piece & Span, to: number) => ({
    ...piece,
    to,
    words: linkless(text.slice(piece.from, to)).words,
  });
  for (let i = 0; i < pieces.length; i += 1) {
    const piece = pieces[i];
    if (!piece) break;
    const kind = reader.kindOf(piece.words);
    const last = parts.at(-1);
    // A message goes on with what orders nothing.
    if (kind === "neither" && !isList && last && messageTo(last.words)) {
      parts.splice(-1, 1, upTo(last, piece.to));
      continue;
    }
    if (kind === "neither" || piece.words.split(/\s+/).length < FEWEST_WORDS) return undefined;
    if (kind === "asks" || isList) {
      parts.push(piece);
      continue;
    }
    const next = pieces.findIndex((other, j) => j > i && asksAnew(other, piece.words, reader));
    // Told first, it takes all: that is one thing.
    if (i === 0 && next < 0) return undefined;
    parts.push(upTo(piece, pieces[next]?.from ?? text.length));
    if (next < 0) return parts;
    i = next - 1;
  }
  return parts;
}
