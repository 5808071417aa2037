/** Text that every database can keep. Used where words of people and of models come in. */

/** Without NUL characters, which PostgreSQL refuses; half of a surrogate pair becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

const PADDING = /\s{65,}/gu;
const MOST_BLANKS = 64;

/**
 * Without blanks that only fill: of more than 64 in a row the rest is left out. Whatever reads words by patterns would
 * else spend seconds on nothing but blanks.
 */
export const unpadded = (text: string): string => text.replace(PADDING, (blanks) => blanks.slice(0, MOST_BLANKS));
