/** An answer in sentences with their places, and what of it is quoted and not said. Used by the checks beside it. */

export type Sentence = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

const FENCED = /^[ \t]*(```+(?!`)|~~~+(?!~))[^\n]*\n[^]*?(?:^[ \t]*\1[ \t]*$|$(?![^]))/gm;
const QUOTED_LINE = /^[ \t]*>.*$/gm;
const QUOTED = /“[^“”]*”|„[^„“”]*[“”]|"[^"\n]*"|«[^«»]*»|»[^«»]*«/gu;
/** From here on it is a text for the person to use, not Nova that speaks. */
const DRAFT = /^[ \t]*(?:#+ )?[*_]*(?:Draft|Entwurf|Subject|Betreff)\b[^\n:]*:?[*_]*:?/im;

/** The same length, with what is quoted blanked out; all of it, when a quotation is all that there is. */
export function withoutQuotes(text: string): string {
  const unfenced = text.replaceAll(FENCED, blank).replaceAll(QUOTED_LINE, blank).replaceAll(QUOTED, blank);
  const draft = DRAFT.exec(unfenced)?.index;
  const own = draft === undefined ? unfenced : unfenced.slice(0, draft) + blank(unfenced.slice(draft));
  return /\p{L}/u.test(own) || draft !== undefined ? own : text;
}

export const withoutCode = (text: string): string => text.replaceAll(FENCED, blank);

export const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");

/** Sentences, list items, headings and cells of a table; what holds no letter and no digit is left out. */
export function sentencesIn(text: string): readonly Sentence[] {
  const found: Sentence[] = [];
  for (const match of text.matchAll(/[^\n|]+/g)) {
    for (const [start, end] of cut(match[0])) {
      const sentence = { text: match[0].slice(start, end), start: match.index + start, end: match.index + end };
      if (/[\p{L}\p{N}]/u.test(sentence.text)) found.push(sentence);
    }
  }
  return found;
}

const ABBREVIATED =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|ca|approx|no|nr|mr|mrs|ms|dr|prof|st|z\.\s?B|bzw|d\.\s?h|\d+|\p{L})\.$/iu;

function cut(line: string): readonly (readonly [number, number])[] {
  const pieces: [number, number][] = [];
  let start = 0;
  for (const { index, 0: stop } of line.matchAll(/(?<![.!?…])[.!?…]+["'”’»)\]*_]*(?=\s|$)/gu)) {
    const end = index + stop.length;
    if (ABBREVIATED.test(line.slice(Math.max(start, end - 12), end))) continue;
    pieces.push([start, end]);
    start = end;
  }
  if (start < line.length) pieces.push([start, line.length]);
  return pieces;
}

/** As it is compared: no marks of layout, nothing invisible, one kind of quotation mark, single spaces. */
export const bare = (text: string): string =>
  text
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll(/\\([\\`*_[\]<>~|&{}()#+.!-])/g, "$1")
    .replaceAll(/[*_`~]+/g, "")
    .replaceAll(/[’‘ʼ´]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();
