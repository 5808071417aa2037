/** Where a text that is too long is cut: behind a line, a sentence, a word, and never inside of a character. */

type Grain = {
  /** What a good cut stands behind. */
  readonly end: RegExp;
  /** The earliest place, as a share of the room, at which such a cut is still worth the room that it leaves. */
  readonly earliest: number;
};

const WORD: Grain = { end: /[^\S\u00A0\u202F\u2060]+/g, earliest: 0.2 };

/** From the coarsest kind of place to the finest. */
export const PROSE: readonly Grain[] = [
  { end: /\n/g, earliest: 0.5 },
  { end: /(?:[.!?…]["'”’»)\]]*\s+|[。！？]["'”’」』)]*)/g, earliest: 0.4 },
  WORD,
];
/** Whole lines, if there are any. */
export const CODE: readonly Grain[] = [{ end: /\n/g, earliest: 0 }, WORD];

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * At most `most` units, at least 1 of a text that is longer: the last good place to cut at, tried from the coarsest kind
 * of the given ones on. White space stays before the cut.
 */
export function cutAt(text: string, most: number, grains: readonly Grain[]): number {
  if (text.length <= most) return text.length;
  const edge = edgeAt(text, most);
  const room = text.slice(0, edge);
  for (const grain of grains) {
    const from = Math.floor(edge * grain.earliest);
    const ends = [...room.slice(from).matchAll(grain.end)].map((end) => from + end.index + end[0].length);
    const end = ends.findLast((place) => edgeAt(text, place) === place);
    if (end !== undefined && end > 0) return end;
  }
  return edge;
}

/** The last border between two characters at or before this place; inside a character that is longer, between its signs. */
function edgeAt(text: string, place: number): number {
  // A character is short unless somebody made it long: looking at what is near keeps this quick.
  let from = Math.max(0, place - NEAR);
  while (from > 0 && isFlagHalf(text.charCodeAt(from))) from -= 1;
  const near = text.slice(from, place + NEAR);
  const start = from + (characters.segment(near).containing(place - from)?.index ?? near.length);
  if (start > from) return start;
  const code = text.charCodeAt(place);
  const isInside = code >= 0xdc00 && code <= 0xdfff && place > 1;
  return Math.max(1, isInside ? place - 1 : place);
}

const NEAR = 64;

/** Flags are pairs of signs, which only counting from their row's beginning tells apart. */
const isFlagHalf = (code: number): boolean => code === 0xd83c || (code >= 0xdde6 && code <= 0xddff);
