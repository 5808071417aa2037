/** Text that every database can keep. Used where words of people and of models come in. */

/** Without NUL characters, which PostgreSQL refuses; half of a surrogate pair becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

const PADDING = /\s{65,}/gu;
const MOST_BLANKS = 64;

/**
 * Without blanks that only fill: of more than 64 in a row the rest is left out. For whatever reads words by patterns, which
 * would else spend seconds on nothing but blanks. What is stored keeps them, and so does what a model reads of them: they may
 * lay out a table.
 */
export const unpadded = (text: string): string => text.replace(PADDING, (blanks) => blanks.slice(0, MOST_BLANKS));

/** The same of blanks that go over several lines: no table has so many empty ones. */
export const closedUp = (text: string): string =>
  text.replace(PADDING, (blanks) => (/[\n\r\u2028\u2029]/.test(blanks) ? blanks.slice(0, MOST_BLANKS) : blanks));

/** Which end of `whole` became this end of `unpadded(whole)`; undefined for words that are no end of it. */
export function paddedEnd(end: string, whole: string): string | undefined {
  if (!unpadded(whole).endsWith(end)) return undefined;
  let left = end.length;
  let at = whole.length;
  for (const { index, 0: blanks } of Array.from(whole.matchAll(PADDING)).toReversed()) {
    const words = at - (index + blanks.length);
    if (left < words + MOST_BLANKS) break;
    left -= words + MOST_BLANKS;
    at = index;
  }
  return whole.slice(at - left);
}
