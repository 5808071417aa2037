/** Text that every database can keep. Used where words of people and of models come in. */

/** Without NUL characters, which PostgreSQL refuses; half of a surrogate pair becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}
