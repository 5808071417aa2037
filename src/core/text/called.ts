/** How people who are mentioned stand in somebody's words. Used by adapters that read mentions. */

/** A word joiner: nobody sees it, and no word begins with it. */
const APART = "\u2060";

/** A person by the name they gave themselves; a name is no order. Words in which it stands go through `addressedToNone`. */
export const called = (name: string): string => `@${APART}${name.replaceAll(/\s+/g, " ").trim()}`;

/**
 * Words that begin with a mention of a person keep the joiner, so that somebody who calls themselves `librarian` is not
 * the agent `@librarian`. Elsewhere a mention addresses nobody and is written plainly.
 */
export const addressedToNone = (words: string): string => words.replaceAll(/(?<=\S\s*)@\u2060/gu, "@");
